/** What administrators and supervisors see of e-mail: mailboxes at a real mail server, templates, quarantine. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { startDovecot, type Dovecot } from '../servers/dovecot.ts';
import { ServerMissing } from '../servers/shared.ts';
import { skipOrFail } from '../servers/skip-or-fail.ts';
import { barriersOf } from './accessibility.ts';
import { startProgram } from './centre.ts';
import { setUpCentre } from './set-up.ts';

/** Longer than anything takes on a busy machine, short enough to learn of a fault. */
const WITHIN = 15_000;
const PICTURES = '.cache/screens';
const DENIED = 'advertising@example.org';
/** What the mailbox of the first tests is called and is reached at. */
const SUPPORT = { name: 'Support letters', address: 'letters@example.com' };

const life = new AsyncDisposableStack();
let origin: string;
let dovecot: Dovecot | undefined;
let missing = '';
let panel: Page;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  try {
    dovecot = life.use(await startDovecot({ relay: await startRelay() }));
  } catch (error) {
    if (!(error instanceof ServerMissing)) throw error;
    missing = error.message;
    return;
  }
  const browser = life.use(await startBrowser());
  const program = life.use(await startProgram());
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  const centre = await setUpCentre(browser, link);
  origin = centre.origin;
  centre.administrator.setDefaultTimeout(WITHIN);
  panel = await centre.administrator.newPage();
  await panel.goto(`${origin}/control-panel`);
});
afterAll(() => life.disposeAsync());
beforeEach(async (context) => {
  if (!dovecot) skipOrFail(context, missing);
  await panel.reload();
});

/** Takes whatever Dovecot's submission hands on. @returns Its port. */
async function startRelay(): Promise<number> {
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => stream.resume().once('end', () => done()),
  });
  const server = relay.listen(0, '127.0.0.1');
  await once(server, 'listening');
  life.defer(() => new Promise<void>((closed) => relay.close(closed)));
  return (server.address() as AddressInfo).port;
}

/** The mail server; tests without one are skipped. */
function mail(): Dovecot {
  if (!dovecot) throw new Error(missing);
  return dovecot;
}

const letter = (number: number | string, from = 'customer.1@example.org', more = ''): string =>
  [
    `From: Customer <${from}>`,
    `To: ${SUPPORT.address}`,
    `Subject: Letter ${number}`,
    `Message-ID: <${number}.${from}>`,
    `Date: ${new Date().toUTCString()}`,
    '',
    `The text of letter ${number}. ${more}`,
  ].join('\r\n');

const form = (): Locator => panel.getByRole('dialog');
const part = (name: string): Locator => form().getByRole('region', { name });
const rowOf = (name: string, page = panel): Locator =>
  page.getByRole('row').filter({ hasText: name });

async function show(screen: string): Promise<void> {
  const menu = panel.getByRole('navigation', { name: 'Control panel' });
  await menu.getByRole('link', { name: new RegExp(`^${screen}`) }).click();
  await panel.getByRole('heading', { level: 1, name: screen }).waitFor();
}

async function save(): Promise<void> {
  await form().getByRole('button', { name: 'Save' }).click();
  await form().waitFor({ state: 'hidden' });
}

/** Takes pictures in both themes of all that a window of that size shows, and finds what stands in anybody's way. */
async function look(name: string, size = { width: 1440, height: 860 }, at = panel): Promise<void> {
  const usual = at.viewportSize();
  await at.setViewportSize(size);
  await at.emulateMedia({ reducedMotion: 'reduce' });
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await at.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await at.screenshot({ path: join(PICTURES, `mail-${name}-${colorScheme}.png`) });
    barriers.push(...(await barriersOf(at)).map((each) => `${name}, ${colorScheme}: ${each}`));
  }
  if (usual) await at.setViewportSize(usual);
  expect(barriers).toEqual([]);
}
const WHOLE = { width: 1440, height: 2400 };
const NARROW = { width: 420, height: 2400 };

/** Calls the API as the administrator. */
async function call(method: string, path: string, data?: unknown): Promise<unknown> {
  const answer = await panel.request.fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { origin },
    ...(data === undefined ? {} : { data }),
  });
  const text = await answer.text();
  expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
  return text === '' ? undefined : JSON.parse(text);
}

async function bodyOf(kind: string, id: string): Promise<Record<string, unknown>> {
  const { documents } = (await call('GET', `/configuration/${kind}`)) as {
    documents: { id: string; body: Record<string, unknown> }[];
  };
  return documents.find((each) => each.id === id)?.body ?? {};
}

/** Changes a document as another administrator would, elsewhere. */
async function change(kind: string, id: string, some: Record<string, unknown>): Promise<void> {
  await call('PUT', `/configuration/${kind}/${id}`, { ...(await bodyOf(kind, id)), ...some });
}

async function choose(label: string, option: string): Promise<void> {
  await form().getByRole('combobox', { name: label }).click();
  await panel.getByRole('option', { name: option, exact: true }).click();
}

const openItems = async (): Promise<number> => {
  const { balance } = (await call('GET', '/board')) as { balance: { open: number } };
  return balance.open;
};

const healthOf = async (id: string): Promise<Record<string, unknown>> => {
  const { mailboxes } = (await call('GET', '/mailboxes')) as {
    mailboxes: ({ mailbox: string } & Record<string, unknown>)[];
  };
  return mailboxes.find(({ mailbox }) => mailbox === id) ?? {};
};

test('a new mailbox is tried before it is saved, and its mail becomes work', async () => {
  await show('Mailboxes');
  await panel.getByText('There is no mailbox yet.').waitFor();
  await look('none');
  await panel.getByRole('button', { name: 'New mailbox' }).click();
  await form().getByRole('button', { name: 'Try it' }).click();
  await form().getByText('Something is missing or wrong above.').waitFor();
  await look('mailbox-empty', WHOLE);

  await form().getByRole('textbox', { name: 'Name', exact: true }).fill(SUPPORT.name);
  await form().getByRole('textbox', { name: 'Address', exact: true }).fill(SUPPORT.address);
  expect(await part('Receiving').getByLabel('User').inputValue()).toBe(SUPPORT.address);
  await part('Receiving').getByRole('textbox', { name: 'Server' }).fill(mail().host);
  await part('Receiving').getByRole('textbox', { name: 'Port' }).fill(String(mail().ports.imaps));
  await part('Receiving').getByLabel('User').fill('letters');
  await part('Sending').getByRole('textbox', { name: 'Server' }).fill(mail().host);
  await part('Sending').getByRole('combobox', { name: 'Encryption' }).click();
  await panel.getByRole('option', { name: 'TLS', exact: true }).click();
  await part('Sending')
    .getByRole('textbox', { name: 'Port' })
    .fill(String(mail().ports.submissions));
  await part('Receiving').getByRole('textbox', { name: 'Password' }).fill('not the password');
  await form().getByRole('button', { name: 'Try it' }).click();
  await form().getByText('Receiving does not work').waitFor();
  await look('mailbox-untrusted', WHOLE);

  await form()
    .getByRole('button', { name: /^Details/ })
    .click();
  for (const use of ['receiving', 'sending']) {
    await form()
      .getByLabel(`Certificates of your own authority, for ${use}`)
      .fill(mail().authority);
  }
  await form().getByRole('button', { name: 'Try it' }).click();
  await form()
    .getByText(/password|signed in|sign-in/i)
    .first()
    .waitFor();
  await form().getByText('Receiving does not work').waitFor();
  await form().getByText('Sending does not work').waitFor();
  await look('mailbox-refused', WHOLE);

  await part('Receiving').getByRole('textbox', { name: 'Password' }).fill(mail().password);
  await form().getByText('Receiving does not work').waitFor({ state: 'hidden' });
  await form().getByRole('button', { name: 'Try it' }).click();
  await form().getByText('Receiving works').waitFor();
  await form().getByText('Sending works').waitFor();
  await form()
    .getByRole('button', { name: /^Room for 5 e-mails/ })
    .click();
  await panel.getByText('Every agent can have 5 e-mails at a time.').waitFor();
  await look('mailbox-tried', WHOLE);
  await look('mailbox-tried-narrow', NARROW);
  await save();

  await rowOf(SUPPORT.name).getByText('Good').waitFor();
  await mail().deliver('letters', letter(1));
  await expect.poll(openItems).toBe(1);
  await rowOf(SUPPORT.name).getByText('1 today').waitFor();
  await look('mailboxes');
});

test('a password is never shown again', async () => {
  await show('Mailboxes');
  await rowOf(SUPPORT.name)
    .getByRole('button', { name: new RegExp(`^${SUPPORT.name}`) })
    .click();
  await part('Receiving')
    .getByText(/^Kept since/)
    .waitFor();
  expect(await part('Receiving').getByRole('textbox', { name: 'Password' }).inputValue()).toBe('');
  await form()
    .getByText(/An ordinary e-mail comes in by the entry point/)
    .waitFor();
  await look('mailbox-stored', WHOLE);
  await panel.keyboard.press('Escape');
  const text = JSON.stringify([
    await call('GET', '/configuration/mailbox'),
    await call('GET', '/mailboxes/support-letters/secrets'),
  ]);
  expect(text).not.toContain(`"${mail().password}"`);
});

test('a mailbox that is refused says so wherever an administrator looks, and is good again at once', async () => {
  const edit = async (password: string): Promise<void> => {
    await show('Mailboxes');
    await rowOf(SUPPORT.name)
      .getByRole('button', { name: new RegExp(`^${SUPPORT.name}`) })
      .click();
    await part('Receiving').getByRole('textbox', { name: 'Password' }).fill(password);
    await save();
  };
  await edit('not the password');
  await rowOf(SUPPORT.name).getByText('Refused').waitFor();
  await rowOf(SUPPORT.name)
    .getByText(/does not let "letters" in/)
    .waitFor();
  await panel.getByRole('link', { name: 'Mailboxes : one needs you' }).waitFor();
  await look('mailboxes-refused');
  await show('Health');
  await panel.getByText('A mailbox needs you').waitFor();
  await look('health');
  await edit(mail().password);
  await rowOf(SUPPORT.name).getByText('Good').waitFor();
});

test('what the server has and we have not is found and fetched', async () => {
  await change('mailbox', 'support-letters', { largest: 100_000 });
  await mail().deliver('letters', letter(2, undefined, 'A long text. '.repeat(20_000)));
  await mail().deliver('letters', letter(3));
  await expect.poll(openItems).toBe(2);
  await show('Mailboxes');
  await rowOf(SUPPORT.name).getByRole('button', { name: /^Good/ }).click();
  await form().getByText('Every night it is.').waitFor();
  await look('state', WHOLE);
  await form().getByRole('button', { name: 'Look now' }).click();
  await panel.getByText('It is being looked at.').waitFor();
  await form().getByRole('button', { name: 'Compare now' }).click();
  await form().getByText('The server has 3, we hold 2 of them: 1 is not here.').waitFor();
  await form().getByText('Larger than the mailbox allows').waitFor();
  await look('gaps', WHOLE);
  await form().getByRole('checkbox').check();
  await form().getByRole('button', { name: 'Fetch 1 e-mail again' }).click();
  await panel.getByText('1 e-mail of 1 fetched.').waitFor();
  await expect.poll(openItems).toBe(3);
  await form().getByRole('button', { name: 'Compare now' }).click();
  await form().getByText('nothing is missing').waitFor();
  await panel.keyboard.press('Escape');
});

test('a template has a text for each language, and its slips are found while typing', async () => {
  await show('E-mail templates');
  await panel.getByRole('button', { name: 'New template' }).click();
  await form().getByRole('textbox', { name: 'Name', exact: true }).fill('We have your e-mail');
  await form().getByRole('combobox', { name: 'Place in the tree' }).fill('Automatic/First answer');
  await form().getByRole('textbox', { name: 'Key' }).fill('received');
  const text = form().getByRole('textbox', { name: 'Text', exact: true });
  await text.click();
  await panel.keyboard.type('Hello {{custmer.name}},');
  await form().getByText('{{custmer.name}} is no field').waitFor();
  await look('template-slip', WHOLE);
  await panel.keyboard.press('ControlOrMeta+a');
  await panel.keyboard.type('Hello ');
  await form().getByRole('button', { name: 'Insert a field' }).click();
  await look('template-fields');
  await panel.getByRole('menuitem', { name: /^The customer’s name/ }).click();
  await form().getByText('{{customer.name}}').waitFor();

  await form().getByRole('button', { name: 'Add a language' }).click();
  await form().getByRole('combobox', { name: 'Language' }).fill('en');
  await text.click();
  await panel.keyboard.type('Guten Tag,');
  await form().getByRole('button', { name: 'Save' }).click();
  await form().getByText('the language "en" is there twice').waitFor();
  await look('template-twice', WHOLE);
  await form().getByRole('combobox', { name: 'Language' }).fill('de');
  await form().getByRole('tab', { name: 'English' }).click();
  await form().getByText('Hello {{customer.name}}').waitFor();
  await save();
  await rowOf('We have your e-mail').getByText('/received').waitFor();
  await rowOf('We have your e-mail').getByText('English, German').waitFor();
  await panel.getByRole('rowheader', { name: 'First answer' }).waitFor();
  await look('templates');
  expect(await bodyOf('mail-template', 'we-have-your-e-mail')).toMatchObject({
    path: 'Automatic/First answer',
    versions: [
      { language: 'en', html: '<p>Hello {{customer.name}}</p>' },
      { language: 'de', html: '<p>Guten Tag,</p>' },
    ],
  });
});

test('an entry point asks for what its channel has, and tells mail apart', async () => {
  await show('Entry points');
  await panel.getByRole('button', { name: 'New entry point' }).click();
  await form().getByRole('textbox', { name: 'Name', exact: true }).fill('Returns');
  await form().getByText('Greeting').waitFor();
  await choose('Channel', 'E-mail');
  await form().getByText('Greeting').waitFor({ state: 'hidden' });
  await choose('Mail of these mailboxes', SUPPORT.name);
  await panel.keyboard.press('Escape');
  await choose('Answered by itself with', 'We have your e-mail');
  await form()
    .getByRole('button', { name: /^Which e-mails/ })
    .click();
  await form()
    .getByRole('textbox', { name: 'In the subject', exact: true })
    .fill('return\nsend back');
  await form().getByRole('textbox', { name: 'Rank' }).fill('100');
  await look('entry-point', WHOLE);
  await save();
  expect(await bodyOf('entry-point', 'returns')).toMatchObject({
    channel: 'email',
    mail: {
      mailboxes: ['support-letters'],
      subject: ['return', 'send back'],
      rank: 100,
      acknowledgement: 'we-have-your-e-mail',
    },
  });
  await show('E-mail templates');
  await rowOf('We have your e-mail').getByRole('button').click();
  await form().getByText('Of what comes in by “Returns”.').waitFor();
  await panel.keyboard.press('Escape');
});

test('a queue has a signature, a mailbox, and a list that agents may take from', async () => {
  await show('Queues');
  await rowOf('Support').getByRole('button').click();
  await form()
    .getByRole('button', { name: /^E-mail/ })
    .click();
  await choose('New e-mails are sent from', SUPPORT.name);
  await form().getByRole('textbox', { name: 'Signature' }).click();
  await panel.keyboard.type('{{agent.name}}, Example organisation');
  await form().getByRole('switch', { name: 'Agents may take e-mails from the list' }).check();
  await look('queue', WHOLE);
  await save();
  expect(await bodyOf('queue', 'support')).toMatchObject({
    mailbox: 'support-letters',
    signature: '<p>{{agent.name}}, Example organisation</p>',
    mayPull: true,
  });
});

test('quarantine: what is denied is released by an administrator, or dropped by a supervisor', async () => {
  await show('Quarantine');
  await panel.getByText('Nothing is held back.').waitFor();
  await look('quarantine-empty');
  await change('mailbox', 'support-letters', { senders: { denied: [DENIED] } });
  await mail().deliver('letters', letter('denied 1', DENIED), letter('denied 2', DENIED));
  await rowOf('Letter denied 1').getByText('The sender is denied').waitFor();
  await rowOf('Letter denied 2').waitFor();
  await look('quarantine');
  const before = await openItems();
  await rowOf('Letter denied 1').getByRole('checkbox').check();
  await panel.getByRole('button', { name: 'Release', exact: true }).click();
  await rowOf('Letter denied 1').waitFor({ state: 'hidden' });
  await expect.poll(openItems).toBe(before + 1);

  const board = await panel.context().newPage();
  await board.goto(`${origin}/board`);
  const held = board.getByRole('region', { name: 'Quarantine' });
  await held.getByRole('checkbox', { name: 'Choose all' }).check();
  await held.getByText('1 e-mail chosen').waitFor();
  await look('board', undefined, board);
  await held.getByRole('button', { name: /^Drop/ }).click();
  await board.getByRole('dialog').getByRole('button', { name: 'Drop' }).click();
  await held.waitFor({ state: 'hidden' });
  await board.close();
  expect(await openItems()).toBe(before + 1);
});

test('a storm is held back, and one click makes work of it', async () => {
  await change('mailbox', 'support-letters', {
    senders: {},
    loops: { storm: { most: 1, within: 60_000 } },
  });
  const before = await openItems();
  const letters = [11, 12, 13, 14].map((n) => letter(n, `customer.${n}@example.org`));
  await mail().deliver('letters', ...letters);
  await show('Mailboxes');
  const storm = panel.getByRole('alert').filter({ hasText: 'Far more mail than usual' });
  await storm.waitFor();
  await expect.poll(async () => (await healthOf('support-letters'))['fetchedToday']).toBe(9);
  await look('storm');
  await look('storm-narrow', { width: 420, height: 860 });
  await storm.getByRole('button', { name: 'Release all' }).click();
  await storm.waitFor({ state: 'hidden' });
  await expect.poll(openItems).toBe(before + 4);
});

test('a mailbox is made with the keyboard alone', async () => {
  await show('Mailboxes');
  await panel.getByRole('button', { name: 'New mailbox' }).focus();
  await panel.keyboard.press('Enter');
  await form().getByRole('button', { name: 'Save' }).waitFor();
  const next = async (text: string): Promise<void> => {
    await panel.keyboard.press('Tab');
    await panel.keyboard.type(text);
  };
  await form().getByRole('textbox', { name: 'Name', exact: true }).focus();
  await panel.keyboard.type('Only sends');
  await next('outgoing@example.com');
  await panel.keyboard.press('Tab'); // on "Another server"
  await panel.keyboard.press('ArrowLeft');
  await form()
    .getByText(/Microsoft wants an application/)
    .waitFor();
  await panel.keyboard.press('ArrowRight');
  await next(''); // how mail comes in
  await panel.keyboard.press('ArrowDown');
  await panel.keyboard.press('End');
  await panel.keyboard.press('Enter');
  await part('Receiving').getByLabel('User').waitFor({ state: 'hidden' });
  await form().getByRole('textbox', { name: 'Name', exact: true }).focus();
  await panel.keyboard.press('Enter');
  await part('Sending').getByText('This is missing.').waitFor();
});
