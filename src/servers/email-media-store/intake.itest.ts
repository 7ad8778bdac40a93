import { randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { systemClock } from '#base/time.ts';
import { MailboxId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import type { Blob } from './tables/blobs.ts';
import { startIntake } from './testing/test-intake.ts';

vi.setConfig({ testTimeout: 120_000 });

const INBOX = MailboxId.parse('inbox');
const INBOX_OF_TEST = { mailbox: INBOX, account: 'test' };
const patience = (): AbortSignal => AbortSignal.timeout(100_000);

const message = (name: string, ...lines: string[]): Buffer =>
  Buffer.from(
    [
      `From: Customer ${name} <${name}@example.net>`,
      `Subject: ${name}`,
      `Message-ID: <${name}@example.net>`,
      ...(lines.length > 0 ? lines : ['', `Text of ${name}`]),
    ].join('\r\n'),
  );

test('keep() keeps a message once, whatever key it comes under, and moves the cursor with it', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const { tables } = intake;
  const first = { key: 'imap:1:1', receivedAt: 1_000, messageId: 'a', raw: message('a') };
  const again = { ...first, key: 'imap:2:9' };
  const rewritten = { ...again, key: 'imap:3:4', raw: message('a', 'X-Rewritten: yes', '', 'a') };
  const later = { ...first, key: 'imap:1:2', receivedAt: 2_000 };
  const cursor = { type: 'imap', uidValidity: '1', uid: 2 } as const;
  const [one, two] = await tables.keep({
    mailbox: INBOX,
    account: 'test',
    mails: [first, later],
    cursor,
  });
  expect([one?.isKnown, two?.isKnown]).toEqual([false, false]); // the same bytes at another time: sent twice
  expect(await tables.cursor(INBOX_OF_TEST)).toEqual({ cursor, hasMoved: false });
  const [known] = await tables.keep({ mailbox: INBOX, account: 'test', mails: [again] });
  expect(known).toEqual({ mail: one?.mail, isKnown: true });
  const [renumbered] = await tables.keep({
    mailbox: INBOX,
    account: 'test',
    mails: [rewritten],
    isRenumbered: true,
  });
  expect(renumbered).toEqual({ mail: one?.mail, isKnown: true });
  expect(
    await tables.known(INBOX_OF_TEST, ['imap:1:1', 'imap:2:9', 'imap:3:4', 'imap:9:9']),
  ).toEqual(new Set(['imap:1:1', 'imap:2:9', 'imap:3:4']));
  const other = await tables.keep({
    mailbox: MailboxId.parse('other'),
    account: 'test',
    mails: [first],
  });
  expect(other.map((each) => each?.isKnown)).toEqual([false]);
});

test('E07: keep() called by two at once keeps each message once', async () => {
  await using life = new AsyncDisposableStack();
  const { tables, database } = life.use(await startIntake(life.use(await testDatabase())));
  const mails = Array.from({ length: 40 }, (_, at) => ({
    key: `imap:1:${at}`,
    receivedAt: at,
    messageId: undefined,
    raw: message(`m${at}`),
  }));
  const poll = async (): Promise<void> => {
    for (let from = 0; from < mails.length; from += 10) {
      const some = mails.slice(from, from + 10).toSorted(() => Math.random() - 0.5);
      const keep = (): Promise<unknown> =>
        tables.keep({ mailbox: INBOX, account: 'test', mails: some });
      await keep().catch(keep); // as a collector does after whatever went wrong
    }
  };
  await Promise.all([poll(), poll(), poll()]);
  const [rows] = await database.query<{ mails: number; keys: number; blobs: number }>({
    text: `select (select count(*) from email.received) as mails,
      (select count(*) from email.received_keys) as keys, (select count(*) from email.blobs) as blobs`,
  });
  expect(rows).toEqual({ mails: 40, keys: 40, blobs: 40 });
});

test('Intake reads and files in order what is stored, attachments as blobs, each content once', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const file = randomBytes(700_000); // more than a chunk, more than what is read together with others
  const withFile = (name: string): Buffer =>
    message(
      name,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: application/pdf; name=invoice.pdf',
      'Content-Transfer-Encoding: base64',
      '',
      file.toString('base64').replace(/.{76}/g, '$&\r\n'),
      '--b--',
    );
  await intake.take(INBOX, [
    message('a'),
    message('b'),
    withFile('c'),
    withFile('d'),
    message('e'),
  ]);
  await intake.settled(patience());
  expect(intake.filed.map(({ parsed }) => parsed.subject).toSorted()).toEqual([
    'a',
    'b',
    'c',
    'd',
    'e',
  ]);
  const small = intake.filed.filter(({ parsed }) => parsed.attachments.length === 0);
  expect(small.map(({ parsed }) => [parsed.subject, parsed.text])).toEqual([
    ['a', 'Text of a'],
    ['b', 'Text of b'],
    ['e', 'Text of e'],
  ]);
  const [one, two] = intake.filed.filter(({ parsed }) => parsed.attachments.length > 0);
  const [attachment] = one?.parsed.attachments ?? [];
  expect(attachment).toMatchObject({ name: 'invoice.pdf', size: file.length });
  expect(two?.parsed.attachments[0]?.blob).toBe(attachment?.blob);
  const bytes = await Array.fromAsync(intake.blobs.read(attachment?.blob ?? '', 300_000));
  expect(Buffer.concat(bytes).equals(file.subarray(300_000))).toBe(true);
});

test('E13: a message that no parser survives is filed unread, and what follows is not held up by it', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase()), { heap: 64 }));
  // Parts within parts, each with a header of almost a MiB, which all must be held to know where they end
  const nested = (depth: number): string =>
    `Content-Type: multipart/mixed; boundary=b${depth}\r\nX-Pad: ${'x'.repeat(1_000_000)}\r\n\r\n--b${depth}`;
  const bomb = message('bomb', ...Array.from({ length: 32 }, (_, depth) => nested(depth)));
  const wide = message(
    'wide',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b\r\n\r\n'.repeat(3_000),
  );
  await intake.take(INBOX, [message('a'), bomb, wide, message('z')]);
  await intake.settled(patience());
  const read = new Map(intake.filed.map(({ parsed }) => [parsed.subject, parsed]));
  expect([...read.keys()]).toEqual(['a', 'wide', 'z', 'bomb']);
  expect(read.get('bomb')?.unreadable).toContain('too much time or memory');
  expect(read.get('bomb')?.from).toEqual({ name: 'Customer bomb', address: 'bomb@example.net' });
  expect(read.get('bomb')?.attachments).toMatchObject([{ id: 'original', name: 'original.eml' }]);
  expect(read.get('wide')?.unreadable).toContain('1,000 parts');
  expect(read.get('wide')?.attachments.at(-1)).toMatchObject({ id: 'original' });
});

test('what cannot be filed is put off, and keeps no other waiting', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  intake.refuse = ({ parsed }) => parsed.subject === 'b';
  await intake.take(INBOX, [message('a'), message('b'), message('c')]);
  await intake.settled(patience());
  expect(intake.filed.map(({ parsed }) => parsed.subject)).toEqual(['a', 'c']);
  expect(intake.health.get('intake')).toContain('A message could not be filed');
  intake.refuse = () => false;
  await intake.database.query({ text: 'update email.received set next_try = now()' });
  intake.lookAgain();
  await intake.settled(patience());
  expect(intake.filed.map(({ parsed }) => parsed.subject)).toEqual(['a', 'c', 'b']);
});

test('E13, E14: mail that is refused raises an alarm at its mailbox, and is filed with less of what was read', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  const mailbox = await intake.mailbox('inbox', { receive: { type: 'smtp' } });
  intake.refuse = ({ parsed }) => parsed.text !== '';
  await intake.take(mailbox, [message('a')]);
  await intake.settled(patience());
  const { mailboxes } = await intake.methods.mailboxes({}, CALL);
  expect(mailboxes).toMatchObject([{ mailbox, alarm: true, unfiled: 1 }]);
  expect(mailboxes[0]?.problem).toContain('could not be filed');
  const { check } = await intake.methods.check({ mailbox }, CALL);
  expect(check).toMatchObject({ brought: true, held: 1, unfiled: 1 });
  const { checks } = await intake.methods.checks({}, CALL);
  expect(checks).toMatchObject([{ mailbox, brought: true, unfiled: 1 }]);
  for (let times = 1; times < 5; times++) {
    expect(intake.filed).toEqual([]);
    await intake.database.query({ text: 'update email.received set next_try = now()' });
    intake.lookAgain();
    await intake.settled(patience());
  }
  expect(intake.filed).toMatchObject([
    { parsed: { subject: 'a', text: '', attachments: [{ id: 'original' }] } },
  ]);
  expect(intake.filed[0]?.parsed.unreadable).toContain('could not be filed as it is');
  const after = await intake.methods.mailboxes({}, CALL);
  expect(after.mailboxes).toMatchObject([{ alarm: false, unfiled: 0 }]);
});

test('what is traced of mail that cannot be filed has none of its words', async () => {
  await using life = new AsyncDisposableStack();
  const intake = life.use(await startIntake(life.use(await testDatabase())));
  intake.refuse = ({ parsed }) => {
    throw new TypeError(`syntax error in "${parsed.text}"`);
  };
  await intake.take(INBOX, [message('a', '', 'secret words')]);
  await intake.settled(patience());
  const complaint = intake.complaints.find((each) => each.includes('mail.not-filed'));
  expect(complaint).toContain('TypeError');
  expect(intake.complaints.join()).not.toContain('secret');
});

test('sweep() takes away what nothing refers to, and nothing else', async () => {
  await using life = new AsyncDisposableStack();
  const { blobs, tables, database } = life.use(await startIntake(life.use(await testDatabase())));
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let count = 0; count < 40; count++) yield randomBytes(50_000);
  };
  const orphan: Blob = await blobs.write(pieces());
  const [held = ''] = await blobs.put([message('held')]);
  await tables.keep({
    mailbox: INBOX,
    account: 'test',
    mails: [{ key: 'k', receivedAt: 0, messageId: undefined, raw: message('held') }],
  });
  expect(orphan.size).toBe(2_000_000);
  expect(await blobs.sweep(systemClock)).toBe(0); // somebody may still be about to refer to it
  const tomorrow = { ...systemClock, now: () => Date.now() + 90_000_000 };
  expect(await blobs.sweep(tomorrow)).toBe(1);
  expect((await blobs.piece(held, 0, 100)).length).toBe(100);
  const left = await database.query({
    text: 'select from email.blob_chunks where blob = $1',
    values: [orphan.id],
  });
  expect(left).toEqual([]);
});

const CALL = {} as Parameters<Awaited<ReturnType<typeof startIntake>>['methods']['check']>[1];
