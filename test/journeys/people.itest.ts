/** Several people on one contact: consulting, conferring, handing over, listening, barging in; and many contacts at once. */
import { mkdir } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { barriersOf } from './accessibility.ts';
import {
  accept,
  answer,
  close,
  hasNothing,
  logIn,
  offersOf,
  setState,
  startLab,
  type Lab,
} from './lab.ts';

const PICTURES = '.cache/screens';

/** As long as names are where nobody says stop. */
const TWO = 'Agent 2 of the northern branches, who answers for invoices, deliveries and returns';

let lab: Lab;
/** The desks of Agent 1 and Agent 2; Agent 3 supervises. */
let one: Page;
let two: Page;
let board: Page;

beforeAll(async () => {
  lab = await startLab();
  await mkdir(PICTURES, { recursive: true });
  const { documents } = (await lab.call('GET', '/configuration/agent')) as {
    documents: { id: string; body: object }[];
  };
  const body = documents.find(({ id }) => id === 'agent-2')?.body;
  await lab.call('PUT', '/configuration/agent/agent-2', { ...body, name: TWO });
  one = lab.administrator;
  two = await lab.signIn('agent-2');
  board = await lab.signIn('agent-3', '/board');
  await logIn(one);
  await logIn(two, 'Break');
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Pictures in both themes, and what stands in anybody's way. */
async function look(name: string, page: Page): Promise<string[]> {
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png` });
    barriers.push(...(await barriersOf(page)).map((b) => `${name}, ${colorScheme}: ${b}`));
  }
  return barriers;
}

async function items(): Promise<OpenWorkItem[]> {
  const { items: open } = (await lab.call('GET', '/work-items')) as { items: OpenWorkItem[] };
  return open;
}

const rowOf = (name: RegExp): Locator =>
  board.getByRole('region', { name: 'Contacts' }).getByRole('row', { name });

const log = (page: Page): Locator => page.getByRole('log');

test('R13: a colleague is consulted, let speak, and handed the customer over; the customer sees what is meant for them', async () => {
  const customer = await lab.customer();
  await customer.write('My lamp blinks');
  await accept(one, 'My lamp blinks');

  await one.getByRole('button', { name: 'Consult' }).click();
  const dialog = one.getByRole('dialog', { name: 'Consult' });
  await dialog.getByRole('combobox', { name: 'Colleague' }).click();
  await one.getByRole('option', { name: `${TWO} — Break` }).click();
  expect(await look('consult-dialog', one)).toEqual([]);
  await dialog.getByRole('button', { name: 'Ask them' }).click();
  await dialog.waitFor({ state: 'hidden' });

  const invitation = offersOf(two);
  await invitation.getByText('Agent 1 asks for your advice').waitFor();
  expect(await look('invitation', two)).toEqual([]);
  await invitation.getByRole('button', { name: 'Join' }).click();
  await log(two).getByText('My lamp blinks').waitFor();

  const whisper = two.getByRole('textbox', { name: 'Message to colleagues' });
  await whisper.fill('Ask for the serial number');
  await whisper.press('Enter');
  await log(one).getByText('Ask for the serial number').waitFor();
  expect(await look('consult-owner', one)).toEqual([]);
  expect(await look('consult-colleague', two)).toEqual([]);
  expect(await customer.chat.getByText('Ask for the serial number').count()).toBe(0);

  const people = one.getByRole('region', { name: 'Who takes part' });
  await people.getByRole('button', { name: `${TWO} · consulted` }).click();
  await one.getByRole('menuitem', { name: 'Let them speak to the customer' }).click();
  await two.getByText('To the customer').waitFor();
  await answer(two, 'Which number is on its back?');
  await log(one).getByText('Which number is on its back?').waitFor();
  await customer.chat.getByRole('log').getByText('Which number is on its back?').waitFor();

  await people.getByRole('button', { name: `${TWO} · in conference` }).click();
  await one.getByRole('menuitem', { name: 'Hand over to them' }).click();
  await hasNothing(one);
  await answer(two, 'I go on with you now.');
  await customer.chat.getByRole('log').getByText('I go on with you now.').waitFor();
  expect(await items()).toMatchObject([{ state: 'accepted', agent: 'agent-2' }]);
  await close(two);
  await customer.chat.getByText('This conversation has ended.').first().waitFor();
});

test('a transfer that the colleague declines comes back to who made it', async () => {
  const customer = await lab.customer();
  await customer.write('It is me again');
  await accept(one, 'It is me again');
  await setState(two, 'Ready');
  await one.getByRole('button', { name: 'Transfer' }).click();
  const dialog = one.getByRole('dialog', { name: 'Transfer' });
  await dialog.getByText('To an agent').click();
  await dialog.getByRole('combobox', { name: 'Agent', exact: true }).click();
  await one.getByRole('option', { name: `${TWO} — Ready` }).click();
  await dialog.getByRole('button', { name: 'Transfer' }).click();
  await hasNothing(one);
  await offersOf(two).getByRole('button', { name: 'Decline' }).click();
  const reason = two.getByRole('menuitem').first();
  await reason.click();
  await accept(one, 'It is me again');
  expect(await items()).toMatchObject([{ agent: 'agent-1', preferredAgent: 'agent-1' }]);
  await close(one);
  await setState(two, 'Break');
});

test('a supervisor listens, coaches and barges in; the customer notices the last alone', async () => {
  const customer = await lab.customer();
  await customer.write('I want my money back');
  await accept(one, 'I want my money back');
  const row = rowOf(/I want my money back/);
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await board.getByRole('menuitem', { name: 'Listen in' }).click();
  const drawer = board.getByRole('dialog');
  await drawer.getByText('I want my money back').waitFor();
  expect(await drawer.getByRole('textbox').count()).toBe(0);
  await one.getByText('Agent 3 · listening').waitFor();
  expect(await look('listen-in', board)).toEqual([]);

  await drawer.getByText('Coach', { exact: true }).click();
  await drawer.getByRole('textbox', { name: 'Message to colleagues' }).fill('Offer a voucher');
  await board.keyboard.press('Enter');
  await log(one).getByText('Offer a voucher').waitFor();
  expect(await customer.chat.getByText('Offer a voucher').count()).toBe(0);

  await drawer.getByText('Barge in', { exact: true }).click();
  await drawer.getByText('To the customer').waitFor();
  await drawer.getByRole('textbox', { name: 'Message' }).fill('You will have it tomorrow.');
  await board.keyboard.press('Enter');
  await customer.chat.getByRole('log').getByText('You will have it tomorrow.').waitFor();
  expect(await look('barge-in', board)).toEqual([]);
  await drawer.getByRole('button', { name: 'Leave', exact: true }).click();
  await drawer.waitFor({ state: 'hidden' });
  await expect.poll(async () => (await items())[0]?.participants).toEqual([]);
  await close(one);
});

test('many contacts are moved, put in order and closed at once; what was refused is named', async () => {
  await setState(one, 'Break');
  const texts = ['First of many', 'Second of many', 'Third of many'];
  for (const text of texts) await (await lab.customer()).write(text);
  await rowOf(/Third of many/).waitFor();
  for (const text of ['First of many', 'Second of many']) {
    await rowOf(new RegExp(text)).getByRole('checkbox').check();
  }
  const bar = board.getByRole('region', { name: 'Chosen contacts' });
  await bar.getByText('2 chosen').waitFor();
  expect(await look('bulk', board)).toEqual([]);
  await bar.getByRole('button', { name: 'Reorder' }).click();
  const question = board.getByRole('dialog');
  await question.getByRole('textbox', { name: 'Priority' }).fill('1');
  expect(await look('bulk-question', board)).toEqual([]);
  await question.getByRole('button', { name: 'Reorder 2 contacts' }).click();
  await question.waitFor({ state: 'hidden' });
  const inOrder = (await items()).filter(({ priority }) => priority === 1);
  expect(inOrder).toHaveLength(2);

  await board.getByRole('checkbox', { name: 'Choose all' }).check();
  await bar.getByText('3 chosen').waitFor();
  await bar.getByRole('button', { name: 'Move' }).click();
  await question.getByRole('combobox', { name: 'Queue' }).click();
  await board.getByRole('option', { name: 'Billing' }).click();
  // One is over before the supervisor says yes.
  const [gone] = inOrder;
  await board.route('**/work-items/many', async (route) => {
    await lab.call('POST', `/work-items/${gone?.id}/force-close`, {});
    await route.continue();
  });
  await question.getByRole('button', { name: 'Move 3 contacts' }).click();
  const refused = board.getByRole('dialog', { name: '1 was not done' });
  await refused.getByText('It was over before.').waitFor();
  expect(await look('bulk-refused', board)).toEqual([]);
  await board.keyboard.press('Escape');
  await refused.waitFor({ state: 'hidden' });
  await board.unroute('**/work-items/many');
  expect((await items()).map(({ queue }) => queue)).toEqual(['billing', 'billing']);

  await board.getByRole('checkbox', { name: 'Choose all' }).check();
  await bar.getByRole('button', { name: 'Force close' }).click();
  await question.getByRole('button', { name: 'Force close 2 contacts' }).click();
  await board.getByText('No contact is open.').waitFor();
  expect(await items()).toEqual([]);
});

test('two tasks of one matter are merged, and a second matter is split off', async () => {
  await setState(one, 'Ready');
  const create = (title: string, text: string) =>
    lab.call('POST', '/work-items', { id: newId(), queue: 'support', task: { title, text } });
  await create('Refund', 'The invoice is wrong');
  await offersOf(one).getByRole('button', { name: 'Accept' }).click();
  await one.getByText('The invoice is wrong').first().waitFor();
  await create('Refund again', 'The same invoice, once more');
  await expect.poll(async () => (await items()).length).toBe(2);

  await one.getByRole('button', { name: 'More actions' }).click();
  await one.getByRole('menuitem', { name: 'Split off a second matter' }).click();
  await expect.poll(async () => (await items()).length).toBe(3);
  const { items: all } = { items: await items() };
  const first = all.find(({ agent }) => agent === 'agent-1');
  expect(all.filter(({ splitFrom }) => splitFrom === first?.id)).toHaveLength(1);

  const again = all.find(({ conversation }) => conversation !== first?.conversation);
  await lab.call('POST', `/work-items/${again?.id}/merge`, { into: first?.id });
  await one.reload();
  await one.getByRole('region', { name: 'Merged: Refund again' }).waitFor();
  expect(await look('merged-task', one)).toEqual([]);
  await offersOf(one).getByRole('button', { name: 'Accept' }).click();
  await offersOf(one).waitFor({ state: 'hidden' });
  await one.getByRole('button', { name: 'More actions' }).click();
  await one.getByRole('menuitem', { name: 'Merge into …' }).click();
  const dialog = one.getByRole('dialog', { name: 'Merge' });
  await dialog.getByRole('combobox', { name: 'Into' }).click();
  await one.getByRole('option').first().click();
  expect(await look('merge-dialog', one)).toEqual([]);
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(async () => (await items()).length).toBe(1);
  await close(one);
});
