/** The chat widget in a real browser, on pages as they are on the web, against a real gateway. */
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConversationId } from '#domain/ids.ts';
import { applicationsDirectory } from '#platform/installation/program.ts';
import { agent1, startChat } from '../doubles/chat.ts';
import { setup as buildApplications } from '../servers/applications.ts';
import { startBrowser } from '../servers/chromium.ts';

const BUILT = join(applicationsDirectory, 'chat-widget');

let browser: Browser & AsyncDisposable;

beforeAll(async () => {
  await buildApplications();
  browser = await startBrowser();
}, 120_000);
afterAll(() => browser[Symbol.asyncDispose]());

type Chat = Awaited<ReturnType<typeof startChat>>;

interface SiteOptions {
  /** Entry point documents that differ from a plain one. */
  readonly entryPoint?: Record<string, unknown>;
  /** Headers of the customer's page. */
  readonly headers?: Record<string, string>;
  readonly attributes?: string;
}

/** A gateway, and somebody's page that includes the widget. */
async function startSite({ entryPoint = {}, headers = {}, attributes = '' }: SiteOptions = {}) {
  await using life = new AsyncDisposableStack();
  const chat = life.use(await startChat());
  chat.configuration.put('entry-point', 'web', {
    name: 'The Parcel Shop',
    channel: 'web-chat',
    queue: 'sales',
    treatment: { greeting: 'Good day!' },
    ...entryPoint,
  });
  const page = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    response.end(
      `<!doctype html><html lang="en"><title>A shop</title><input aria-label="Search">
       <script src="http://${chat.host}/chat/widget.js" data-entry-point="web" ${attributes} async></script>`,
    );
  });
  await once(page.listen(0, '127.0.0.1'), 'listening');
  life.defer(() => {
    page.closeAllConnections();
    page.close();
  });
  const context = await browser.newContext();
  life.defer(() => context.close());
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`;
  const complaints: string[] = [];
  const running = life.move();
  return {
    chat,
    context,
    complaints,
    /** A tab with the chat open. */
    open: async (): Promise<Customer> => {
      const tab = await context.newPage();
      tab.on('pageerror', (error) => complaints.push(error.message));
      tab.on('console', (line) => {
        if (line.type() === 'error' && !line.text().includes('WebSocket'))
          complaints.push(line.text());
      });
      await tab.goto(url);
      await tab.getByRole('button', { name: 'Open the chat' }).click();
      return customerOn(tab);
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

interface Customer {
  readonly tab: Page;
  readonly frame: FrameLocator;
  write(text: string): Promise<void>;
  /** What the list shows, without names and times. */
  messages(): Promise<string[]>;
  conversation(): Promise<ConversationId>;
}

function customerOn(tab: Page): Customer {
  const frame = tab.frameLocator('iframe[title="Chat"]');
  const field = frame.getByRole('textbox', { name: 'Your message' });
  return {
    tab,
    frame,
    write: async (text) => {
      await field.fill(text);
      await field.press('Enter');
    },
    messages: async () =>
      (await frame.locator('.bubble > span:last-child').allInnerTexts()).slice(1), // behind the greeting
    conversation: async () => {
      const session = await frame
        .locator('body')
        .evaluate(() => localStorage.getItem('emcee.web') ?? '');
      const hex = Buffer.from(session, 'base64url').toString('hex', 0, 16);
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
      return ConversationId.parse(id);
    },
  };
}

const stored = async (chat: Chat, conversation: ConversationId): Promise<string[]> =>
  (await chat.desktop.call.read({ conversation, since: 0 })).messages.map(({ text }) => text);

test('loader and frame together are at most 15 kB gzipped: half of what was promised', () => {
  const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:html|js|css)$/.test(file),
  );
  const bytes = files.map((file) => gzipSync(readFileSync(join(BUILT, file)), { level: 9 }).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(15_360);
  expect(files).toContain('widget.js');
});

test('HTML in a message is text on both sides, links are safe, and nothing breaks the policy', async () => {
  await using site = await startSite();
  const { chat } = site;
  const customer = await site.open();
  const text =
    '<img src=x onerror=alert(1)><b>bold</b> https://a.example/x?y=1. javascript:alert(1)';
  await customer.write(text);
  await customer.frame.getByText(/Sent/).waitFor();
  const conversation = await customer.conversation();
  expect(await stored(chat, conversation)).toEqual([text]);
  chat.store.own(conversation, 'agent-1');
  await chat.agentSays(conversation, 'a1', '<script>alert(2)</script>');
  await expect.poll(() => customer.messages()).toHaveLength(2);
  const [own, theirs] = await customer.messages();
  expect(own).toContain('<img src=x onerror=alert(1)><b>bold</b>');
  expect(theirs).toBe('<script>alert(2)</script>');
  const links = customer.frame.getByRole('link');
  expect(await links.count()).toBe(1);
  expect(await links.getAttribute('href')).toBe('https://a.example/x?y=1');
  expect(await links.getAttribute('rel')).toContain('noopener');
  expect(await customer.frame.locator('.log :is(img, script, b)').count()).toBe(0);
  expect(site.complaints).toEqual([]);
});

test('M03: written while the network is gone, and sent once when it is back; also across a reload', async () => {
  await using site = await startSite();
  const { chat } = site;
  const customer = await site.open();
  await customer.write('one');
  await customer.frame.getByText(/Sent/).waitFor();
  const conversation = await customer.conversation();
  const mend = chat.cut();
  await customer.frame.getByText('Connection lost. Trying again …').waitFor();
  await customer.write('two');
  await customer.write('three');
  await customer.frame.getByText(/Sending …/).waitFor();
  await customer.tab.reload();
  await customer.tab.getByRole('button', { name: /Open the chat/ }).click();
  mend();
  await expect
    .poll(() => customer.messages(), { timeout: 20_000 })
    .toEqual(['one', 'two', 'three']);
  await customer.frame.getByText(/Sent/).waitFor();
  expect(await stored(chat, conversation)).toEqual(['one', 'two', 'three']);
}, 60_000);

test('M01: what the agent wrote while the connection was gone is there once, and in order', async () => {
  await using site = await startSite();
  const { chat } = site;
  const customer = await site.open();
  await customer.write('one');
  await customer.frame.getByText(/Sent/).waitFor();
  const conversation = await customer.conversation();
  chat.store.own(conversation, 'agent-1');
  const mend = chat.cut();
  await customer.frame.getByText('Connection lost. Trying again …').waitFor();
  for (const text of ['two', 'three']) await chat.agentSays(conversation, text, text);
  mend();
  await expect
    .poll(() => customer.messages(), { timeout: 20_000 })
    .toEqual(['one', 'two', 'three']);
  await chat.agentSays(conversation, 'four', 'four');
  await expect.poll(() => customer.messages()).toEqual(['one', 'two', 'three', 'four']);
}, 60_000);

test('several tabs are one conversation, whichever began it', async () => {
  await using site = await startSite();
  const { chat } = site;
  const one = await site.open();
  const two = await site.open();
  await one.write('from one');
  await expect.poll(() => two.messages()).toEqual(['from one']);
  await two.write('from two');
  await expect.poll(() => one.messages()).toEqual(['from one', 'from two']);
  const conversation = await one.conversation();
  expect(await two.conversation()).toBe(conversation);
  expect(await stored(chat, conversation)).toEqual(['from one', 'from two']);
});

test('the agent’s word neither takes the focus nor is missed: the launcher counts what is unread', async () => {
  await using site = await startSite();
  const { chat } = site;
  const customer = await site.open();
  await customer.write('Hello');
  await customer.frame.getByText(/Sent/).waitFor();
  const conversation = await customer.conversation();
  chat.store.own(conversation, 'agent-1');
  await customer.frame.getByRole('textbox', { name: 'Your message' }).press('Escape');
  const launcher = customer.tab.getByRole('button', { name: /Open the chat/ });
  await launcher.waitFor();
  expect(await launcher.evaluate((button) => button.matches(':focus'))).toBe(true);
  await customer.tab.getByRole('textbox', { name: 'Search' }).focus();
  await chat.agentSays(conversation, 'a1', 'Good day');
  await customer.tab.getByRole('button', { name: 'Open the chat, 1 unread' }).waitFor();
  const search = customer.tab.getByRole('textbox', { name: 'Search' });
  expect(await search.evaluate((input) => input.matches(':focus'))).toBe(true);

  const readMark = async (): Promise<number> =>
    (await chat.desktop.call.read({ conversation, since: 9 })).conversation.marks.customerRead;
  expect(await readMark()).toBe(1);
  await customer.tab.getByRole('button', { name: 'Open the chat, 1 unread' }).click();
  await expect.poll(readMark).toBe(2);
  const field = customer.frame.getByRole('textbox', { name: 'Your message' });
  expect(await field.evaluate((element) => element.matches(':focus'))).toBe(true);
});

test('one’s own messages show how far they have got; typing shows and goes', async () => {
  await using site = await startSite();
  const { chat } = site;
  const customer = await site.open();
  await customer.write('Hello');
  await customer.frame.getByText(/Sent/).waitFor();
  const conversation = await customer.conversation();
  chat.store.own(conversation, 'agent-1');
  await customer.frame.getByText('You are talking to Agent 1.').waitFor();
  await chat.desktop.call.mark({ conversation, party: 'agent', delivered: 1 });
  await customer.frame.getByText(/Delivered/).waitFor();
  await chat.desktop.call.mark({ conversation, party: 'agent', read: 1 });
  await customer.frame.getByText(/Read/).waitFor();
  const agent = { conversation, party: 'agent', agent: agent1 } as const;
  await chat.desktop.call.typing({ ...agent, typing: true });
  await customer.frame.getByText('Typing …').waitFor();
  await chat.desktop.call.typing({ ...agent, typing: false });
  await expect.poll(() => customer.frame.locator('.typing').innerText()).toBe('');
});

test('while nobody is there a message is left with an address, and a bad address is not taken', async () => {
  await using site = await startSite();
  const { chat } = site;
  chat.director.logOut('agent-1');
  const customer = await site.open();
  const { frame } = customer;
  await frame.getByText('Leave a message, and we will answer by e-mail.').waitFor();
  await frame.getByRole('textbox', { name: 'Your message' }).fill('Please call me');
  await frame.getByRole('textbox', { name: 'Your e-mail address' }).fill('nonsense');
  await frame.getByRole('button', { name: 'Leave a message' }).click();
  expect(await customer.messages()).toEqual([]);
  await frame.getByRole('textbox', { name: 'Your e-mail address' }).fill('customer@example.org');
  await frame.getByRole('button', { name: 'Leave a message' }).click();
  await frame.getByText('Thank you. We have your message and will answer by e-mail.').waitFor();
  const conversation = await customer.conversation();
  const { conversation: head } = await chat.desktop.call.read({ conversation, since: 0 });
  expect(head).toMatchObject({ offline: true, customerAddress: 'customer@example.org' });
});

test('P01: an open widget changes at once when agents come and go, and keeps what was written', async () => {
  await using site = await startSite();
  const { chat } = site;
  const { frame } = await site.open();
  const field = frame.getByRole('textbox', { name: 'Your message' });
  await field.fill('half a sent');
  chat.director.logOut('agent-1');
  await frame.getByRole('button', { name: 'Leave a message' }).waitFor();
  chat.director.logIn('agent-1');
  await frame.getByRole('button', { name: 'Send' }).waitFor();
  expect(await field.inputValue()).toBe('half a sent');
});

test('consent comes before the first word, and the end offers a new conversation', async () => {
  await using site = await startSite({ entryPoint: { treatment: { consent: 'We keep this.' } } });
  const { chat } = site;
  const customer = await site.open();
  const { frame } = customer;
  await frame.getByText('We keep this.').waitFor();
  expect(await frame.getByRole('textbox', { name: 'Your message' }).isVisible()).toBe(false);
  await frame.getByRole('button', { name: 'I agree' }).click();
  await frame.getByRole('textbox', { name: 'Your message' }).fill('one');
  await frame.getByRole('button', { name: 'Send' }).click();
  await frame.getByText(/Sent/).waitFor();
  const first = await customer.conversation();
  chat.store.close(first);
  await frame.getByRole('button', { name: 'Start a new conversation' }).click();
  await customer.write('two');
  await frame.getByText(/Sent/).waitFor();
  const second = await customer.conversation();
  expect(second).not.toBe(first);
  expect(await stored(chat, second)).toEqual(['two']);
});

test('a message over 32 kB is told before it is sent, and long words never widen the chat', async () => {
  await using site = await startSite();
  const customer = await site.open();
  const { frame } = customer;
  const field = frame.getByRole('textbox', { name: 'Your message' });
  await field.fill('é'.repeat(17_000));
  await frame.getByText('A message has at most 32 kB; this one has 34 kB.').waitFor();
  await field.press('Enter');
  expect(await customer.messages()).toEqual([]);
  await customer.write('x'.repeat(5_000));
  await frame.getByText(/Sent/).waitFor();
  const [scrolled, shown] = await frame
    .getByRole('log')
    .evaluate((log) => [log.scrollWidth, log.clientWidth]);
  expect(scrolled).toBe(shown);
});

test('a page with a strict policy of its own shows the launcher as it is meant', async () => {
  await using site = await startSite({
    headers: {
      'content-security-policy':
        "default-src 'none'; script-src http://127.0.0.1:*; frame-src http://127.0.0.1:*; style-src 'none'",
    },
  });
  const customer = await site.open();
  await customer.frame.getByRole('textbox', { name: 'Your message' }).waitFor();
  const launcher = customer.tab.getByRole('button', { name: 'Close the chat' });
  expect(await launcher.boundingBox()).toMatchObject({ width: 56, height: 56 });
});

test('only the pages an entry point names may show its chat', async () => {
  await using site = await startSite({ entryPoint: { origins: ['https://shop.example'] } });
  const customer = await site.open();
  await expect.poll(() => site.complaints.join()).toContain('frame-ancestors');
  expect(await customer.frame.getByRole('textbox', { name: 'Your message' }).count()).toBe(0);
});

test('the chat speaks German, and stands and reads from the right where the page does', async () => {
  await using site = await startSite({ attributes: 'data-language="de"' });
  const tab = await site.context.newPage();
  await tab.goto('about:blank');
  const { host } = site.chat;
  await tab.route('**/rtl', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="de" dir="rtl"><script src="http://${host}/chat/widget.js" data-entry-point="web" async></script>`,
    }),
  );
  await tab.goto(`http://${host}/rtl`);
  await tab.getByRole('button', { name: 'Chat öffnen' }).click();
  const frame = tab.frameLocator('iframe[title="Chat"]');
  await frame.getByRole('textbox', { name: 'Ihre Nachricht' }).waitFor();
  expect(await frame.locator('html').getAttribute('dir')).toBe('rtl');
  const box = await tab.getByRole('button', { name: 'Chat schließen' }).boundingBox();
  expect(box?.x).toBeLessThan(100);
});
