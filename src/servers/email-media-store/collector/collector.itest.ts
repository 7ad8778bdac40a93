import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { days, hours, minutes } from '#base/time.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { startCyrus } from '../../../../test/servers/cyrus.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import type { Dovecot } from '../../../../test/servers/dovecot.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { startIntake } from '../testing/test-intake.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Real servers on a busy machine take their time. */
const SOON = { timeout: 60_000 };

const dovecot = shared(startDovecot);
const servers = { Dovecot: dovecot, Cyrus: shared(startCyrus) } as const;
const names = ['Dovecot', 'Cyrus'] as const;

interface Place {
  readonly ports: { readonly imap: number; readonly pop3: number };
}

const imap = ({ ports }: Place, user: string, more: Record<string, unknown> = {}) => ({
  receive: {
    type: 'imap',
    host: '127.0.0.1',
    port: ports.imap,
    security: 'none',
    signIn: { type: 'password', user },
    poll: 5_000,
    ...more,
  },
});

const pop3 = ({ ports }: Place, user: string) => ({
  receive: {
    type: 'pop3',
    host: '127.0.0.1',
    port: ports.pop3,
    security: 'none',
    signIn: { type: 'password', user },
    poll: 5_000,
  },
});

const letter = (subject: string, more = ''): string =>
  `From: customer@example.net\r\nTo: support@example.com\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.net>\r\n${more}\r\nHello\r\n`;

const letters = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => letter(`m${from + at}`));

const subjects = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `m${from + at}`).toSorted();

type Intake = Awaited<ReturnType<typeof startIntake>>;

const filedSubjects = ({ filed }: Intake): string[] =>
  filed.map(({ parsed }) => parsed.subject).toSorted();

async function start(life: AsyncDisposableStack): Promise<Intake> {
  return life.use(await startIntake(life.use(await testDatabase())));
}

test.for(names)(
  'E12: %s: what was read on another device is fetched all the same',
  async (name, context) => {
    const server = await servers[name](context);
    await using life = new AsyncDisposableStack();
    const intake = await start(life);
    await server.append('seen', letters(0, 3));
    await markAllSeen(server.ports.imap, 'seen');
    await intake.mailbox('seen', imap(server, 'seen'));
    await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 3));
    await server.append('seen', letters(3, 4));
    await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 4));
  },
);

/** As a telephone does that shows the mailbox to somebody. */
async function markAllSeen(port: number, user: string): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  socket.write(
    `a LOGIN ${user} test\r\nb SELECT INBOX\r\nc STORE 1:* +FLAGS (\\Seen)\r\nd LOGOUT\r\n`,
  );
  const said = (await socket.toArray()).join('');
  expect(said).toContain('\\Seen');
}

test('E01: a server that was away is looked at again by itself, and its backlog is complete', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = await start(life);
  await server.append('away', letters(0, 2));
  const mailbox = await intake.mailbox('away', imap(server, 'away'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 2));
  await server.append('away', letters(2, 3));
  await server.stop();
  await expect.poll(() => intake.collectors.status(mailbox).state, SOON).toBe('failing');
  expect(intake.collectors.status(mailbox).problem).toContain('127.0.0.1');
  await server.start();
  await server.append('away', letters(3, 40));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 40));
  expect(intake.collectors.status(mailbox)).toMatchObject({ state: 'good', alarm: false });
  expect(intake.health.has('mailbox away')).toBe(false);
});

/** Takes connections and never says a word. */
async function openBlackHole(life: AsyncDisposableStack): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  life.defer(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('E02: mailboxes whose servers hang hold up no other', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const hole = await openBlackHole(life);
  const intake = await start(life);
  const ports = { imap: hole, pop3: hole };
  for (let count = 0; count < 20; count++) {
    await intake.mailbox(`hanging${count}`, (count % 2 ? imap : pop3)({ ports }, 'hanging'));
  }
  await server.append('lively', letters(0, 10));
  const lively = await intake.mailbox('lively', imap(server, 'lively'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 10));
  expect(intake.collectors.status(lively).state).toBe('good');
  expect([...intake.collectors.counts()]).toEqual(
    expect.arrayContaining([
      ['waiting', 20],
      ['good', 1],
    ]),
  );
});

test('E03: an error never switches a mailbox off: a refused one is tried again, and at once when its password is set', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = await start(life);
  await server.append('locked', letters(0, 2));
  const mailbox = await intake.mailbox('locked', imap(server, 'locked'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 2));
  await intake.secrets.set({ mailbox, use: 'receive', kind: 'password' }, 'wrong', 'test');
  await expect.poll(() => intake.collectors.status(mailbox).state, SOON).toBe('refused');
  const { problem, next } = intake.collectors.status(mailbox);
  expect(problem).toContain('does not let "locked" in');
  expect(next).toBeLessThan(Date.now() + hours(1));
  expect(intake.health.get('mailbox locked')).toContain('does not let "locked" in');
  await server.append('locked', letters(2, 4));
  await intake.secrets.set({ mailbox, use: 'receive', kind: 'password' }, 'test', 'test');
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 4));
});

test('E04: after a week without us nothing is lost, what is recent comes first, and every message keeps its age', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const now = Date.now();
  const week = days(7);
  const count = 600;
  const ages = Array.from(
    { length: count },
    (_, at) => now - week + Math.floor((at * week) / count),
  );
  for (let at = 0; at < count; at += 100) {
    // As they came in, ten minutes and more apart
    const some = ages.slice(at, at + 100);
    for (const [index, age] of some.entries()) {
      if (index % 20 === 0) await server.append('week', letters(at + index, at + index + 20), age);
    }
  }
  await server.append('week', [letter('recent')], now);
  const intake = await start(life);
  await intake.mailbox('week', imap(server, 'week'));
  await expect.poll(() => filedSubjects(intake).length, SOON).toBe(count + 1);
  expect(filedSubjects(intake)).toEqual([...subjects(0, count), 'recent'].toSorted());
  const place = intake.filed.findIndex(({ parsed }) => parsed.subject === 'recent');
  expect(place).toBeLessThan(100); // beside the first of the backlog, not behind it
  for (const { mail, parsed } of intake.filed) {
    if (parsed.subject === 'recent') continue;
    const at = Number(parsed.subject.slice(1));
    expect(mail.receivedAt).toBe(Math.floor((ages[at - (at % 20)] ?? 0) / 1_000) * 1_000);
  }
});

test.for(names)(
  'E14: %s: the check finds what is not here, and fetching it again closes the gap',
  async (name, context) => {
    const server = await servers[name](context);
    await using life = new AsyncDisposableStack();
    const intake = await start(life);
    await server.append('gaps', letters(0, 10));
    await server.append('gaps', [
      letter('huge', `X-Pad: ${'x'.repeat(150_000).replace(/.{900}/g, '$&\r\n ')}\r\n`),
    ]);
    const mailbox = await intake.mailbox('gaps', { ...imap(server, 'gaps'), largest: 100_000 });
    await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 10));
    // As a restored backup, or a hand in the tables
    const [lost] = await intake.database.query<{ key: string }>({
      text: `with lost as (delete from email.received where id in
        (select id from email.received order by key limit 2) returning id)
      delete from email.received_keys where mail in (select id from lost) returning key`,
    });
    expect(lost?.key).toMatch(/^imap:/);
    const { check } = await intake.methods.check({ mailbox }, CALL);
    expect(check).toMatchObject({ server: 11, held: 8, gapsInAll: 3 });
    expect(check.gaps.map(({ reason }) => reason).toSorted()).toEqual([
      'missing',
      'missing',
      'too-large',
    ]);
    expect(intake.health.get('mailbox gaps reconciliation')).toContain('2 messages are');
    await intake.reconciling.night(AbortSignal.timeout(30_000));
    await expect.poll(() => new Set(filedSubjects(intake)), SOON).toEqual(new Set(subjects(0, 10)));
    const large = check.gaps.find(({ reason }) => reason === 'too-large');
    const again = await intake.methods.reimport(
      { mailbox, keys: [large?.key ?? '', lost?.key ?? ''] },
      CALL,
    );
    expect(again).toEqual({ filed: 1 });
    const { checks } = await intake.methods.checks({}, CALL);
    expect(checks).toMatchObject([{ mailbox, server: 11, gaps: [{ reason: 'too-large' }] }]);
    expect((await intake.methods.check({ mailbox }, CALL)).check).toMatchObject({
      held: 11,
      gaps: [],
    });
  },
);

test('E20: two hundred mailboxes are all looked at, and each is told of what comes', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = await start(life);
  const count = 200;
  for (let at = 0; at < count; at++) await intake.mailbox(`box${at}`, imap(server, `box${at}`));
  await expect.poll(() => intake.collectors.counts().get('good'), SOON).toBe(count);
  const before = intake.filed.length;
  for (let at = 0; at < count; at += 20) {
    const some = Array.from({ length: 20 }, (_, index) => at + index);
    await Promise.all(some.map((each) => server.deliver(`box${each}`, letter(`m${each}`))));
  }
  await expect.poll(() => intake.filed.length - before, SOON).toBe(count);
  expect(new Set(intake.filed.map(({ mail }) => mail.mailbox)).size).toBe(count);
});

test('E20: an import that is broken off goes on where it was', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  await server.append('import', letters(0, 700), Date.now() - days(30));
  const database = life.use(await testDatabase());
  let held = 0;
  {
    await using first = await startIntake(database);
    await first.mailbox('import', imap(server, 'import'));
    await expect
      .poll(() => first.filed.length, { interval: 5, timeout: 30_000 })
      .toBeGreaterThan(100);
  }
  held = await countReceived(database);
  expect(held).toBeGreaterThan(100);
  const second = life.use(await startIntake(database));
  await second.mailbox('import', imap(server, 'import'));
  await expect.poll(() => countFiled(database), SOON).toBe(700);
  expect(await countReceived(database)).toBe(700);
  const [distinct] = await database.query<{ count: number }>({
    text: 'select count(distinct subject) from filed',
  });
  expect(distinct?.count).toBe(700);
});

type Queried = Pick<Intake['database'], 'query'>;

async function countOf(database: Queried, table: string): Promise<number> {
  const [row] = await database.query<{ count: number }>({ text: `select count(*) from ${table}` });
  return row?.count ?? 0;
}
const countReceived = (database: Queried): Promise<number> => countOf(database, 'email.received');
const countFiled = (database: Queried): Promise<number> => countOf(database, 'filed');

test.for(names)(
  'E07: %s: two pollers at once, and another when one is gone, file each message once',
  async (name, context) => {
    const server = await servers[name](context);
    await using life = new AsyncDisposableStack();
    const database = life.use(await testDatabase());
    await server.append('twice', letters(0, 100));
    const first = await startIntake(database);
    const second = life.use(await startIntake(database));
    await Promise.all([first, second].map((each) => each.mailbox('twice', imap(server, 'twice'))));
    await expect.poll(() => countFiled(database), SOON).toBe(100);
    await first[Symbol.asyncDispose]();
    await server.append('twice', letters(100, 110));
    await expect.poll(() => countFiled(database), SOON).toBe(110);
    expect(await countReceived(database)).toBe(110);
  },
);

test.for(names)(
  'E07: %s: a server that numbers anew brings nothing back, not even what was deleted here',
  async (name, context) => {
    const server = await servers[name](context);
    await using life = new AsyncDisposableStack();
    const intake = await start(life);
    const at = Date.now() - minutes(90);
    const held = letters(0, 20);
    await server.append('anew', held, at);
    const mailbox = await intake.mailbox('anew', imap(server, 'anew'));
    await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 20));
    await intake.database.query({
      text: `update email.received set raw = null where mailbox = $1 and key like '%:1'`,
      values: [mailbox],
    });
    await recreateInbox(server, 'anew', held, at);
    await server.append('anew', letters(20, 22));
    intake.collectors.restart(mailbox);
    await expect.poll(() => filedSubjects(intake), SOON).toEqual(subjects(0, 22));
    const { check } = await intake.methods.check({ mailbox }, CALL);
    expect(check).toMatchObject({ server: 22, held: 22, gaps: [] });
    const [numbered] = await intake.database.query<{ keys: number; ways: number }>({
      text: `select count(*) as keys, count(distinct split_part(key, ':', 2)) as ways
        from email.received_keys`,
    });
    // Cyrus keeps its UIDVALIDITY, and gives other numbers
    expect(numbered).toEqual({ keys: 42, ways: name === 'Cyrus' ? 1 : 2 });
  },
);

/** Under another folder of the same content, which has numbers of its own: what becomes of a mailbox that moves. */
async function recreateInbox(
  server: Pick<Dovecot, 'append'> & Place,
  user: string,
  messages: readonly string[],
  at: number,
): Promise<void> {
  const socket = connect(server.ports.imap, '127.0.0.1').setEncoding('latin1');
  socket.write(
    `a LOGIN ${user} test\r\nb SELECT INBOX\r\nc STORE 1:* +FLAGS (\\Deleted)\r\nd EXPUNGE\r\ne CLOSE\r\nf RENAME INBOX Old\r\ng LOGOUT\r\n`,
  );
  await socket.toArray();
  await server.append(user, messages, at);
}

test('what is filed is deleted at its server where the settings say so, and nothing before', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = await start(life);
  await server.append('gone', letters(0, 5));
  intake.refuse = ({ parsed }) => parsed.subject === 'm3';
  const mailbox = await intake.mailbox('gone', imap(server, 'gone', { after: 'delete' }));
  await expect.poll(() => filedSubjects(intake).length, SOON).toBe(4);
  await intake.methods.lookNow({ mailbox }, CALL);
  await expect
    .poll(async () => (await intake.methods.check({ mailbox }, CALL)).check.server, SOON)
    .toBe(1);
});

test('a mailbox that is changed, switched off and on again takes effect at once', async (context) => {
  const server = await dovecot(context);
  await using life = new AsyncDisposableStack();
  const intake = await start(life);
  await server.append('one', [letter('one')]);
  await server.append('other', [letter('other')]);
  const mailbox = await intake.mailbox('moving', imap(server, 'one'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(['one']);
  await intake.mailbox('moving', imap(server, 'other'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(['one', 'other']);
  await intake.mailbox('moving', { ...imap(server, 'other'), enabled: false });
  expect(intake.collectors.status(mailbox).state).toBe('off');
  const { mailboxes } = await intake.methods.mailboxes({}, CALL);
  expect(mailboxes).toMatchObject([{ mailbox, state: 'off', fetchedToday: 2, unreadable: 0 }]);
  await server.append('other', [letter('late')]);
  await intake.mailbox('moving', imap(server, 'other'));
  await expect.poll(() => filedSubjects(intake), SOON).toEqual(['late', 'one', 'other']);
});

const CALL = {} as Parameters<Intake['methods']['check']>[1];
