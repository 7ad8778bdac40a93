/** E-mail in the lab: a customer writes in its tab, an agent answers beside it, the customer answers back. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriersOf } from './accessibility.ts';
import { type Lab, startLab } from './lab.ts';

const PICTURES = '.cache/screens';

let lab: Lab;
let page: Page;

beforeAll(async () => {
  lab = await startLab();
  await mkdir(PICTURES, { recursive: true });
  page = await lab.open('/lab');
  await page.setViewportSize({ width: 1600, height: 900 });
}, 120_000);
afterAll(() => lab[Symbol.asyncDispose]());

/** Takes a picture in both themes, and finds what stands in anybody's way. */
async function look(name: string): Promise<string[]> {
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(PICTURES, `lab-email-${name}-${colorScheme}.png`) });
    barriers.push(...(await barriersOf(page)).map((each) => `${name}, ${colorScheme}: ${each}`));
  }
  return barriers;
}

test('a customer writes in the lab, gets a receipt and an answer, and answers that', async () => {
  const desk = page.frameLocator('iframe[title="The centre"]');
  await desk.getByRole('button', { name: 'Log in' }).click();
  await desk.getByRole('button', { name: /^Your state/ }).click();
  await desk.getByRole('menuitem', { name: 'Ready', exact: true }).click();

  await page.getByRole('tab', { name: 'E-mail' }).click();
  const letter = page.getByRole('form', { name: 'Letter' });
  const letters = page.getByRole('region', { name: 'Letters' }).getByRole('article');
  await letter.getByRole('textbox', { name: 'Subject' }).fill('Where is it?');
  await letter.getByRole('textbox', { name: 'Text' }).fill('My parcel 4711 has not come.');
  expect(await look('writing')).toEqual([]);
  await letter.getByRole('button', { name: 'Send' }).click();
  await letters.filter({ hasText: 'automatic' }).getByText('will answer soon').waitFor();

  await desk.getByRole('button', { name: 'Accept' }).click();
  await desk.getByRole('article').getByText('My parcel 4711 has not come.').waitFor();
  await desk.getByRole('button', { name: 'Reply', exact: true }).click();
  await desk.getByRole('textbox', { name: 'Text' }).pressSequentially('It comes tomorrow. ');
  await desk.getByRole('button', { name: 'Send' }).click();
  const answer = letters.filter({ hasText: 'It comes tomorrow.' });
  await answer.waitFor({ timeout: 30_000 });
  expect(await look('answered')).toEqual([]);

  await answer.getByRole('button', { name: 'Answer' }).click();
  await letter.getByRole('textbox', { name: 'Text' }).fill('I shall be at home.');
  await letter.getByRole('button', { name: 'Send the answer' }).click();
  await desk.getByRole('article').getByText('I shall be at home.').waitFor();

  await letter.getByRole('button', { name: 'Send', exact: true }).waitFor();
  await letter.getByRole('textbox', { name: 'To' }).fill('nobody@lab.example');
  await letter.getByRole('textbox', { name: 'Text' }).fill('Is anybody there?');
  await letter.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/The centre does not take it/).waitFor();
});
