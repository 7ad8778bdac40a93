/** What an administrator sets up in the control panel, and what it does for agents, customers and programs. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebhookReceiver } from '#servers/desktop-server/testing/webhook-receiver.ts';
import { accept, answer, close, logIn, offersOf, startLab, type Lab } from './lab.ts';
import { PASSWORD } from './set-up.ts';

let lab: Lab;
let panel: Page;
/** The desk of Agent 4, once there is one. */
let four: Page;

beforeAll(async () => {
  lab = await startLab(['--set', 'desktop-server.webhook-private-targets=true']);
  panel = await lab.open('/control-panel');
});
afterAll(() => lab[Symbol.asyncDispose]());

async function show(screen: string): Promise<void> {
  const menu = panel.getByRole('navigation', { name: 'Control panel' });
  await menu.getByRole('link', { name: screen, exact: true }).click();
  await panel.getByRole('heading', { level: 1, name: screen }).waitFor();
}

/** The row of a document's name. */
const rowOf = (name: string): Locator =>
  panel.getByRole('row').filter({ has: panel.getByText(name, { exact: true }) });

const form = (): Locator => panel.getByRole('dialog');

async function choose(label: string, option: string): Promise<void> {
  await form().getByRole('combobox', { name: label }).click();
  await panel.getByRole('option', { name: option, exact: true }).click();
}

/** Fills a form for a new document in, saves it, and sees it in the list. */
async function create(
  screen: string,
  one: string,
  texts: Readonly<Record<string, string>>,
  more: () => Promise<void> = async () => {},
): Promise<void> {
  await show(screen);
  await panel.getByRole('button', { name: `New ${one}` }).click();
  for (const [label, text] of Object.entries(texts)) {
    await form().getByRole('textbox', { name: label, exact: true }).fill(text);
  }
  await more();
  await form().getByRole('button', { name: 'Save' }).click();
  await form().waitFor({ state: 'hidden' });
  await rowOf(texts['Name'] ?? '').waitFor();
}

const edit = (name: string): Promise<void> =>
  rowOf(name)
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .click();

/** Hands a file to "From CSV". */
async function takeIn(csv: string): Promise<void> {
  const chooser = panel.waitForEvent('filechooser');
  await panel.getByRole('button', { name: 'From CSV' }).click();
  const buffer = Buffer.from(csv);
  await (await chooser).setFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer });
}

test('a new agent signs in with the password they were given, and has a seat', async () => {
  await create('Agents', 'agent', { Name: 'Agent 4', Login: 'agent4' });
  await edit('Agent 4');
  await form().getByRole('textbox', { name: 'New password' }).fill(PASSWORD);
  await form().getByRole('button', { name: 'Set', exact: true }).click();
  await panel.getByText('The password is set.').waitFor();
  await panel.keyboard.press('Escape');

  four = await (await lab.browser.newContext()).newPage();
  await four.goto(lab.origin);
  await four.getByLabel('Login').fill('agent4');
  await four.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await four.getByRole('button', { name: 'Sign in' }).click();
  await logIn(four, 'Break');
  await show('Seats');
  await panel.getByRole('row', { name: /agent.4/i }).waitFor();
  expect(await panel.getByRole('row', { name: /agent.2/i }).count()).toBe(0);
});

test('agents from CSV: a bad row is named and left out, the rest is taken', async () => {
  await show('Agents');
  await takeIn('login,name,roles\nagent5,Agent 5,agent\nagent6,Agent 6,wizard\nagent7,Agent 7,\n');
  await form().getByText('2 would be created, 0 changed, 1 left out.').waitFor();
  await form()
    .getByRole('row', { name: /^Line 3 / })
    .waitFor();
  expect(await rowOf('Agent 5').count()).toBe(0);
  await form().getByRole('button', { name: 'Take in' }).click();
  await rowOf('Agent 5').waitFor();
  await rowOf('Agent 7').waitFor();
  expect(await rowOf('Agent 6').count()).toBe(0);
});

test('a skill, its queue, hours, an entry point, a code and a canned text work together', async () => {
  await create('Skills', 'skill', { Name: 'Italian' });
  await create('Queues', 'queue', { Name: 'Italian letters' }, async () => {
    await form().getByText('By skill').click();
    await form().getByRole('switch', { name: 'Italian' }).check();
  });
  await create('Opening hours', 'schedule', { Name: 'Never open' }, async () => {
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) {
      await form()
        .getByRole('button', { name: `Remove these hours of ${day}` })
        .click();
    }
  });
  const consent = 'We keep what you write for a year.';
  const texts = { Name: 'Italian chat', 'Consent asked before the first message': consent };
  await create('Entry points', 'entry point', texts, async () => {
    await choose('Queue', 'Italian letters');
    await choose('Opening hours', 'Never open');
  });
  await create('Codes', 'code', { Name: 'Translated' });
  await create('Canned texts', 'canned text', { Name: 'Saluto', Key: 'ciao', Text: 'Buongiorno!' });
  await show('Agents');
  await edit('Agent 4');
  await form().getByRole('switch', { name: 'Italian' }).check();
  await form().getByRole('button', { name: 'Save' }).click();
  await rowOf('Agent 4').getByText('Italian 5').waitFor();

  const customer = await lab.customer('italian-chat');
  await customer.chat.getByText(consent).waitFor();
  expect(await customer.chat.getByRole('textbox', { name: 'Your message' }).isVisible()).toBe(
    false,
  );
  await customer.chat.getByRole('button', { name: 'I agree' }).click();
  await customer.chat.getByText('Nobody is here right now').first().waitFor();
  await customer.chat
    .getByRole('textbox', { name: 'Your e-mail address' })
    .fill('customer.1@example.com');
  await customer.write('C’è un pacco per me?');
  await customer.chat.getByText('Thank you. We have your message').waitFor();

  await logIn(lab.administrator); // has no Italian
  await four.getByRole('button', { name: 'Go ready' }).click();
  await accept(four, 'C’è un pacco per me?');
  expect(await offersOf(lab.administrator).isVisible()).toBe(false);
  await answer(four, '/ciao');
  await expect
    .poll(() => four.getByRole('textbox', { name: 'Message' }).inputValue())
    .toBe('Buongiorno!');
  await four.getByRole('textbox', { name: 'Message' }).press('Enter');
  await customer.chat.getByRole('log').getByText('Buongiorno!').waitFor();
  await close(four, 'Translated');
});

test('what is retired is out of use, and can be brought back', async () => {
  const codes = async () => {
    const { documents } = (await lab.call('GET', '/configuration/code')) as {
      documents: { id: string }[];
    };
    return documents.map(({ id }) => id);
  };
  await show('Codes');
  await edit('Translated');
  await form().getByRole('button', { name: 'Retire' }).click();
  await rowOf('Translated').waitFor({ state: 'hidden' });
  expect(await codes()).not.toContain('translated');
  await panel.getByRole('switch', { name: 'Show retired' }).check();
  await rowOf('Translated').getByText('Retired').waitFor();
  await edit('Translated');
  await form().getByRole('button', { name: 'Use again' }).click();
  await rowOf('Translated').getByText('Retired').waitFor({ state: 'hidden' });
  expect(await codes()).toContain('translated');
});

test('what is retired keeps its id: another of its name gets one of its own', async () => {
  await create('Skills', 'skill', { Name: 'Finnish' });
  await edit('Finnish');
  await form().getByRole('button', { name: 'Retire' }).click();
  await rowOf('Finnish').waitFor({ state: 'hidden' });
  await create('Skills', 'skill', { Name: 'Finnish' });
  await rowOf('Finnish').getByText('finnish-2', { exact: true }).waitFor();
  expect(await rowOf('Finnish').count()).toBe(1);
});

test('contacts from CSV are found by digits', async () => {
  await show('Contacts');
  await takeIn(
    'name,phone,email\nCustomer 1,+49 30 1234567,customer.1@example.org\nCustomer 2,+49 89 7654321,\n',
  );
  await form().getByRole('button', { name: 'Take in' }).click();
  await panel.getByText('2 created, 0 changed.').waitFor();
  const search = panel.getByRole('textbox', { name: 'Search contacts' });
  await search.fill('customer');
  await rowOf('Customer 2').waitFor();
  await search.fill('030 12345');
  await rowOf('Customer 2').waitFor({ state: 'hidden' });
  await rowOf('Customer 1').waitFor();
  expect(await rowOf('Customer 1').innerText()).toContain('customer.1@example.org');
});

test('a webhook is told what happens, and its screen says so', async () => {
  await using receiver = new WebhookReceiver();
  await receiver.start();
  await create('Webhooks', 'webhook', { Name: 'Archive', Address: receiver.url });
  await four.getByRole('button', { name: /^Your state/ }).click();
  await four.getByRole('menuitem', { name: 'Lunch', exact: true }).click();
  await expect
    .poll(() => receiver.types(), { timeout: 10_000 })
    .toContain('agent.readiness-changed');
  await edit('Archive');
  const delivery = form().getByRole('row', { name: /^agent\.readiness-changed/ });
  await delivery
    .getByText(/^Delivered/)
    .first()
    .waitFor();
  await panel.keyboard.press('Escape');
  await form().waitFor({ state: 'hidden' });
});

test('health says that every component is good', async () => {
  await show('Health');
  await panel.getByText('media-director', { exact: true }).waitFor();
  const { components } = (await lab.call('GET', '/system/components')) as {
    components: { state: string }[];
  };
  expect(await panel.getByText('Good', { exact: true }).count()).toBe(components.length);
  expect(components.filter(({ state }) => state !== 'good')).toEqual([]);
});
