/** Waiting in line: places and waits that are told, limits, overflow, opening hours, and what becomes of who is too many. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { startProgram } from './centre.ts';
import { openChat, serveCustomerSite, type Customer, type CustomerSite } from './customer-page.ts';
import { setUpCentre, type SetUp } from './set-up.ts';

const PICTURES = '.cache/screens';
const ALWAYS = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }]);
const NEVER = Array.from({ length: 7 }, () => []);

let life: AsyncDisposableStack;
let browser: Awaited<ReturnType<typeof startBrowser>>;
let centre: SetUp;
let site: CustomerSite;
let administrator: Page;

beforeAll(async () => {
  life = new AsyncDisposableStack();
  browser = life.use(await startBrowser());
  const program = life.use(await startProgram());
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  centre = await setUpCentre(browser, link);
  site = life.use(await serveCustomerSite(centre.origin, centre.entryPoint));
  administrator = await centre.administrator.newPage();
  await administrator.goto(`${centre.origin}/board`);
  await mkdir(PICTURES, { recursive: true });
});
afterAll(() => life.disposeAsync());

/** What is configured, as an administrator's program would. */
async function configure(kind: string, id: string, body: object): Promise<void> {
  const status = await administrator.evaluate(
    async ([path, json]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/api/v1${path}`, { method: 'PUT', headers, body: json })).status;
    },
    [`/configuration/${kind}/${id}`, JSON.stringify(body)] as const,
  );
  expect([kind, id, status]).toEqual([kind, id, 200]);
}

/** The queue that the entry point leads to. */
async function queueOfEntryPoint(): Promise<string> {
  const documents = await administrator.evaluate(async () => {
    const answer = await fetch('/api/v1/configuration/entry-point');
    return ((await answer.json()) as { documents: { body: { queue: string } }[] }).documents;
  });
  return documents[0]?.body.queue ?? '';
}

async function picture(customer: Customer, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await customer.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await customer.page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
  }
}

/** The rows of the board: the queue's name, and how many wait. */
const waiting = async (): Promise<string[]> => {
  const rows = await administrator.getByRole('region', { name: 'Queues' }).getByRole('row').all();
  const cells = await Promise.all(
    rows.slice(1).map((row) => row.getByRole('cell').allInnerTexts()),
  );
  return cells.map(([name, count]) => `${name} ${count}`).toSorted();
};

test('R14, P06: the second chat overflows, the third leaves a message, and all three are kept', async () => {
  const queue = await queueOfEntryPoint();
  const announcements = { place: 'You are number {place} in the line.', wait: '' };
  await configure('queue', 'second', { name: 'Second line', limits: { waiting: 1 } });
  await configure('queue', queue, {
    name: 'First line',
    limits: { waiting: 1 },
    overflow: 'second',
    announcements,
  });
  // somebody is there, but not ready
  const agent = await browser.newPage();
  await agent.goto(centre.origin);
  await agent.getByLabel('Login').fill('agent1');
  await agent.getByRole('textbox', { name: 'Password' }).fill('a long enough password');
  await agent.getByRole('button', { name: 'Sign in' }).click();
  await agent.getByRole('button', { name: 'Log in' }).click();

  const first = await openChat(browser, site);
  const third = await openChat(browser, site);
  await first.write('I am the first');
  await first.chat.getByText('You are number 1 in the line.').waitFor();
  await picture(first, 'chat-waiting');
  const second = await openChat(browser, site);
  await second.write('I am the second');
  await expect.poll(waiting, { timeout: 20_000 }).toEqual(['First line 1', 'Second line 1']);

  await third.chat.getByText('Everybody is busy right now').first().waitFor();
  await picture(third, 'chat-full');
  await third.chat.getByPlaceholder('Your e-mail address').fill('third@example.org');
  await third.write('I am the third');
  await third.chat.getByText(/We have your message/).waitFor();
  await expect.poll(waiting, { timeout: 20_000 }).toEqual(['First line 2', 'Second line 1']);
});

test('R14: of two who write at the same moment one waits; the other is asked where to answer to', async () => {
  const place =
    'Thank you for your patience: you are number {place} in the line, and we take everybody in turn.';
  await configure('queue', 'narrow', {
    name: 'Narrow line',
    limits: { waiting: 1 },
    announcements: { place, wait: '' },
  });
  await configure('entry-point', centre.entryPoint, {
    name: 'Website',
    channel: 'web-chat',
    queue: 'narrow',
  });
  const both = [await openChat(browser, site), await openChat(browser, site)];
  for (const { chat } of both) await chat.getByText('We are here for you.').waitFor();
  await Promise.all(both.map((customer) => customer.write('Now!')));
  const asked = ({ chat }: Customer) => chat.getByRole('button', { name: 'Leave the address' });
  await expect
    .poll(async () => Math.max(...(await Promise.all(both.map((one) => asked(one).count())))))
    .toBe(1);
  expect(await Promise.all(both.map((one) => asked(one).count()))).toContain(0);
  const isFirst = (await asked(both[0] as Customer).count()) === 0;
  const [lucky, other] = (isFirst ? both : both.toReversed()) as [Customer, Customer];
  await lucky.chat.getByText(/you are number 1 in the line/).waitFor();
  await picture(lucky, 'chat-waiting-long');
  await other.chat.getByText('Everybody is busy right now').waitFor();
  await other.chat.getByRole('log').getByText('Now!').waitFor();
  await picture(other, 'chat-turned-away');
  await other.chat.getByPlaceholder('Your e-mail address').fill('other@example.org');
  await asked(other).click();
  await other.chat.getByText(/We have your message/).waitFor();
  await picture(other, 'chat-address-left');
  await expect.poll(waiting, { timeout: 20_000 }).toContain('Narrow line 2');
  const contacts = administrator.getByRole('region', { name: 'Contacts' });
  await contacts
    .getByRole('row', { name: /Now!/ })
    .getByText(/left a message/)
    .waitFor();
});

test('P06: who is writing when the hours end may leave what they wrote', async () => {
  await configure('schedule', 'hours', { name: 'Hours', timeZone: 'UTC', week: ALWAYS });
  await configure('queue', 'narrow', { name: 'Narrow line', schedule: 'hours' });
  const late = await openChat(browser, site);
  await late.chat.getByText('We are here for you.').waitFor();
  const field = late.chat.getByRole('textbox', { name: 'Your message' });
  await field.fill('Is anybody still there?');
  await configure('schedule', 'hours', { name: 'Hours', timeZone: 'UTC', week: NEVER });
  await late.chat.getByText('Nobody is here right now').first().waitFor();
  expect(await field.inputValue()).toBe('Is anybody still there?');
  await late.chat.getByPlaceholder('Your e-mail address').fill('late@example.org');
  await late.chat.getByRole('button', { name: 'Leave a message' }).click();
  await late.chat.getByText(/We have your message/).waitFor();
});
