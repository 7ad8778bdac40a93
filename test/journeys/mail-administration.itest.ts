/** What administrators and supervisors see of e-mail: mailboxes at a real mail server, templates, quarantine. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { ServerMissing } from '../servers/shared.ts';
import { skipOrFail } from '../servers/skip-or-fail.ts';
import { startMailCentre, type MailCentre } from './mail-centre.ts';

const DENIED = 'advertising@example.org';
/** What the mailbox of all tests is called and is reached at. */
const SUPPORT = { name: 'Support letters', address: 'letters@example.com' };
/** Until a mailbox is looked at and what was delivered is work, on a busy machine. */
const FILED = { timeout: 60_000 };
/** Windows so high that the whole of a form shows. */
const WHOLE = { width: 1440, height: 2400 };
const NARROW = { width: 420, height: 2400 };

vi.setConfig({ testTimeout: 240_000 });

let centre: MailCentre;
let missing: string | undefined;
let panel: Page;

beforeAll(async () => {
  try {
    centre = await startMailCentre();
    panel = centre.panel;
  } catch (error) {
    if (!(error instanceof ServerMissing)) throw error;
    missing = error.message;
  }
});
afterAll(async () => {
  if (missing === undefined) await centre[Symbol.asyncDispose]();
});
beforeEach(async (context) => {
  if (missing !== undefined) skipOrFail(context, missing);
  await panel.reload();
});

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

const part = (name: string): Locator => centre.form().getByRole('region', { name });

const openItems = (): Promise<number> => centre.openItems();

test('a new mailbox is tried before it is saved, and its mail becomes work', async () => {
  await centre.show('Mailboxes');
  await panel.getByText('There is no mailbox yet.').waitFor();
  await centre.look('none');
  await panel.getByRole('button', { name: 'New mailbox' }).click();
  await centre.form().getByRole('button', { name: 'Try it' }).click();
  await centre.form().getByText('Something is missing or wrong above.').waitFor();
  await centre.look('mailbox-empty', WHOLE);

  await centre.form().getByRole('textbox', { name: 'Name', exact: true }).fill(SUPPORT.name);
  await centre.form().getByRole('textbox', { name: 'Address', exact: true }).fill(SUPPORT.address);
  expect(await part('Receiving').getByLabel('User').inputValue()).toBe(SUPPORT.address);
  await part('Receiving').getByRole('textbox', { name: 'Server' }).fill(centre.mail.host);
  await part('Receiving')
    .getByRole('textbox', { name: 'Port' })
    .fill(String(centre.mail.ports.imaps));
  await part('Receiving').getByLabel('User').fill('letters');
  await part('Sending').getByRole('textbox', { name: 'Server' }).fill(centre.mail.host);
  await part('Sending').getByRole('combobox', { name: 'Encryption' }).click();
  await panel.getByRole('option', { name: 'TLS', exact: true }).click();
  await part('Sending')
    .getByRole('textbox', { name: 'Port' })
    .fill(String(centre.mail.ports.submissions));
  await part('Receiving').getByRole('textbox', { name: 'Password' }).fill('not the password');
  await centre.form().getByRole('button', { name: 'Try it' }).click();
  await centre.form().getByText('Receiving does not work').waitFor();
  await centre.look('mailbox-untrusted', WHOLE);

  await centre
    .form()
    .getByRole('button', { name: /^Details/ })
    .click();
  for (const use of ['receiving', 'sending']) {
    await centre
      .form()
      .getByLabel(`Certificates of your own authority, for ${use}`)
      .fill(centre.mail.authority);
  }
  await centre.form().getByRole('button', { name: 'Try it' }).click();
  await centre
    .form()
    .getByText(/password|signed in|sign-in/i)
    .first()
    .waitFor();
  await centre.form().getByText('Receiving does not work').waitFor();
  await centre.form().getByText('Sending does not work').waitFor();
  await centre.look('mailbox-refused', WHOLE);

  await part('Receiving').getByRole('textbox', { name: 'Password' }).fill(centre.mail.password);
  await centre.form().getByText('Receiving does not work').waitFor({ state: 'hidden' });
  await centre.form().getByRole('button', { name: 'Try it' }).click();
  await centre.form().getByText('Receiving works').waitFor();
  await centre.form().getByText('Sending works').waitFor();
  await centre
    .form()
    .getByRole('button', { name: /^Room for 5 e-mails/ })
    .click();
  await panel.getByText('Every agent can have 5 e-mails at a time.').waitFor();
  await centre.look('mailbox-tried', WHOLE);
  await centre.look('mailbox-tried-narrow', NARROW);
  await centre.save();

  await centre.rowOf(SUPPORT.name).getByText('Good').waitFor(FILED);
  await centre.mail.deliver('letters', letter(1));
  await expect.poll(openItems, FILED).toBe(1);
  await centre.rowOf(SUPPORT.name).getByText('1 today').waitFor();
  await centre.look('mailboxes');
});

test('a password is never shown again, and kept for sending only where it is another one', async () => {
  const edit = (): Promise<void> =>
    centre
      .rowOf(SUPPORT.name)
      .getByRole('button', { name: new RegExp(`^${SUPPORT.name}`) })
      .click();
  const kept = async (): Promise<string[]> => {
    const { secrets } = (await centre.call('GET', '/mailboxes/support-letters/secrets')) as {
      secrets: { use: string; kind: string }[];
    };
    return secrets.map(({ use, kind }) => `${use} ${kind}`);
  };
  await centre.show('Mailboxes');
  await edit();
  await part('Receiving')
    .getByText(/^Kept since/)
    .waitFor();
  expect(await part('Receiving').getByRole('textbox', { name: 'Password' }).inputValue()).toBe('');
  await centre
    .form()
    .getByText(/An ordinary e-mail comes in by the entry point/)
    .waitFor();
  await centre.look('mailbox-stored', WHOLE);
  expect(await kept()).toEqual(['receive password']);

  await centre.choose('Sign-in for sending', 'Password');
  await part('Sending').getByLabel('User').fill('letters');
  await part('Sending').getByRole('textbox', { name: 'Password' }).fill('another password');
  await centre.save();
  await expect.poll(kept).toEqual(['receive password', 'send password']);
  await edit();
  await part('Sending')
    .getByText(/^Kept since/)
    .waitFor();
  await centre.choose('Sign-in for sending', 'As for receiving');
  await centre.form().getByRole('button', { name: 'Try it' }).click();
  await centre.form().getByText('Receiving works').waitFor();
  await centre.save();
  await expect.poll(kept).toEqual(['receive password']);
  const stored = JSON.stringify(await centre.call('GET', '/configuration/mailbox'));
  expect(stored).not.toMatch(/password"?:/);
});

test('a mailbox that is refused says so wherever an administrator looks, and is good again at once', async () => {
  const edit = async (password: string): Promise<void> => {
    await centre.show('Mailboxes');
    await centre
      .rowOf(SUPPORT.name)
      .getByRole('button', { name: new RegExp(`^${SUPPORT.name}`) })
      .click();
    await part('Receiving').getByRole('textbox', { name: 'Password' }).fill(password);
    await centre.save();
  };
  await edit('not the password');
  await centre.rowOf(SUPPORT.name).getByText('Refused').waitFor(FILED);
  await centre
    .rowOf(SUPPORT.name)
    .getByText(/does not let "letters" in/)
    .waitFor();
  await panel.getByRole('link', { name: 'Mailboxes : one needs you' }).waitFor();
  await centre.look('mailboxes-refused');
  await centre.show('Health');
  await panel.getByText('A mailbox needs you').waitFor();
  await centre.look('health');
  await edit(centre.mail.password);
  await centre.rowOf(SUPPORT.name).getByText('Good').waitFor(FILED);
  expect(await centre.healthOf('support-letters')).toMatchObject({ state: 'good', alarm: false });
});

test('what the server has and we have not is found and fetched', async () => {
  await centre.change('mailbox', 'support-letters', { largest: 100_000 });
  await centre.mail.deliver('letters', letter(2, undefined, 'A long text. '.repeat(20_000)));
  await centre.mail.deliver('letters', letter(3));
  await expect.poll(openItems, FILED).toBe(2);
  await centre.show('Mailboxes');
  await centre.rowOf(SUPPORT.name).getByRole('button', { name: /^Good/ }).click();
  await centre.form().getByText('Every night it is.').waitFor();
  await centre.look('state', WHOLE);
  await centre.form().getByRole('button', { name: 'Look now' }).click();
  await panel.getByText('It is being looked at.').waitFor();
  await centre.form().getByRole('button', { name: 'Compare now' }).click();
  await centre.form().getByText('The server has 3, we hold 2 of them: 1 is not here.').waitFor();
  await centre.form().getByText('Larger than the mailbox allows').waitFor();
  await centre.look('gaps', WHOLE);
  await centre.form().getByRole('checkbox').check();
  await centre.form().getByRole('button', { name: 'Fetch 1 e-mail again' }).click();
  await panel.getByText('1 e-mail of 1 fetched.').waitFor();
  await expect.poll(openItems, FILED).toBe(3);
  await centre.form().getByRole('button', { name: 'Compare now' }).click();
  await centre.form().getByText('nothing is missing').waitFor();
  await panel.keyboard.press('Escape');
});

test('a template has a text for each language, and its slips are found while typing', async () => {
  await centre.show('E-mail templates');
  await panel.getByRole('button', { name: 'New template' }).click();
  await centre
    .form()
    .getByRole('textbox', { name: 'Name', exact: true })
    .fill('We have your e-mail');
  await centre
    .form()
    .getByRole('combobox', { name: 'Place in the tree' })
    .fill('Automatic/First answer');
  await centre.form().getByRole('textbox', { name: 'Key' }).fill('received');
  const text = centre.form().getByRole('textbox', { name: 'Text', exact: true });
  await text.click();
  await panel.keyboard.type('Hello {{custmer.name}},');
  await centre.form().getByText('{{custmer.name}} is no field').waitFor();
  await centre.look('template-slip', WHOLE);
  await panel.keyboard.press('ControlOrMeta+a');
  await panel.keyboard.type('Hello ');
  await centre.form().getByRole('button', { name: 'Insert a field' }).click();
  await centre.look('template-fields');
  await panel.getByRole('menuitem', { name: /^The customer’s name/ }).click();
  await centre.form().getByText('{{customer.name}}').waitFor();

  await centre.form().getByRole('button', { name: 'Add a language' }).click();
  await centre.form().getByRole('combobox', { name: 'Language' }).fill('en');
  await text.click();
  await panel.keyboard.type('Guten Tag,');
  await centre.form().getByRole('button', { name: 'Save' }).click();
  await centre.form().getByText('the language "en" is there twice').waitFor();
  await centre.look('template-twice', WHOLE);
  await centre.form().getByRole('combobox', { name: 'Language' }).fill('de');
  await centre.form().getByRole('tab', { name: 'English' }).click();
  await centre.form().getByText('Hello {{customer.name}}').waitFor();
  await centre.save();
  await centre.rowOf('We have your e-mail').getByText('/received').waitFor();
  await centre.rowOf('We have your e-mail').getByText('English, German').waitFor();
  await panel.getByRole('rowheader', { name: 'First answer' }).waitFor();
  await centre.look('templates');
  expect(await centre.bodyOf('mail-template', 'we-have-your-e-mail')).toMatchObject({
    path: 'Automatic/First answer',
    versions: [
      { language: 'en', html: '<p>Hello {{customer.name}}</p>' },
      { language: 'de', html: '<p>Guten Tag,</p>' },
    ],
  });
});

test('an entry point asks for what its channel has, and tells mail apart', async () => {
  await centre.show('Entry points');
  await panel.getByRole('button', { name: 'New entry point' }).click();
  await centre.form().getByRole('textbox', { name: 'Name', exact: true }).fill('Returns');
  await centre.form().getByText('Greeting').waitFor();
  await centre.choose('Channel', 'E-mail');
  await centre.form().getByText('Greeting').waitFor({ state: 'hidden' });
  await centre.choose('Mail of these mailboxes', SUPPORT.name);
  await panel.keyboard.press('Escape');
  await centre.choose('Answered by itself with', 'We have your e-mail');
  await centre
    .form()
    .getByRole('button', { name: /^Which e-mails/ })
    .click();
  await centre
    .form()
    .getByRole('textbox', { name: 'In the subject', exact: true })
    .fill('return\nsend back');
  await centre.form().getByRole('textbox', { name: 'Rank' }).fill('100');
  await centre.look('entry-point', WHOLE);
  await centre.save();
  expect(await centre.bodyOf('entry-point', 'returns')).toMatchObject({
    channel: 'email',
    mail: {
      mailboxes: ['support-letters'],
      subject: ['return', 'send back'],
      rank: 100,
      acknowledgement: 'we-have-your-e-mail',
    },
  });
  await centre.show('E-mail templates');
  await centre.rowOf('We have your e-mail').getByRole('button').click();
  await centre.form().getByText('Of what comes in by “Returns”.').waitFor();
  await panel.keyboard.press('Escape');
});

test('a queue has a signature, a mailbox, and a list that agents may take from', async () => {
  await centre.show('Queues');
  await centre.rowOf('Support').getByRole('button').click();
  await centre
    .form()
    .getByRole('button', { name: /^E-mail/ })
    .click();
  await centre.choose('New e-mails are sent from', SUPPORT.name);
  await centre.form().getByRole('textbox', { name: 'Signature' }).click();
  await panel.keyboard.type('{{agent.name}}, Example organisation');
  await centre
    .form()
    .getByRole('switch', { name: 'Agents may take e-mails from the list' })
    .check();
  await centre.look('queue', WHOLE);
  await centre.save();
  expect(await centre.bodyOf('queue', 'support')).toMatchObject({
    mailbox: 'support-letters',
    signature: '<p>{{agent.name}}, Example organisation</p>',
    mayPull: true,
  });
});

test('quarantine: what is denied is released by an administrator, or dropped by a supervisor', async () => {
  await centre.show('Quarantine');
  await panel.getByText('Nothing is held back.').waitFor();
  await centre.look('quarantine-empty');
  await centre.change('mailbox', 'support-letters', { senders: { denied: [DENIED] } });
  await centre.mail.deliver('letters', letter('denied 1', DENIED), letter('denied 2', DENIED));
  await centre.rowOf('Letter denied 1').getByText('The sender is denied').waitFor(FILED);
  await centre.rowOf('Letter denied 2').waitFor();
  await centre.look('quarantine');
  const before = await openItems();
  await centre.rowOf('Letter denied 1').getByRole('checkbox').check();
  await panel.getByRole('button', { name: 'Release', exact: true }).click();
  await centre.rowOf('Letter denied 1').waitFor({ state: 'hidden' });
  await expect.poll(openItems, FILED).toBe(before + 1);

  const board = await panel.context().newPage();
  await board.goto(`${centre.origin}/board`);
  const held = board.getByRole('region', { name: 'Quarantine' });
  await held.getByRole('checkbox', { name: 'Choose all' }).check();
  await held.getByText('1 e-mail chosen').waitFor();
  await centre.look('board', undefined, board);
  await held.getByRole('button', { name: /^Drop/ }).click();
  await board.getByRole('dialog').getByRole('button', { name: 'Drop' }).click();
  await held.waitFor({ state: 'hidden' });
  await board.close();
  expect(await openItems()).toBe(before + 1);
});

test('a storm is held back, and one click makes work of it', async () => {
  await centre.change('mailbox', 'support-letters', {
    senders: {},
    loops: { storm: { most: 1, within: 60_000 } },
  });
  const before = await openItems();
  const letters = [11, 12, 13, 14].map((n) => letter(n, `customer.${n}@example.org`));
  await centre.mail.deliver('letters', ...letters);
  await centre.show('Mailboxes');
  const storm = panel.getByRole('alert').filter({ hasText: 'Far more mail than usual' });
  await storm.waitFor(FILED);
  await expect
    .poll(async () => (await centre.healthOf('support-letters'))['fetchedToday'], FILED)
    .toBe(9);
  await centre.look('storm');
  await centre.look('storm-narrow', { width: 420, height: 860 });
  await storm.getByRole('button', { name: 'Release all' }).click();
  await storm.waitFor({ state: 'hidden' });
  await expect.poll(openItems, FILED).toBe(before + 4);
});

test('a mailbox is made with the keyboard alone', async () => {
  await centre.show('Mailboxes');
  await panel.getByRole('button', { name: 'New mailbox' }).focus();
  await panel.keyboard.press('Enter');
  await centre.form().getByRole('button', { name: 'Save' }).waitFor();
  const next = async (text: string): Promise<void> => {
    await panel.keyboard.press('Tab');
    await panel.keyboard.type(text);
  };
  await centre.form().getByRole('textbox', { name: 'Name', exact: true }).focus();
  await panel.keyboard.type('Only sends');
  await next('outgoing@example.com');
  await panel.keyboard.press('Tab'); // on "Another server"
  await panel.keyboard.press('ArrowLeft');
  await centre
    .form()
    .getByText(/Microsoft wants an application/)
    .waitFor();
  await panel.keyboard.press('ArrowRight');
  await next(''); // how mail comes in
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) {
    await panel.keyboard.press(key);
  }
  await part('Receiving').getByLabel('User').waitFor({ state: 'hidden' });
  await centre.form().getByRole('textbox', { name: 'Name', exact: true }).focus();
  await panel.keyboard.press('Enter');
  await expect.poll(() => part('Sending').getByText('This is missing.').isVisible()).toBe(true);
});
