/** E-mail from a real mail server to an agent's desk and back, in a real browser. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MailSink, startMailSink } from '../doubles/mail-sink.ts';
import { type Dovecot, startDovecot } from '../servers/dovecot.ts';
import { barriersOf } from './accessibility.ts';
import { type Lab, startLab } from './lab.ts';
import { goReady } from './set-up.ts';

const PICTURES = '.cache/screens';
const MAILBOX = 'help@shop.example';

let life: AsyncDisposableStack;
let sink: MailSink;
let dovecot: Dovecot;
let lab: Lab;
let desk: Page;

beforeAll(async () => {
  life = new AsyncDisposableStack();
  sink = life.use(await startMailSink());
  dovecot = life.use(await startDovecot({ relay: sink.port }));
  lab = life.use(await startLab());
  desk = lab.administrator;
  await mkdir(PICTURES, { recursive: true });
  await setUpMail();
  await desk.getByRole('button', { name: 'Log in' }).click();
  await goReady(desk);
}, 120_000);
afterAll(() => life.disposeAsync());

/** What an administrator does by forms, which have a journey of their own. */
async function setUpMail(): Promise<void> {
  const server = { host: dovecot.host, authority: dovecot.authority };
  const signIn = { type: 'password', user: 'help' };
  await lab.call('PUT', '/configuration/mailbox/help', {
    name: 'Help',
    address: MAILBOX,
    receive: { type: 'imap', ...server, port: dovecot.ports.imaps, security: 'tls', signIn },
    send: { ...server, port: dovecot.ports.submission, security: 'starttls', signIn },
  });
  for (const use of ['receive', 'send']) {
    const secret = { kind: 'password', secret: dovecot.password };
    await lab.call('PUT', `/mailboxes/help/secrets/${use}`, secret);
  }
  const agent = (await lab.call('GET', '/configuration/agent')) as {
    documents: { id: string; body: object }[];
  };
  const one = agent.documents.find(({ id }) => id === 'agent-1');
  const capacity = { 'web-chat': 3, task: 2, email: 5 };
  await lab.call('PUT', '/configuration/agent/agent-1', { ...one?.body, capacity });
  await lab.call('PUT', '/configuration/queue/mail', {
    name: 'Mail',
    mailbox: 'help',
    mayPull: true,
    signature: '<p>{{agent.name}}<br>Example shop</p>',
  });
  await lab.call('PUT', '/configuration/mail-template/return', {
    name: 'How to send it back',
    path: 'Returns',
    key: 'return',
    versions: [{ language: 'en', html: '<p>Dear {{customer.name}}, please use the label.</p>' }],
  });
  await setUpEntryPoint({});
}

const setUpEntryPoint = (mail: { readonly acknowledgement?: string }): Promise<unknown> =>
  lab.call('PUT', '/configuration/entry-point/mail', {
    name: 'Mail',
    channel: 'email',
    address: MAILBOX,
    queue: 'mail',
    mail: { mailboxes: ['help'], ...mail },
  });

/** A customer's e-mail as their mail program sends it. */
const letter = (subject: string, text: string, more = ''): string =>
  [
    'From: "Customer 1" <customer1@example.org>',
    `To: ${MAILBOX}`,
    `Subject: ${subject}`,
    `Message-ID: <${encodeURIComponent(subject)}@example.org>`,
    `Date: ${new Date().toUTCString()}`,
    'MIME-Version: 1.0',
    `${more}Content-Type: text/plain; charset=utf-8`,
    '',
    text,
    '',
  ].join('\r\n');

/** With a picture in the text, one of another server, a script, and a file. */
const RICH = [
  'From: "Customer 1" <customer1@example.org>',
  `To: ${MAILBOX}`,
  'Cc: Friend <friend@example.org>',
  'Subject: Broken cup',
  'Message-ID: <rich@example.org>',
  `Date: ${new Date().toUTCString()}`,
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=outer',
  '',
  '--outer',
  'Content-Type: multipart/related; boundary=inner',
  '',
  '--inner',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>Look at <b>this cup</b>:</p><img src="cid:cup@example.org" alt="The cup">',
  '<script>document.body.innerHTML="hacked"</script>',
  '<img src="https://tracker.example/pixel.gif" alt="pixel">',
  '--inner',
  'Content-Type: image/png; name=cup.png',
  'Content-Transfer-Encoding: base64',
  'Content-ID: <cup@example.org>',
  'Content-Disposition: inline; filename=cup.png',
  '',
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  '--inner--',
  '--outer',
  'Content-Type: application/pdf; name="Invoice 7.pdf"',
  'Content-Transfer-Encoding: base64',
  'Content-Disposition: attachment; filename="Invoice 7.pdf"',
  '',
  'JVBERi0xLjQK',
  '--outer--',
  '',
].join('\r\n');

/** Takes a picture in both themes, and finds what stands in anybody's way. */
async function look(name: string): Promise<string[]> {
  const barriers: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await desk.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await desk.screenshot({ path: join(PICTURES, `email-${name}-${colorScheme}.png`) });
    barriers.push(...(await barriersOf(desk)).map((each) => `${name}, ${colorScheme}: ${each}`));
  }
  return barriers;
}

const accept = () => desk.getByRole('button', { name: 'Accept' }).click();
const throwAway = async (): Promise<void> => {
  await desk.getByRole('button', { name: 'Throw the draft away' }).click();
  await desk.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click();
  await desk.getByRole('dialog').waitFor({ state: 'detached' });
};
const closeItem = async (): Promise<void> => {
  await desk.getByRole('button', { name: 'Close', exact: true }).click();
  await desk.getByRole('menuitem', { name: 'Solved' }).click();
  await desk.getByText('Nothing right now').waitFor();
};

test('an e-mail comes to the desk, is answered, and the answer arrives in the same thread', async () => {
  await dovecot.deliver('help', letter('Where is it?', 'My parcel 4711 has not come.\nThank you'));
  await accept();
  await desk.getByRole('heading', { name: 'Where is it?' }).waitFor();
  const letters = desk.getByRole('article');
  await letters.getByText('My parcel 4711 has not come.').waitFor();
  expect(await look('reading')).toEqual([]);

  await desk.getByRole('button', { name: 'Why here?' }).click();
  await letters.getByText('It came in by "mail", by the mailbox, the recipient').waitFor();
  expect(await look('why-here')).toEqual([]);

  await desk.getByRole('button', { name: 'Reply', exact: true }).click();
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.pressSequentially('It is on its way. /return');
  await text.press('Tab');
  await desk.getByText('Dear Customer 1, please use the label.').waitFor();
  await desk.getByText('Kept').waitFor();
  expect(await look('writing')).toEqual([]);

  await desk.reload(); // what was typed is with the server
  await desk.getByText('It is on its way.').waitFor();
  await desk.getByRole('button', { name: 'Send' }).click();
  await desk.getByRole('button', { name: /Take it back/ }).waitFor();
  expect(await look('held')).toEqual([]);

  await expect.poll(() => sink.mails.length, { timeout: 30_000 }).toBe(1);
  const [mail] = sink.mails;
  expect(mail?.to).toEqual(['customer1@example.org']);
  expect(mail?.message).toMatch(/^Subject: Re: Where is it\?/m);
  expect(mail?.message).toMatch(/^In-Reply-To: <Where%20is%20it%3F@example.org>/m);
  expect(mail?.message).toContain('It is on its way.');
  await desk.getByText('sent', { exact: true }).waitFor();

  // The customer answers: the same conversation goes on with the same agent.
  const id = /^Message-ID:\s*(<.+>)/im.exec(mail?.message ?? '')?.[1] ?? '';
  const more = `In-Reply-To: ${id}\r\nReferences: ${id}\r\n`;
  await dovecot.deliver('help', letter('Re: Where is it?', 'It has come!', more));
  await letters.getByText('It has come!').waitFor();
  await closeItem();
});

test('a letter with pictures shows what is safe to show, and asks before it asks others', async () => {
  const asked: string[] = [];
  desk.on('request', (request) => {
    if (request.url().includes('tracker.example')) asked.push(request.url());
  });
  await dovecot.deliver('help', RICH);
  await accept();
  const frame = desk.frameLocator('iframe');
  await frame.getByText('this cup').waitFor();
  const cup = frame.getByRole('img', { name: 'The cup' });
  await expect
    .poll(() =>
      cup.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    )
    .toBeGreaterThan(0);
  expect(await frame.getByText('hacked').count()).toBe(0);
  expect(asked).toEqual([]);
  const download = desk.waitForEvent('download');
  await desk.getByRole('link', { name: /Invoice 7\.pdf/ }).click();
  expect((await download).suggestedFilename()).toBe('Invoice 7.pdf');
  expect(await look('rich')).toEqual([]);

  await desk.getByRole('button', { name: 'Show pictures' }).click();
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await desk.getByRole('button', { name: 'Reply all' }).click();
  await desk.getByText('friend@example.org').first().waitFor();
  await throwAway();
  await closeItem();
});

test('what the customer writes while the answer is being written is not passed by', async () => {
  const before = sink.mails.length;
  const id = '<A%20change@example.org>';
  await dovecot.deliver('help', letter('A change', 'Please send it to the office.'));
  await accept();
  await desk.getByRole('button', { name: 'Reply', exact: true }).click();
  const text = desk.getByRole('textbox', { name: 'Text' });
  await text.pressSequentially('To the office, then. ');
  const more = `In-Reply-To: ${id}\r\nReferences: ${id}\r\n`;
  await dovecot.deliver('help', letter('Re: A change', 'No, to my home!', more));
  await desk.getByText('An e-mail has come while you were writing.').waitFor();
  const newer = desk.getByRole('article').filter({ hasText: 'No, to my home!' });
  expect(await newer.getByRole('button').first().getAttribute('aria-expanded')).toBe('false');
  await desk.getByText('Kept').waitFor();
  expect(await look('newer')).toEqual([]);
  await desk.getByRole('button', { name: 'Send' }).click();
  const question = desk.getByRole('dialog', { name: 'Something newer has come' });
  await question.waitFor();
  expect(await look('newer-asked')).toEqual([]);
  await question.getByRole('button', { name: 'Look first' }).click();
  await newer.getByText('Subject: Re: A change').waitFor();
  await question.waitFor({ state: 'detached' });
  expect(sink.mails.length).toBe(before);
  await text.pressSequentially('Or to your home. ');
  await desk.getByRole('button', { name: 'Send' }).click();
  await desk.getByRole('button', { name: /Take it back/ }).waitFor();
  await expect.poll(() => sink.mails.length, { timeout: 30_000 }).toBe(before + 1);
  await closeItem();
});

test('beside an acknowledgement, what the customer wrote stands open and in the lists', async () => {
  const before = sink.mails.length;
  await lab.call('PUT', '/configuration/mail-template/received', {
    name: 'It has arrived',
    path: 'Receipts',
    key: 'received',
    versions: [{ language: 'en', html: '<p>We have received your e-mail.</p>' }],
  });
  await setUpEntryPoint({ acknowledgement: 'received' });
  await dovecot.deliver('help', letter('The handle', 'It has come off.'));
  await expect.poll(() => sink.mails.length, { timeout: 30_000 }).toBe(before + 1);
  await desk.getByRole('region', { name: 'Offers' }).getByText('It has come off.').waitFor();
  await accept();
  const asked = desk.getByRole('article').filter({ hasText: 'It has come off.' });
  await asked.getByText('Subject: The handle').waitFor();
  await asked.getByRole('button', { name: 'Reply', exact: true }).waitFor();
  const automatic = desk.getByRole('article').filter({ hasText: 'We have received your e-mail.' });
  expect(await automatic.getByRole('button').first().getAttribute('aria-expanded')).toBe('false');
  expect(await look('acknowledged')).toEqual([]);
  await setUpEntryPoint({});
  await closeItem();
});

test('what was sent by mistake is taken back, and never leaves', async () => {
  const before = sink.mails.length;
  await dovecot.deliver('help', letter('A question', 'Do you open on Sundays?'));
  await accept();
  await desk.getByRole('button', { name: 'Reply', exact: true }).click();
  await desk.getByRole('textbox', { name: 'Text' }).pressSequentially('Never. ');
  await desk.getByRole('button', { name: 'Send' }).click();
  const back = desk.getByRole('button', { name: /Take it back/ });
  await back.waitFor();
  await desk.getByRole('article').first().getByRole('button').first().click(); // hides nothing of it
  expect(await back.isVisible()).toBe(true);
  await back.click();
  await desk.getByRole('textbox', { name: 'Text' }).getByText('Never.').waitFor();
  await throwAway();
  await closeItem();
  expect(sink.mails.length).toBe(before);
});

test('an agent who is not ready takes what waits from the list', async () => {
  await desk.getByRole('button', { name: /^Your state/ }).click();
  await desk
    .getByRole('menuitem', { name: /Not ready|Break/ })
    .first()
    .click();
  await dovecot.deliver('help', letter('Please take me', 'I wait in the list.'));
  await desk.getByRole('button', { name: 'Take Customer 1' }).click();
  await desk.getByRole('article').getByText('I wait in the list.').waitFor();
  await expect.poll(() => desk.getByRole('button', { name: /^Take / }).count()).toBe(0);
  await closeItem();
});

test('a new e-mail is written to somebody who has not written', async () => {
  const before = sink.mails.length;
  await desk.getByRole('button', { name: 'Write an e-mail', exact: true }).click();
  await desk.getByRole('combobox', { name: 'From' }).click();
  await desk.getByRole('option', { name: /help@shop\.example/ }).click();
  await desk.getByRole('button', { name: 'Begin' }).click();
  const to = desk.getByRole('combobox', { name: 'To', exact: true });
  await to.fill('New <new@example.net>');
  await to.press('Enter');
  await desk.getByRole('textbox', { name: 'Subject' }).fill('Your order');
  await desk.getByRole('textbox', { name: 'Text' }).pressSequentially('It is ready. ');
  await desk
    .locator('input[type=file]')
    .setInputFiles({ name: 'map.txt', mimeType: 'text/plain', buffer: Buffer.from('to the left') });
  await desk.getByText('map.txt').waitFor();
  expect(await look('composing')).toEqual([]);
  await desk.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => sink.mails.length, { timeout: 30_000 }).toBe(before + 1);
  expect(sink.mails.at(-1)?.message).toContain(Buffer.from('to the left').toString('base64'));
  await desk.keyboard.press('Escape');
});

test('every e-mail is found again by what it says', async () => {
  await desk.getByRole('button', { name: 'Find e-mails' }).click();
  await desk.getByRole('textbox', { name: 'Words' }).fill('parcel 4711');
  await desk.getByText('Where is it?').first().waitFor();
  expect(await look('search')).toEqual([]);
  await desk.getByRole('textbox', { name: 'Words' }).fill('nothinglikethis');
  await desk.getByText('Nothing was found.').waitFor();
  await desk.keyboard.press('Escape');
});
