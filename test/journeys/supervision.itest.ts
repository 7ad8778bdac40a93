/** What a supervisor sees and does on the board, and what agents and customers see of it. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, hasNothing, logIn, offersOf, setState, startLab, type Lab } from './lab.ts';

/** P02: what happens is on every screen within a second. */
const AT_ONCE = 1_000;

let lab: Lab;
/** Agent 3 supervises; Agent 2 works. */
let board: Page;
let two: Page;

beforeAll(async () => {
  lab = await startLab();
  two = await lab.signIn('agent-2');
  await logIn(two, 'Break');
  board = await lab.signIn('agent-3', '/board');
});
afterAll(() => lab[Symbol.asyncDispose]());

const rowOf = (panel: string, name: RegExp): Locator =>
  board.getByRole('region', { name: panel }).getByRole('row', { name });

/** Chooses in the menu of a row. */
async function act(row: Locator, name: string): Promise<void> {
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await board.getByRole('menuitem', { name, exact: true }).click();
}

test('a contact that waits is counted, and assigned to a named agent who is not ready', async () => {
  const customer = await lab.customer();
  await customer.write('Who is there?');
  const support = rowOf('Queues', /^Support/);
  await expect
    .poll(() => support.getByRole('cell').allInnerTexts(), { timeout: 10_000 })
    .toMatchObject({ 1: '1', 2: expect.stringMatching(/^0:\d\d$/) as string, 4: '0' });
  const contact = rowOf('Contacts', /Who is there\?/);
  await contact.getByText('Waiting').waitFor();
  await act(contact, 'Assign to …');
  const dialog = board.getByRole('dialog', { name: 'Assign' });
  await dialog.getByRole('combobox', { name: 'Agent' }).click();
  await board.getByRole('option', { name: 'Agent 2 — Break' }).click();
  await dialog.getByRole('button', { name: 'Assign' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await accept(two, 'Who is there?');
  await customer.chat.getByText('You are talking to Agent 2.').waitFor();
  await contact.getByText('With Agent 2').waitFor();
  await expect
    .poll(() => support.getByRole('cell').allInnerTexts(), { timeout: 10_000 })
    .toMatchObject({ 1: '0', 2: '–', 4: '1' });
});

test('its story says who was offered it, and why; pulled back it waits again, closed by force it is over', async () => {
  const contact = rowOf('Contacts', /Who is there\?/);
  await act(contact, 'What happened');
  const story = board.getByRole('dialog', { name: 'What happened' });
  await story.getByText('Came into Support with priority 5.').waitFor();
  await story.getByText(/^Offered to Agent 2 \(.+\)\.$/).waitFor();
  await story.getByText('With Agent 2.').waitFor();
  await board.keyboard.press('Escape');
  await story.waitFor({ state: 'hidden' });

  await act(contact, 'Pull back');
  await hasNothing(two);
  await contact.getByText('Waiting').waitFor();
  await setState(two, 'Ready');
  await accept(two, 'Who is there?');

  await act(contact, 'Force close …');
  const question = board.getByRole('dialog', { name: 'Force close' });
  await question.getByRole('button', { name: 'Force close' }).click();
  await hasNothing(two);
  await contact.waitFor({ state: 'hidden' });
  expect(await board.getByText('No contact is open.').isVisible()).toBe(true);
});

test('P02: an agent who is made not ready sees it within a second, one who is logged out too', async () => {
  const agent = rowOf('Agents', /^Agent 2/);
  await agent.getByText('Ready', { exact: true }).waitFor();
  await act(agent, 'Not ready: Meeting');
  await two.getByRole('button', { name: 'Your state: Meeting' }).waitFor({ timeout: AT_ONCE });
  await agent.getByText('Meeting').waitFor({ timeout: AT_ONCE });

  const customer = await lab.customer();
  await customer.write('Nobody is ready');
  await rowOf('Contacts', /Nobody is ready/)
    .getByText('Waiting')
    .waitFor();
  expect(await offersOf(two).isVisible()).toBe(false);
  await act(agent, 'Set ready');
  await accept(two, 'Nobody is ready');

  await act(agent, 'Log out');
  await two.getByRole('button', { name: 'Log in' }).waitFor({ timeout: AT_ONCE });
  await agent.waitFor({ state: 'hidden' });
  await rowOf('Contacts', /Nobody is ready/)
    .getByText('Waiting')
    .waitFor();
});
