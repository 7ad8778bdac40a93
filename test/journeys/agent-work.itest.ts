/** An agent's day: everything that can be done with work, and what the customer and colleagues see of it. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
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

let lab: Lab;
/** The desks of Agent 1 and Agent 2. */
let one: Page;
let two: Page;

beforeAll(async () => {
  lab = await startLab();
  one = lab.administrator;
  two = await lab.signIn('agent-2');
  await logIn(one);
  await logIn(two, 'Break');
});
afterAll(() => lab[Symbol.asyncDispose]());

/** The only open work item. */
async function onlyItem(): Promise<OpenWorkItem> {
  const { items } = (await lab.call('GET', '/work-items')) as { items: OpenWorkItem[] };
  expect(items).toHaveLength(1);
  return items[0] as OpenWorkItem;
}

test('a canned text by its key reaches the customer, a note does not', async () => {
  const customer = await lab.customer();
  await customer.write('Are you there on Sundays?');
  await accept(one, 'Are you there on Sundays?');

  const field = one.getByRole('textbox', { name: 'Message' });
  await field.pressSequentially('/mom');
  await one.getByRole('option', { name: /One moment/ }).waitFor();
  await field.press('Enter');
  await expect.poll(() => field.inputValue()).toMatch(/^One moment please/);
  expect(
    await customer.chat
      .getByRole('log')
      .getByText(/One moment please/)
      .count(),
  ).toBe(0);
  await field.press('Enter');
  await customer.chat
    .getByRole('log')
    .getByText(/One moment please/)
    .waitFor();

  await one.getByRole('tab', { name: 'Notes' }).click();
  await one.getByRole('textbox', { name: 'Note' }).fill('Asks this every week');
  await one.getByRole('button', { name: 'Add note' }).click();
  await one.getByRole('tab', { name: 'Notes (1)' }).waitFor();
  await one.getByRole('paragraph').getByText('Asks this every week').waitFor();
  await one.getByRole('tab', { name: 'Conversation' }).click();
  await answer(one, 'No, we are not.');
  await customer.chat.getByRole('log').getByText('No, we are not.').waitFor();
  expect(await customer.chat.getByText('Asks this every week').count()).toBe(0);
  await close(one);
  await customer.chat.getByText('This conversation has ended.').first().waitFor();
});

test('work goes to another agent, then to another queue: its age is kept, and a code is a must there', async () => {
  const customer = await lab.customer();
  await customer.write('My invoice is wrong');
  await accept(one, 'My invoice is wrong');
  await customer.chat.getByText('You are talking to Agent 1.').waitFor();
  const { enteredAt } = await onlyItem();

  await setState(two, 'Ready');
  await one.getByRole('button', { name: 'Transfer' }).click();
  const dialog = one.getByRole('dialog', { name: 'Transfer' });
  await dialog.getByText('To an agent').click();
  await dialog.getByRole('combobox', { name: 'Agent' }).click();
  await one.getByRole('option', { name: 'Agent 2 — Ready' }).click();
  await dialog.getByRole('button', { name: 'Transfer' }).click();
  await hasNothing(one);
  await accept(two, 'My invoice is wrong');
  await customer.chat.getByText('You are talking to Agent 2.').waitFor();
  expect(await onlyItem()).toMatchObject({ enteredAt, agent: 'agent-2', state: 'accepted' });
  await answer(two, 'I ask the accountants.');
  await customer.chat.getByRole('log').getByText('I ask the accountants.').waitFor();

  await two.getByRole('button', { name: 'Transfer' }).click();
  const other = two.getByRole('dialog', { name: 'Transfer' });
  await other.getByRole('combobox', { name: 'Queue' }).click();
  await two.getByRole('option', { name: /^Billing/ }).click();
  await other.getByRole('button', { name: 'Transfer' }).click();
  await accept(one, 'I ask the accountants.');
  expect(await onlyItem()).toMatchObject({ enteredAt, agent: 'agent-1', queue: 'billing' });

  await one.getByRole('button', { name: 'Close', exact: true }).click();
  await one.getByRole('menuitem', { name: 'Solved' }).waitFor();
  expect(await one.getByRole('menuitem', { name: 'Without a code' }).count()).toBe(0);
  await one.getByRole('menuitem', { name: 'Solved' }).click();
  await customer.chat.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  const wrapUp = one.getByRole('region', { name: 'Wrap-up' });
  await wrapUp.getByRole('button', { name: 'Done' }).click();
  await wrapUp.waitFor({ state: 'hidden' });
  await setState(two, 'Break');
});

test('work that is set aside comes back when the customer writes, and when the agent wants it', async () => {
  const customer = await lab.customer();
  await customer.write('It does not start');
  await accept(one, 'It does not start');
  await one.getByRole('button', { name: 'Park' }).click();
  const dialog = one.getByRole('dialog', { name: /^Park/ });
  await dialog.getByRole('radio', { name: 'When the customer writes' }).check();
  await dialog.getByRole('button', { name: 'Park' }).click();
  const aside = one.getByRole('region', { name: 'Set aside' });
  await aside.getByText('until the customer writes').waitFor();
  await dialog.waitFor({ state: 'hidden' });

  await customer.write('The lamp is green now');
  await accept(one, 'The lamp is green now');
  await aside.waitFor({ state: 'hidden' });
  await customer.chat.getByText('You are talking to Agent 1.').waitFor();

  await one.getByRole('button', { name: 'Park' }).click();
  await dialog.getByRole('radio', { name: 'In an hour' }).check();
  await dialog.getByRole('button', { name: 'Park' }).click();
  await aside.getByText(/^until \d/).waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await one.getByRole('button', { name: 'Bring back now' }).click();
  await accept(one, 'The lamp is green now');
  expect(await onlyItem()).toMatchObject({ agent: 'agent-1', state: 'accepted' });
  await close(one);
});

test('work that is declined goes to a colleague', async () => {
  const customer = await lab.customer();
  await customer.write('Do you repair bicycles?');
  const offer = offersOf(one);
  await offer.getByRole('button', { name: 'Decline' }).waitFor();
  await setState(two, 'Ready');
  await offer.getByRole('button', { name: 'Decline' }).click();
  await one.getByRole('menuitem', { name: 'Not my subject' }).click();
  await offer.waitFor({ state: 'hidden' });
  await accept(two, 'Do you repair bicycles?');
  await customer.chat.getByText('You are talking to Agent 2.').waitFor();
  expect(await onlyItem()).toMatchObject({ agent: 'agent-2', state: 'accepted' });
  await close(two);
  await setState(two, 'Break');
});

test('P07: who does not answer a chat is not ready for chat, told so, and a colleague gets it', async () => {
  const { documents } = (await lab.call('GET', '/configuration/queue')) as {
    documents: { id: string; body: object }[];
  };
  const support = documents.find(({ id }) => id === 'support')?.body;
  const setTimeToAccept = (offerTimeout: number) =>
    lab.call('PUT', '/configuration/queue/support', { ...support, offerTimeout });
  await setTimeToAccept(2_000);
  const customer = await lab.customer();
  await customer.write('Anybody?');
  await offersOf(one).getByRole('button', { name: 'Accept' }).waitFor();
  await one.getByRole('button', { name: 'Your state: Ready, not for chat' }).waitFor();
  await one.getByText('Not ready for chat: did not answer').waitFor();
  await offersOf(one).waitFor({ state: 'hidden' });
  await setTimeToAccept(30_000);
  await setState(two, 'Ready');
  await accept(two, 'Anybody?');
  expect(await onlyItem()).toMatchObject({ agent: 'agent-2', state: 'accepted' });
  await close(two);
  await setState(two, 'Break');
  await one.getByRole('button', { name: 'Ready again' }).click();
  await one.getByText('Not ready for chat: did not answer').waitFor({ state: 'hidden' });
});

test('a second browser takes the station over, and the work with it', async () => {
  const customer = await lab.customer();
  await customer.write('Please wait for me');
  await accept(one, 'Please wait for me');
  const second = await lab.signIn('agent-1');
  await takeOver(second);
  await second.getByRole('log').getByText('Please wait for me').waitFor();
  await answer(second, 'Here I am.');
  await customer.chat.getByRole('log').getByText('Here I am.').waitFor();

  await takeOver(one);
  await one.getByRole('log').getByText('Here I am.').waitFor();
  await second.getByRole('button', { name: 'Take over' }).waitFor();
  await second.close();
  expect(await onlyItem()).toMatchObject({ agent: 'agent-1', state: 'accepted' });
  await close(one);
  await setState(one, 'Ready');
});

test('a page in the background, which draws no frames, tells of an offer', async () => {
  await one.evaluate('requestAnimationFrame = () => 0');
  const customer = await lab.customer();
  await customer.write('Do you hear me?');
  await expect.poll(() => one.title()).toBe('New contact · Emcee');
  await one.reload();
  await accept(one, 'Do you hear me?');
  await close(one);
});

test('a task comes in by the API, and tells its program when it is done', async () => {
  const panel = await lab.open('/control-panel#/integrations');
  await panel.getByRole('button', { name: 'New integration' }).click();
  await panel.getByRole('textbox', { name: 'Name' }).fill('Ticket system');
  await panel.getByRole('button', { name: 'Save' }).click();
  await panel.getByRole('button', { name: /^Ticket system/ }).click();
  await panel.getByRole('button', { name: 'Make a new token' }).click();
  const token = await panel.getByRole('dialog').locator('pre').innerText();
  await panel.close();

  const id = newId();
  const asked = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${lab.origin}/api/v1${path}`, { ...init, headers });
    expect(response.status).toBe(200);
    return response.json();
  };
  const task = {
    title: 'Call back about order 17',
    text: 'In the morning.',
    fields: [{ name: 'Order', value: '17' }],
    link: 'https://tickets.example/17',
  };
  const body = JSON.stringify({ id, queue: 'support', task });
  await asked('/work-items', { method: 'POST', body });
  await asked('/work-items', { method: 'POST', body }); // the answer to the first could have been lost
  await offersOf(one).getByText('Call back about order 17').waitFor();
  await offersOf(one).getByRole('button', { name: 'Accept' }).click();
  await one.getByRole('heading', { name: 'Call back about order 17' }).waitFor();
  await one.getByRole('row', { name: 'Order 17' }).waitFor();
  await one.getByRole('link', { name: /Open in the other program/ }).waitFor();
  await close(one);
  // The store hears of it by the director's journal, a moment after the agent has closed it.
  await expect
    .poll(() => asked(`/tasks/${id}`))
    .toMatchObject({ closedAt: expect.any(Number) as number });
  await setState(one, 'Break');
});

test('the whole journey without a mouse', async () => {
  const desk = await lab.signIn('agent-3');
  const { keyboard } = desk;
  await tabTo(desk, desk.getByRole('button', { name: 'Log in' }));
  await keyboard.press('Enter');
  await tabTo(desk, desk.getByRole('button', { name: /^Your state/ }));
  await keyboard.press('Enter');
  await arrowTo(desk, desk.getByRole('menuitem', { name: 'Ready', exact: true }));
  await keyboard.press('Enter');
  await desk.getByRole('button', { name: 'Your state: Ready' }).waitFor();

  const customer = await lab.customer();
  await customer.write('No mouse today');
  await offersOf(desk).getByText('No mouse today').waitFor();
  await keyboard.press('Alt+a');
  await desk.getByRole('log').getByText('No mouse today').waitFor();
  await keyboard.press('Alt+m');
  await keyboard.type('/bye');
  await desk.getByRole('option', { name: /Goodbye/ }).waitFor();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await customer.chat.getByRole('log').getByText('You are welcome. Have a good day!').waitFor();
  await tabTo(desk, desk.getByRole('button', { name: 'Close', exact: true }), 'Shift+Tab');
  await keyboard.press('Enter');
  await arrowTo(desk, desk.getByRole('menuitem', { name: 'Solved' }));
  await keyboard.press('Enter');
  await hasNothing(desk);
  await customer.chat.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  expect(await customer.chat.getByText('You are welcome.').count()).toBe(1);
});

/** Makes this browser the agent's station. */
async function takeOver(desk: Page): Promise<void> {
  await desk.getByRole('button', { name: 'Take over' }).click();
  const dialog = desk.getByRole('dialog', { name: 'You are logged in elsewhere' });
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await desk.getByRole('button', { name: /^Your state/ }).waitFor();
}

/** More stops than any of our pages has. */
const MOST_STOPS = 60;

/** Presses a key until the focus is where it should be; the next press waits until that is there. */
async function pressUntil(page: Page, target: Locator, key: string): Promise<void> {
  await target.waitFor();
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Cannot reach ${String(target)} with ${key}`);
}
const tabTo = (page: Page, target: Locator, key = 'Tab') => pressUntil(page, target, key);
const arrowTo = (page: Page, target: Locator) => pressUntil(page, target, 'ArrowDown');
