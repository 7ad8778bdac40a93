import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock, hours, minutes, seconds } from '#base/time.ts';
import type { MailSource } from '../mail-source.ts';
import { imapScript, startScriptedServer } from '../testing/scripted-server.ts';
import type { ScriptedServer } from '../testing/scripted-server.ts';
import { as, failureOf, tell } from '../testing/sources.ts';
import { PIECE } from './imap-session.ts';
import { openImapSource } from './imap-source.ts';
import type { ImapSettings } from './imap-source.ts';

const { signal } = new AbortController();
const clock = new ManualClock(Date.now());

const open = (server: ScriptedServer, more: Partial<ImapSettings> = {}): Promise<MailSource> =>
  openImapSource(
    {
      type: 'imap',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      authority: '',
      signIn: { type: 'password', user: '' },
      folder: 'INBOX',
      poll: minutes(1),
      after: 'leave',
      ...more,
    },
    { ...as('support'), clock },
  );

/** Tells of each message that is asked for: its size, or what the test says. */
function rows(rest: string, told: (uid: number) => string): string {
  const [, set = ''] = /^(\S+)/.exec(rest) ?? [];
  return set
    .split(',')
    .map(
      (uid) =>
        `* ${uid} FETCH (UID ${uid} INTERNALDATE "22-Nov-2026 19:00:00 +0000" ${told(Number(uid))})\r\n`,
    )
    .join('');
}
const asksForContent = (rest: string): boolean => rest.includes('BODY.PEEK[]');
const body = (content: string): string => `BODY[]<0> {${content.length}}\r\n${content}`;

test.for(['none', 'starttls', 'tls'] as const)(
  'E02: a server that takes the connection and says nothing, with security %s, is given up in time',
  async (security) => {
    await using server = await startScriptedServer(() => undefined);
    const opening = failureOf(open(server, { security }));
    await server.connected;
    clock.advance(seconds(31));
    expect(await opening).toMatchObject({ kind: 'temporary', reason: 'timeout' });
  },
);

test.for<[string, string]>([
  ['garbage', '\u0000\u0001\u0002 \r\n\u00FF\u00FF\r\n'],
  ['another protocol', 'SSH-2.0-x\r\n'],
  ['a line without end', 'x'.repeat(33 * 1_024 * 1_024)],
  ['a goodbye', '* BYE overloaded\r\n'],
])('a server that greets with %s is told from a sound one', async ([, greeting]) => {
  const script = imapScript({ GREETING: (_tag, _rest, socket) => socket.end(greeting, 'latin1') });
  await using server = await startScriptedServer(script);
  expect(await failureOf(open(server))).toMatchObject({ name: 'MailFailure', kind: 'temporary' });
  expect(server.heard.join()).not.toMatch(/LOGIN|AUTHENTICATE/);
});

test('no password goes to a server whose offer of STARTTLS was taken away', async () => {
  await using server = await startScriptedServer(imapScript());
  expect(await failureOf(open(server, { security: 'starttls' }))).toMatchObject({
    kind: 'permanent',
    reason: 'no-encryption',
  });
  expect(server.heard.join()).not.toMatch(/LOGIN|AUTHENTICATE/);
});

test.for<[string, (tag: string, socket: Socket) => void]>([
  ['in one piece', (tag, socket) => socket.write(`${tag} OK go\r\n* CAPABILITY IMAP4rev1\r\n`)],
  [
    'just after',
    (tag, socket) => {
      socket.write(`${tag} OK go\r\n`);
      setImmediate(() => socket.write('* OK [ALERT] pay here\r\n'));
    },
  ],
])('what is said before TLS, %s, is not taken for something said within', async ([, inject]) => {
  const script = imapScript({
    CAPABILITY: (tag, _rest, socket) =>
      socket.write(`* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\r\n${tag} OK done\r\n`),
    STARTTLS: (tag, _rest, socket) => inject(tag, socket),
  });
  await using server = await startScriptedServer(script);
  expect(await failureOf(open(server, { security: 'starttls' }))).toMatchObject({
    name: 'MailFailure',
    reason: expect.stringMatching(/^(?:protocol|tls|closed)$/) as string,
  });
  expect(server.heard.join()).not.toMatch(/LOGIN|AUTHENTICATE/);
});

test.for<[string, string]>([
  ['four gigabytes announced', 'BODY[]<0> {4294967296}\r\nSubject'],
  ['more than was asked for', `BODY[]<0> {2000000}\r\n${'x'.repeat(1_000)}`],
])('a message of %s breaks the connection and is suspect', async ([, content]) => {
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      const told = asksForContent(rest) ? content : 'RFC822.SIZE 20';
      socket.write(`${rows(rest, () => told)}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  const failure = await failureOf(tell(source, keys.slice(0, 2)));
  expect(failure).toMatchObject({
    kind: 'temporary',
    endsSource: true,
    suspects: keys.slice(0, 2),
  });
  expect(await failureOf(source.list(signal))).toMatchObject({ name: 'MailFailure' });
});

test.for<[string, number]>([
  ['stops', 0],
  ['drips', 1],
])('a server that %s within a message is given up in time', async ([, drops]) => {
  let dripping: Socket | undefined;
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      if (!asksForContent(rest)) {
        return void socket.write(`${rows(rest, () => 'RFC822.SIZE 2000')}${tag} OK done\r\n`);
      }
      socket.write('* 1 FETCH (UID 1 BODY[]<0> {2000}\r\n');
      dripping = socket;
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  const started = clock.monotonic();
  const fetching = failureOf(tell(source, keys.slice(0, 1)));
  const over = new AbortController();
  void fetching.finally(() => over.abort());
  await server.hears(/BODY\.PEEK/);
  while (!over.signal.aborted) {
    if (drops > 0) dripping?.write('x');
    await new Promise((resolve) => void setTimeout(resolve, 5));
    clock.advance(seconds(20));
  }
  expect(await fetching).toMatchObject({ kind: 'temporary', reason: 'timeout' });
  expect(clock.monotonic() - started).toBeLessThanOrEqual(minutes(drops > 0 ? 11 : 3));
});

test('E13: one message that the server cannot give is told, and the others come', async () => {
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      if (!asksForContent(rest)) {
        socket.write(`${rows(rest, () => 'RFC822.SIZE 20')}${tag} OK done\r\n`);
      } else if (/^(?:\d+,)*2\b/.test(rest)) socket.write(`${tag} NO [SERVERBUG] broken\r\n`);
      else socket.write(`${rows(rest, (uid) => body(`message ${uid}`))}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(await tell(source, keys)).toMatchObject([{ size: 9 }, 'unreadable', { size: 9 }]);
  expect(await source.list(signal)).toMatchObject({ keys });
});

test('a message that the server does not tell of in sound words is not taken for one that is gone', async () => {
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      const told = (uid: number): string => {
        if (uid === 2) return 'BODY[]<0> "x" (((((';
        return asksForContent(rest) ? body('x') : 'RFC822.SIZE 20';
      };
      socket.write(`${rows(rest.replace(',4', ''), told)}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(await tell(source, [...keys, 'imap:7:4'])).toMatchObject([
    'unreadable',
    'gone',
    { key: keys[0] },
    { key: keys[2] },
  ]);
});

test('E13: one message that the server cannot even tell the size of is told, and the others come', async () => {
  const script = imapScript({
    'UID SEARCH': (tag, _rest, socket) =>
      socket.write(
        `* SEARCH ${Array.from({ length: 40 }, (_, at) => at + 1).join(' ')}\r\n${tag} OK done\r\n`,
      ),
    'UID FETCH': (tag, rest, socket) => {
      const told = asksForContent(rest) ? body('x') : 'RFC822.SIZE 1';
      if (/^(?:\d+,)*17\b/.test(rest)) socket.write(`${tag} NO broken\r\n`);
      else socket.write(`${rows(rest, () => told)}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  const told = await tell(source, keys);
  expect(told.filter((each) => typeof each === 'string')).toEqual(['unreadable']);
  expect(told).toHaveLength(40);
});

test('what a server says of a size is not relied on', async () => {
  const content = 'x'.repeat(PIECE + 5);
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      const [, start = '0', length = '0'] = /<(\d+)\.(\d+)>/.exec(rest) ?? [];
      const part = content.slice(Number(start), Number(start) + Number(length));
      const told = asksForContent(rest)
        ? `BODY[]<${start}> {${part.length}}\r\n${part}`
        : 'RFC822.SIZE 10';
      socket.write(`${rows(rest, () => told)}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(await tell(source, keys.slice(0, 1))).toMatchObject([{ size: content.length }]);
});

test('E12: nothing that is sent could mark a message as seen', async () => {
  const script = imapScript({
    'UID FETCH': (tag, rest, socket) => {
      const told = asksForContent(rest) ? body('x') : 'RFC822.SIZE 20';
      socket.write(`${rows(rest, () => told)}${tag} OK done\r\n`);
    },
  });
  await using server = await startScriptedServer(script);
  for (const after of ['leave', 'delete'] as const) {
    await using source = await open(server, { after });
    await tell(source, (await source.list(signal)).keys);
    await source.settle(['imap:7:1'], signal);
  }
  const sent = server.heard.map((line) => line.replace(/^\S+ /, ''));
  expect(sent.filter((line) => /SEEN|BODY\[|RFC822(?!\.SIZE)/i.test(line))).toEqual([]);
  expect(sent.filter((line) => /^(?:SELECT|EXAMINE|UID STORE|UID EXPUNGE)/.test(line))).toEqual([
    'EXAMINE INBOX',
    'SELECT INBOX',
    'UID STORE 1 +FLAGS (\\Deleted)',
    'UID EXPUNGE 1',
  ]);
});

test('an abort ends what is under way at once', async () => {
  await using server = await startScriptedServer(imapScript({ 'UID SEARCH': () => undefined }));
  await using source = await open(server);
  const abort = new AbortController();
  const listing = source.list(abort.signal);
  await server.hears(/UID SEARCH/);
  abort.abort(new Error('enough'));
  await expect(listing).rejects.toThrow('enough');
});

test('a server without IDLE is looked at when it is time', async () => {
  const script = imapScript({
    CAPABILITY: (tag, _rest, socket) =>
      socket.write(`* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tag} OK done\r\n`),
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  let isOver = false;
  const news = source.news(signal).then(() => (isOver = true));
  clock.advance(seconds(59));
  expect(isOver).toBe(false);
  clock.advance(seconds(1));
  await news;
  expect(server.heard.at(-1)).toMatch(/NOOP$/);
});

test('IDLE is renewed long before a server or a device between forgets it', async () => {
  const idle: string[] = [];
  const script = imapScript({
    IDLE: (tag, _rest, socket) => {
      idle.push(tag);
      socket.write('+ idling\r\n');
    },
    DONE: () => undefined,
  });
  await using server = await startScriptedServer((line, socket) => {
    if (line === 'DONE') socket.write(`${idle.at(-1)} OK done\r\n`);
    else script(line, socket);
  });
  await using source = await open(server);
  const news = source.news(signal);
  await server.hears(/IDLE$/);
  clock.advance(minutes(9));
  await news;
  expect(server.heard.slice(-2)).toEqual(['DONE', expect.stringMatching(/NOOP$/)]);
});

test('a server that refuses IDLE is looked at when it is time', async () => {
  const refusal = (tag: string, _rest: string, socket: Socket): void =>
    void socket.write(`${tag} NO [UNAVAILABLE] not now\r\n`);
  await using server = await startScriptedServer(imapScript({ IDLE: refusal }));
  await using source = await open(server);
  const over = new AbortController();
  const news = source.news(signal).finally(() => over.abort());
  await server.hears(/IDLE$/);
  while (!over.signal.aborted) {
    await new Promise((resolve) => void setTimeout(resolve, 2));
    clock.advance(seconds(10));
    expect(clock.monotonic()).toBeLessThan(hours(24));
  }
  await news;
  expect(server.heard.at(-1)).toMatch(/NOOP$/);
});

test.for<[string, string, string]>([
  ['NO [OVERQUOTA] full', 'temporary', 'over-quota'],
  ['NO [TRYCREATE] no such folder', 'permanent', 'folder-missing'],
  ['NO [SERVERBUG] sorry', 'temporary', 'server'],
  ['BAD what', 'temporary', 'server'],
])('settle() answered with "%s" is %s: %s', async ([answer, kind, reason]) => {
  const script = imapScript({
    CAPABILITY: (tag, _rest, socket) =>
      socket.write(`* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE\r\n${tag} OK done\r\n`),
    'UID MOVE': (tag, _rest, socket) => socket.write(`${tag} ${answer}\r\n`),
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server, { after: 'move', moveTo: 'Filed' });
  expect(await failureOf(source.settle(['imap:7:1'], signal))).toMatchObject({ kind, reason });
});

test.for<[string, string, string]>([
  ['NO [AUTHENTICATIONFAILED] no', 'permanent', 'authentication-refused'],
  ['NO [EXPIRED] change it', 'permanent', 'authentication-refused'],
  ['NO no', 'permanent', 'authentication-refused'],
  ['NO [UNAVAILABLE] directory is down', 'temporary', 'server'],
  ['NO [INUSE] one at a time', 'temporary', 'in-use'],
])('E03: signing in answered with "%s" is %s: %s', async ([answer, kind, reason]) => {
  const usual = imapScript();
  await using server = await startScriptedServer((line, socket) => {
    if (/^[\w+/=]{10,}$/.test(line))
      socket.write(`${server.heard.at(-2)?.split(' ')[0]} ${answer}\r\n`);
    else usual(line, socket);
  });
  expect(await failureOf(open(server))).toMatchObject({ kind, reason });
});
