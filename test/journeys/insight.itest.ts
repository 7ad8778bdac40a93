/** Why work went where it went, and what would have been: on the board, at the command line, in the API. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { Explanation } from '#domain/work-item/explanation.ts';
import { emcee } from '../integration/emcee.ts';
import { barriersOf } from './accessibility.ts';
import { close, logIn, startLab, type Lab } from './lab.ts';

const PICTURES = '.cache/screens';

let lab: Lab;
let two: Page;
let board: Page;
let began: string;
/** A task of the queue Billing that Agent 2 has taken. */
let item: string;

beforeAll(async () => {
  began = new Date(Date.now() - 1_000).toISOString();
  lab = await startLab();
  await mkdir(PICTURES, { recursive: true });
  two = await lab.signIn('agent-2');
  board = await lab.signIn('agent-3', '/board');
  await logIn(lab.administrator, 'Lunch');
  await logIn(two);
  await newTask('An invoice to check');
  await two.getByRole('region', { name: 'Offers' }).getByRole('button', { name: 'Accept' }).click();
  await two.getByRole('complementary', { name: 'Customer' }).waitFor();
  const { items } = (await lab.call('GET', '/work-items')) as { items: { id: string }[] };
  item = items[0]?.id ?? '';
});
afterAll(() => lab[Symbol.asyncDispose]());

const newTask = (title: string): Promise<unknown> =>
  lab.call('POST', '/work-items', { id: newId(), queue: 'billing', task: { title } });

/** Takes a picture in both themes, and finds what stands in anybody's way. */
async function look(name: string): Promise<string[]> {
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await board.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await board.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
    barriers.push(...(await barriersOf(board)).map((b) => `${name}, ${colorScheme}: ${b}`));
  }
  return barriers;
}

async function openStory(name: RegExp) {
  const row = board.getByRole('region', { name: 'Contacts' }).getByRole('row', { name });
  await row.getByRole('button', { name: /^Actions for/ }).click();
  await board.getByRole('menuitem', { name: 'What happened', exact: true }).click();
  return board.getByRole('dialog', { name: 'What happened' });
}

test('the board says under an offer why nobody else got it, and answers for one agent', async () => {
  const story = await openStory(/An invoice to check/);
  await story.getByRole('button', { name: 'Why?' }).click();
  await story.getByText('1 not ready', { exact: true }).waitFor();
  await story.getByText('Agent 1 is not ready (Lunch)').waitFor();
  await story.getByText('1 not logged in', { exact: true }).waitFor();
  expect(await look('why')).toEqual([]);
  await story.getByRole('combobox', { name: 'Ask about an agent' }).click();
  await board.getByRole('option', { name: 'Agent 3' }).click();
  await story.getByText('Agent 3 was not logged in.').waitFor();
  await board.keyboard.press('Escape');
  if (await story.isVisible()) await board.keyboard.press('Escape');
  await story.waitFor({ state: 'hidden' });
});

test('the board says why a contact waits, and says so when it cannot be told', async () => {
  await two.getByRole('button', { name: /^Your state/ }).click();
  await two.getByRole('menuitem', { name: 'Meeting', exact: true }).click();
  await newTask('Another invoice');
  await board.route('**/explanation*', (route) => route.abort());
  const story = await openStory(/Another invoice/);
  await story.getByRole('button', { name: 'Why does it wait?' }).click();
  await story.getByText('This could not be explained').waitFor();
  expect(await look('why-failed')).toEqual([]);
  await board.unroute('**/explanation*');
  await story.getByRole('button', { name: 'Try again' }).click();
  await story.getByText('1 not ready as soon as work ends', { exact: true }).waitFor();
  await story.getByText('Agent 2 finishes work and is then not ready (Meeting)').waitFor();
  expect(await look('why-waits')).toEqual([]);
  await board.keyboard.press('Escape');
});

test('emcee explain says the same, in words and as JSON', async () => {
  const here = ['--data', lab.data];
  const words = await emcee(['explain', item, '--agent', 'agent-1', ...here]);
  expect(words.out).toContain('came into Billing at');
  expect(words.out).toMatch(/Offer 1 to Agent 2\n {2}why them {6}the only one who could take it/);
  expect(words.out).toMatch(/Agent 1 +is not ready \(Lunch\)/);
  const json = await emcee(['explain', item, '--json', ...here]);
  expect(Explanation.parse(JSON.parse(json.out)).decisions).toMatchObject([
    { offer: { agent: 'agent-2', isReproduced: true }, notLoggedIn: 1 },
  ]);
  expect(await emcee(['explain', 'nonsense', ...here])).toMatchObject({ code: 1 });
  const unknown = await emcee(['explain', '01990000-0000-7000-8000-000000000001', ...here]);
  expect(unknown.complaints).toContain('nothing is known of it');
});

test('emcee replay proves the day, and tries it with one agent more', async () => {
  const here = ['--data', lab.data, '--from', began];
  const proof = await emcee(['replay', ...here]);
  expect(proof).toMatchObject({ code: 0, complaints: '' });
  expect(proof.out).toMatch(/^(?:The only offer|All of \d+ offers) came out the same\.$/m);

  const wanted = (await lab.call('GET', '/configuration.txt')) as {
    documents: { agent: Record<string, object> };
  };
  const { 'agent-2': like } = wanted.documents.agent;
  wanted.documents.agent['agent-9'] = { ...like, name: 'Agent 9', login: 'agent9' };
  const file = join(lab.data, 'one-more.json');
  await writeFile(file, JSON.stringify(wanted));
  const tried = await emcee(['replay', '--change', file, ...here]);
  expect(tried.complaints).toBe('');
  expect(tried.out).toContain('Agent 9 is new, logged in and ready all the while.');
  expect(tried.out).toMatch(/ +as it was +model +with change\nAll queues\n {2}Offered +2 +2 +2\n/);
  await close(two);
});
