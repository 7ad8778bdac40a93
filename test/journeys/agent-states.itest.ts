/** What agents say of themselves, channel by channel, and what colleagues see of it: by keyboard, light and dark. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriersOf } from './accessibility.ts';
import { accept, answer, close, logIn, offersOf, startLab, type Lab } from './lab.ts';

const PICTURES = '.cache/screens';

let lab: Lab;
let one: Page;

beforeAll(async () => {
  lab = await startLab();
  one = lab.administrator;
  await logIn(one);
  await mkdir(PICTURES, { recursive: true });
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Takes a picture in both themes, and finds what stands in anybody's way. */
async function look(name: string, at: Page): Promise<string[]> {
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await at.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
    barriers.push(
      ...(await barriersOf(at)).map((barrier) => `${name}, ${colorScheme}: ${barrier}`),
    );
  }
  return barriers;
}

test('one channel is left out with a reason and taken in again, by keyboard alone', async () => {
  const state = one.getByRole('button', { name: /^Your state/ });
  await state.focus();
  await one.keyboard.press('Enter');
  const chat = one.getByRole('menuitem', { name: 'Not ready for chat', exact: true });
  await chat.waitFor();
  await chat.focus();
  await one.keyboard.press('Enter');
  const reason = one.getByRole('menuitem', { name: 'Not ready for chat: Break' });
  await reason.waitFor();
  await look('desktop-channels', one); // a menu stands outside of all landmarks, as menus do
  await reason.focus();
  await one.keyboard.press('Enter');
  await one.getByText('Not ready for chat: break').waitFor();
  await one.getByRole('button', { name: 'Your state: Ready, not for chat' }).waitFor();
  const barriers = await look('desktop-not-for-chat', one);

  const board = await lab.signIn('agent-1');
  await board.goto(new URL('/board', board.url()).href);
  await board.getByText('Not ready for chat: break').waitFor();
  barriers.push(...(await look('board-not-for-chat', board)));
  await board.close();
  expect(barriers).toEqual([]);

  const again = one.getByRole('button', { name: 'Ready again' });
  await again.focus();
  await one.keyboard.press('Enter');
  await again.waitFor({ state: 'hidden' });
});

test('a contact whose customer is silent is the customer’s turn, until they write', async () => {
  const customer = await lab.customer();
  await customer.write('Which number is on my contract?');
  await accept(one, 'Which number is on my contract?');
  await answer(one, 'Which contract is it?');
  await one.getByRole('button', { name: 'Await customer' }).click();
  await one.getByRole('button', { name: 'Customer’s turn', exact: true }).waitFor();
  await one.getByText('the customer’s turn').waitFor();
  expect(await look('desktop-awaiting', one)).toEqual([]);
  await customer.write('The old one');
  await one.getByRole('button', { name: 'Await customer' }).waitFor();
  await close(one);
});

test('P12: a device that failed takes its channel out, and is tried again with one click', async () => {
  await lab.call('PUT', '/me/devices/task', { fault: 'device-error' });
  await one.getByText('No tasks: device failed').waitFor();
  expect(await look('desktop-device', one)).toEqual([]);
  await one.getByRole('button', { name: 'Try again' }).click();
  await one.getByText('No tasks: device failed').waitFor({ state: 'hidden' });
});

test('an offer that is accepted by itself says so, and is in hand when its time is over', async () => {
  const { documents } = (await lab.call('GET', '/configuration/queue')) as {
    documents: { id: string; body: object }[];
  };
  const support = documents.find(({ id }) => id === 'support')?.body;
  await lab.call('PUT', '/configuration/queue/support', { ...support, autoAcceptAfter: 4_000 });
  const customer = await lab.customer();
  await customer.write('Does anybody answer by themselves?');
  await offersOf(one).getByText('Accepted by itself when the time is over').waitFor();
  expect(await look('desktop-auto-accept', one)).toEqual([]);
  await one.getByRole('log').getByText('Does anybody answer by themselves?').waitFor();
  await close(one);
});

test('who takes calls says at log-in what they ring at', async () => {
  const { documents } = (await lab.call('GET', '/configuration/agent')) as {
    documents: { id: string; body: { capacity: object } }[];
  };
  const body = documents.find(({ id }) => id === 'agent-2')?.body;
  const capacity = { ...body?.capacity, voice: 1 };
  await lab.call('PUT', '/configuration/agent/agent-2', { ...body, capacity });
  const two = await lab.signIn('agent-2');
  await two.getByRole('button', { name: 'Log in' }).click();
  const phone = two.getByRole('menuitem', { name: 'At my desk phone' });
  await phone.waitFor();
  await look('desktop-log-in', two);
  await phone.click();
  await two.getByRole('button', { name: /^Your state/ }).waitFor();
  const status = await lab.call('PUT', '/me/readiness', { state: 'ready' }, two);
  expect(status).toMatchObject({
    device: 'desk-phone',
    channels: expect.arrayContaining(['voice']),
  });
});
