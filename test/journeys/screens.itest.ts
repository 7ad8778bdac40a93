/** Every screen, light and dark, as a person with a keyboard or a screen reader meets it. Pictures go to `.cache/screens`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { barriersOf } from './accessibility.ts';
import { startProgram, type RunningProgram } from './centre.ts';
import { openChat, serveCustomerSite } from './customer-page.ts';

const PICTURES = '.cache/screens';
const CONTROL_PANEL = [
  'agents',
  'queues',
  'skills',
  'entry-points',
  'opening-hours',
  'codes',
  'canned-texts',
  'mailboxes',
  'quarantine',
  'mail-templates',
  'contacts',
  'integrations',
  'webhooks',
  'organisation',
  'components',
  'promises',
  'seats',
  'changes',
];

let life: AsyncDisposableStack;
let browser: Awaited<ReturnType<typeof startBrowser>>;
let program: RunningProgram;
let origin: string;
let page: Page;

beforeAll(async () => {
  life = new AsyncDisposableStack();
  browser = life.use(await startBrowser());
  program = life.use(await startProgram({ command: 'lab' }));
  const [link] = await program.printed(/http\S+#sign-in=\S+/);
  origin = new URL(link).origin;
  await mkdir(PICTURES, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 } });
  page = await context.newPage();
  await page.goto(link);
  await page.getByRole('heading', { name: 'Lab' }).waitFor();
});
afterAll(() => life.disposeAsync());

/** Takes a picture in both themes, and finds what stands in anybody's way. */
async function look(name: string, at: Page = page): Promise<string[]> {
  const barriers: string[] = [];
  const frame = at.frames().find((each) => each.url().includes('/chat/frame'));
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await at.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`) });
    const found = [...(await barriersOf(at)), ...(frame ? await barriersOf(frame) : [])];
    barriers.push(...found.map((barrier) => `${name}, ${colorScheme}: ${barrier}`));
  }
  return barriers;
}

/** As `look`, in a window so high that the whole of a form shows. */
async function lookAtAll(name: string, form: Locator): Promise<string[]> {
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 1440, height: 2600 });
  await form.getByRole('button', { name: 'Save' }).waitFor();
  const barriers = await look(name);
  if (usual) await page.setViewportSize(usual);
  return barriers;
}

test('the lab has no barriers', async () => {
  const customer = page.frameLocator('iframe[title="A customer’s page"]');
  await customer.getByRole('button', { name: 'Open the chat' }).waitFor();
  expect(await look('lab')).toEqual([]);
});

test('sign-in has no barriers', async () => {
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(origin);
  await stranger.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await look('sign-in', stranger)).toEqual([]);
});

test.each(CONTROL_PANEL)('the control panel’s %s has no barriers', async (screen) => {
  await page.goto(`${origin}/control-panel#/${screen}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByLabel('Loading').waitFor({ state: 'hidden' });
  const barriers = await look(`control-panel-${screen}`);
  const create = page.getByRole('button', { name: /^New / });
  if ((await create.count()) > 0) {
    await create.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).waitFor();
    barriers.push(...(await look(`control-panel-${screen}-new`)));
  }
  expect(barriers).toEqual([]);
});

const LONG = 'Customers of the northern branches who called about an invoice';

test('the form of a queue has no barriers: empty, wrong and filled, with long names', async () => {
  const barriers: string[] = [];
  await page.goto(`${origin}/control-panel#/queues`);
  await page.getByRole('button', { name: 'New queue' }).click();
  const form = page.getByRole('dialog');
  for (const section of ['Routing', 'Limits', 'Announcements']) {
    await form.getByRole('button', { name: new RegExp(`^${section}`) }).click();
  }
  await form.getByText('By requirement').click();
  await form.getByRole('button', { name: 'Ask for something', exact: true }).click();
  await form.getByRole('button', { name: 'Ask for something else later' }).click();
  barriers.push(...(await lookAtAll('queue-form-empty', form)));

  await form
    .getByRole('textbox', { name: 'Name', exact: true })
    .fill(`${LONG} ${LONG}`.slice(0, 119));
  const requirement = form.getByRole('combobox', { name: 'Requirement' });
  await requirement.fill('billing>=5 and (sales');
  barriers.push(...(await look('queue-form-typing')));
  await form
    .getByRole('group', { name: /step 1/ })
    .getByLabel('Must')
    .fill('nobody-can');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('“)” is missing, at the end.').waitFor();
  barriers.push(...(await lookAtAll('queue-form-wrong', form)));

  await requirement.fill('billing>=5 or site: berlin | "New York"');
  await form.getByText(/Billing at level 5 or better or site is berlin or New York/).waitFor();
  await form
    .getByRole('group', { name: /step 1/ })
    .getByLabel('Must')
    .fill('billing>=8');
  await form
    .getByRole('group', { name: /step 2/ })
    .getByLabel('Must')
    .fill('billing');
  await form.getByRole('textbox', { name: 'At most so many wait' }).fill('0');
  barriers.push(...(await lookAtAll('queue-form-filled', form)));
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: LONG }).waitFor();
  barriers.push(...(await look('queues-with-a-long-name')));
  expect(barriers).toEqual([]);
});

test('the forms of agent, entry point and organisation have no barriers with all sections open', async () => {
  const barriers: string[] = [];
  await page.goto(`${origin}/control-panel#/agents`);
  await page.getByRole('button', { name: 'New agent' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('button', { name: /^Routing/ }).click();
  await form.getByRole('button', { name: 'Attribute', exact: true }).click();
  await form.getByLabel('Attribute 1', { exact: true }).fill('site');
  await form.getByLabel('Value of site').fill(LONG);
  barriers.push(...(await lookAtAll('agent-form', form)));

  await page.goto(`${origin}/control-panel#/entry-points`);
  await page.getByRole('button', { name: 'New entry point' }).click();
  await form.getByRole('button', { name: /^Routing/ }).click();
  barriers.push(...(await lookAtAll('entry-point-form', form)));

  await page.goto(`${origin}/control-panel#/organisation`);
  for (const section of ['Routing', 'Capacity']) {
    await page.getByRole('button', { name: new RegExp(`^${section}`) }).click();
  }
  barriers.push(...(await lookAtAll('organisation-form', page.getByRole('main'))));
  expect(barriers).toEqual([]);
});

test('desktop, board and chat have no barriers, empty and at work', async () => {
  const barriers: string[] = [];
  await page.goto(origin);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  barriers.push(...(await look('desktop-logged-out')));
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: /^Your state/ }).click();
  await page.getByRole('menuitem', { name: 'Ready', exact: true }).click();
  await page.getByRole('button', { name: /Your state: Ready/ }).waitFor();

  await using site = await serveCustomerSite(origin, 'website');
  const customer = await openChat(browser, site);
  await customer.chat.getByRole('textbox', { name: 'Your message' }).waitFor();
  barriers.push(...(await look('chat-empty', customer.page)));
  await customer.write(
    `Hello, ${'a rather long word'.replaceAll(' ', '')} ${'and more text '.repeat(12)}`,
  );
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  barriers.push(...(await look('desktop-offer')));
  await page.getByRole('button', { name: 'Accept' }).click();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('Good day. See https://example.org for more.');
  await field.press('Enter');
  await customer.chat.getByText(/Good day/).waitFor();
  barriers.push(...(await look('desktop-conversation')), ...(await look('chat', customer.page)));

  await page.getByRole('button', { name: 'Transfer' }).click();
  barriers.push(...(await look('desktop-transfer')));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Park' }).click();
  barriers.push(...(await look('desktop-park')));
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.goto(`${origin}/board`);
  await page.getByRole('region', { name: 'Contacts' }).getByRole('button').first().waitFor();
  barriers.push(...(await look('board')));
  expect(barriers).toEqual([]);
});
