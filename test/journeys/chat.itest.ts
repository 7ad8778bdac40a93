/** The journey that this product is for: a customer writes, an agent answers, and nothing is lost on the way. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { freePort, startProgram, type RunningProgram } from './centre.ts';
import { customerOf, openChat, serveCustomerSite, type CustomerSite } from './customer-page.ts';
import { openDesktop, setUpCentre, type SetUp } from './set-up.ts';

let life: AsyncDisposableStack;
let browser: Awaited<ReturnType<typeof startBrowser>>;
let program: RunningProgram;
let centre: SetUp;
let site: CustomerSite;
let desktop: Page;

/** Browsers come back to the same port after a restart; all others are any free ones. */
let ports: string[];

beforeAll(async () => {
  life = new AsyncDisposableStack();
  browser = life.use(await startBrowser());
  ports = ['--set', `ports.desktop-http=${await freePort()}`];
  program = life.use(await startProgram({ words: ports }));
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  centre = await setUpCentre(browser, link);
  site = life.use(await serveCustomerSite(centre.origin, centre.entryPoint));
  desktop = await openDesktop(browser, centre.origin, 'agent1');
});
afterAll(() => life.disposeAsync());

/** How often a text stands in a list of messages. */
const count = (page: Pick<Page, 'getByRole'>, text: string): Promise<number> =>
  page.getByRole('log').getByText(text, { exact: true }).count();

test('a customer writes, an agent accepts, both talk, and the agent closes with a work code', async () => {
  const customer = await openChat(browser, site);
  await customer.write('Where is my <b>parcel</b>?');

  await desktop.getByRole('button', { name: 'Accept' }).click();
  await desktop.getByRole('log').getByText('Where is my <b>parcel</b>?').waitFor();
  await customer.chat.getByText('You are talking to Agent 1.').waitFor();
  await customer.chat.getByText(/Read/).waitFor();

  const field = desktop.getByRole('textbox', { name: 'Message' });
  await field.pressSequentially('On its way.');
  await customer.chat.getByText('Typing …').waitFor();
  await field.press('Enter');
  await customer.chat.getByRole('log').getByText('On its way.').waitFor();
  await desktop.getByText(/· Read$/).waitFor();

  await desktop.getByRole('button', { name: 'Close', exact: true }).click();
  await desktop.getByRole('menuitem', { name: 'Solved' }).click();
  await customer.chat.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  await desktop.getByText('Nothing in hand').waitFor();
  expect(await customer.chat.getByText('On its way.').count()).toBe(1);
});

test('kill -9 in the middle: widget and desktop come back by themselves, nothing is lost or doubled', async () => {
  const customer = await openChat(browser, site);
  await customer.write('First');
  await desktop.getByRole('button', { name: 'Accept' }).click();
  await desktop.getByRole('log').getByText('First').waitFor();

  await program.kill();
  await desktop.getByText('Connection lost, trying again').waitFor();
  await customer.write('Written while nobody was there');
  await desktop.getByRole('textbox', { name: 'Message' }).fill('Answered after it');
  program = life.use(await startProgram({ data: program.data, words: ports }));
  await program.printed(/ready/i);

  await desktop
    .getByRole('log')
    .getByText('Written while nobody was there')
    .waitFor({ timeout: 60_000 });
  await desktop.getByText('Connection lost, trying again').waitFor({ state: 'hidden' });
  await desktop.getByRole('button', { name: 'Send' }).click();
  await customer.chat.getByRole('log').getByText('Answered after it').waitFor();
  for (const text of ['First', 'Written while nobody was there', 'Answered after it']) {
    expect([
      text,
      await count(desktop, text),
      await customer.chat.getByText(text, { exact: true }).count(),
    ]).toEqual([text, 1, 1]);
  }

  await customer.page.reload(); // the widget resumes the conversation by itself
  await customer.page.getByRole('button', { name: /Open the chat/ }).click();
  await customerOf(customer.page).chat.getByRole('log').getByText('Answered after it').waitFor();
  await desktop.getByRole('button', { name: 'Close', exact: true }).click();
  await desktop.getByRole('menuitem', { name: 'Solved' }).click();
  await desktop.getByText('Nothing in hand').waitFor();
});

test('live figures and the history show what happened', async () => {
  const board = await centre.administrator.newPage();
  await board.goto(`${centre.origin}/board`);
  const row = board.getByRole('region', { name: 'Queues' }).getByRole('row', { name: /Support/ });
  await expect
    .poll(() => row.getByRole('cell').allInnerTexts(), { timeout: 20_000 })
    .toMatchObject({ 1: '0', 6: '2', 7: '2', 8: '0', 9: '100 %' });
  await expect
    .poll(() => board.getByText(/Nothing is lost/).innerText())
    .toMatch(/2 in = 2 closed \+ 0 open/);
});
