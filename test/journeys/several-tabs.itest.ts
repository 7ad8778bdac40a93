/** A customer with several tabs, a page loaded anew and a network that goes: it stays one conversation. */
import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { customerOf, type Customer } from './customer-page.ts';
import { accept, answer, close, logIn, startLab, type Lab } from './lab.ts';

let lab: Lab;
let desk: Page;
let first: Customer;
let second: Customer;
/** The sockets of the customer's tabs: "offline", as a browser is told to be, spares those that are open. */
const lines = new Set<WebSocketRoute>();

beforeAll(async () => {
  lab = await startLab();
  desk = lab.administrator;
  await logIn(desk);
  first = await lab.customer();
  // Only pages opened from now on are routed: loaded anew, before anything is written.
  await first.page.context().routeWebSocket('**/chat/socket', (line) => {
    line.connectToServer();
    lines.add(line);
  });
  await first.page.reload();
  await open(first);
});
afterAll(() => lab[Symbol.asyncDispose]());

/** What a customer's tab shows of the conversation, each message once where it is there once. */
const textsOf = ({ chat }: Customer): Promise<string[]> =>
  chat.locator('.bubble > span:last-child').allInnerTexts();

/** What the store has. */
async function storedTexts(): Promise<string[]> {
  const { items } = (await lab.call('GET', '/work-items')) as { items: OpenWorkItem[] };
  expect(items).toHaveLength(1);
  const { messages } = (await lab.call('GET', `/conversations/${items[0]?.conversation}`)) as {
    messages: { from: string; text: string }[];
  };
  return messages.filter(({ from }) => from !== 'system').map(({ text }) => text);
}

/** Opens the chat where the page does not do so by itself. */
async function open({ page }: Customer): Promise<void> {
  await page.getByRole('button', { name: /Open the chat/ }).click();
}

test('two tabs show one conversation, whichever is written in', async () => {
  const page = await first.page.context().newPage();
  await page.goto(first.page.url());
  second = customerOf(page);
  await open(second);
  await first.write('From the first tab');
  await accept(desk, 'From the first tab');
  await second.chat.getByRole('log').getByText('From the first tab').waitFor();
  await second.write('From the second tab');
  await desk.getByRole('log').getByText('From the second tab').waitFor();
  await first.chat.getByRole('log').getByText('From the second tab').waitFor();
  await answer(desk, 'To both');
  for (const { chat } of [first, second]) {
    await chat.getByRole('log').getByText('To both').waitFor();
  }
  expect(await textsOf(first)).toEqual(await textsOf(second));
  expect(await storedTexts()).toEqual(['From the first tab', 'From the second tab', 'To both']);
});

test('a page that is loaded anew goes on with it', async () => {
  const before = await textsOf(first);
  await first.page.reload();
  await open(first);
  await first.chat.getByRole('log').getByText('To both').waitFor();
  await expect.poll(() => textsOf(first)).toEqual(before);
  await first.chat.getByText('You are talking to Agent 1.').waitFor();
});

test('M03: what is written without a network arrives once, and what came meanwhile is there', async () => {
  const context = first.page.context();
  await context.setOffline(true);
  await Promise.all([...lines].map((line) => line.close()));
  await first.write('Written in a tunnel');
  await first.chat.getByText('Sending …').waitFor();
  await first.chat.getByText('Connection lost. Trying again …').waitFor();
  await answer(desk, 'Are you still there?');
  await desk.getByRole('log').getByText('Are you still there?').waitFor();
  expect(await desk.getByText('Written in a tunnel').count()).toBe(0);
  await context.setOffline(false);
  await desk.getByRole('log').getByText('Written in a tunnel').waitFor({ timeout: 30_000 });
  for (const { chat } of [first, second]) {
    await chat.getByRole('log').getByText('Are you still there?').waitFor({ timeout: 30_000 });
    await chat.getByRole('log').getByText('Written in a tunnel').waitFor();
  }
  const all = [
    'From the first tab',
    'From the second tab',
    'To both',
    'Are you still there?',
    'Written in a tunnel',
  ];
  expect(await storedTexts()).toEqual(all);
  await expect.poll(async () => (await textsOf(first)).toSorted()).toEqual(await withGreeting(all));
  await expect.poll(() => textsOf(second)).toEqual(await textsOf(first));
});

/** With what the chat itself says first. */
async function withGreeting(texts: readonly string[]): Promise<string[]> {
  const [greeting = ''] = await textsOf(second);
  return [greeting, ...texts].toSorted();
}

test('the end shows in both tabs, and the next conversation is one again', async () => {
  await close(desk);
  for (const { chat } of [first, second]) {
    await chat.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  }
  await second.chat.getByRole('button', { name: 'Start a new conversation' }).click();
  await second.write('Something else');
  await accept(desk, 'Something else');
  await first.chat.getByRole('log').getByText('Something else').waitFor();
  expect(await storedTexts()).toEqual(['Something else']);
  await close(desk);
});
