import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock, minutes, seconds } from '#base/time.ts';
import type { MailSource } from '../mail-source.ts';
import { pop3Script, startScriptedServer } from '../testing/scripted-server.ts';
import type { ScriptedServer } from '../testing/scripted-server.ts';
import { as, failureOf, tell } from '../testing/sources.ts';
import { openPop3Source } from './pop3-source.ts';
import type { Pop3Settings } from './pop3-source.ts';

const { signal } = new AbortController();
const clock = new ManualClock(Date.now());

const open = (
  server: ScriptedServer,
  more: Partial<Pop3Settings> = {},
  password?: string,
): Promise<MailSource> =>
  openPop3Source(
    {
      type: 'pop3',
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      authority: '',
      signIn: { type: 'password', user: '' },
      poll: minutes(1),
      after: 'leave',
      ...more,
    },
    { ...as('support', password), clock },
  );

const say =
  (text: string) =>
  (_argument: string, socket: Socket): void =>
    void socket.write(text, 'latin1');

test.for(['none', 'starttls', 'tls'] as const)(
  'E02: a POP3 server that takes the connection and says nothing, with security %s, is given up in time',
  async (security) => {
    await using server = await startScriptedServer(() => undefined);
    const opening = failureOf(open(server, { security }));
    await server.connected;
    clock.advance(seconds(31));
    expect(await opening).toMatchObject({ kind: 'temporary', reason: 'timeout' });
  },
);

test.for<[string, string, string]>([
  ['garbage', '\u0000\u0001\u00FF\r\n', 'protocol'],
  ['another protocol', '* OK IMAP4rev1 ready\r\n', 'protocol'],
  ['a line without end', 'x'.repeat(9_000), 'protocol'],
  ['a refusal', '-ERR [SYS/TEMP] try later\r\n', 'server'],
])('a POP3 server that greets with %s is told nothing', async ([, greeting, reason]) => {
  await using server = await startScriptedServer(pop3Script({ GREETING: say(greeting) }));
  expect(await failureOf(open(server))).toMatchObject({ kind: 'temporary', reason });
  expect(server.heard).toEqual([]);
});

test('no password goes to a POP3 server whose STLS was taken away', async () => {
  const script = pop3Script({ STLS: say('-ERR unknown command\r\n') });
  await using server = await startScriptedServer(script);
  expect(await failureOf(open(server, { security: 'starttls' }))).toMatchObject({
    kind: 'permanent',
    reason: 'no-encryption',
  });
  expect(server.heard).toEqual(['STLS']);
});

test('what a POP3 server says between STLS and TLS is not taken for something said within', async () => {
  const script = pop3Script({ STLS: say('+OK go\r\n+OK signed in\r\n') });
  await using server = await startScriptedServer(script);
  expect(await failureOf(open(server, { security: 'starttls' }))).toMatchObject({
    kind: 'temporary',
    reason: 'protocol',
  });
  expect(server.heard).toEqual(['STLS']);
});

test.for<[string, string, string]>([
  ['-ERR [AUTH] no', 'permanent', 'authentication-refused'],
  ['-ERR no', 'permanent', 'authentication-refused'],
  ['-ERR [IN-USE] another has it', 'temporary', 'in-use'],
  ['-ERR maildrop already locked', 'temporary', 'in-use'],
  ['-ERR [LOGIN-DELAY] wait', 'temporary', 'in-use'],
  ['-ERR [SYS/TEMP] disk', 'temporary', 'server'],
  ['-ERR [SYS/PERM] moved', 'permanent', 'server'],
])('E03: "%s" to a password is %s: %s', async ([answer, kind, reason]) => {
  await using server = await startScriptedServer(pop3Script({ PASS: say(`${answer}\r\n`) }));
  expect(await failureOf(open(server))).toMatchObject({ kind, reason });
});

test('a password cannot carry a command of its own', async () => {
  await using server = await startScriptedServer(pop3Script());
  const failure = await failureOf(open(server, {}, 'x\r\nDELE 1'));
  expect(failure).toMatchObject({ reason: 'authentication-refused' });
  expect(server.heard).toEqual(['CAPA']);
});

test.for<[string, string]>([
  ['no numbers', '+OK\r\nnonsense\r\n.\r\n'],
  ['a key that is none', '+OK\r\n1 a\tb\r\n.\r\n'],
  ['no key', '+OK\r\n1\r\n.\r\n'],
])('a list with %s is refused', async ([, list]) => {
  await using server = await startScriptedServer(pop3Script({ UIDL: say(list) }));
  expect(await failureOf(open(server))).toMatchObject({ kind: 'temporary', reason: 'protocol' });
});

test('a list without end is broken off', async () => {
  const block = Buffer.from(
    '1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(10_000),
  );
  const flood = (socket: Socket): void => {
    while (socket.writable && socket.write(block));
    socket.once('drain', () => flood(socket));
  };
  const script = pop3Script({
    UIDL: (_argument, socket) => {
      socket.write('+OK\r\n');
      flood(socket);
    },
  });
  await using server = await startScriptedServer(script);
  expect(await failureOf(open(server))).toMatchObject({
    reason: 'protocol',
    what: expect.stringContaining('a list has no end') as string,
  });
});

test('copies with the same key are one message', async () => {
  const script = pop3Script({ UIDL: say('+OK\r\n1 a\r\n2 a\r\n3 b\r\n.\r\n') });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(keys).toEqual(['pop3:a', 'pop3:b']);
  await tell(source, keys);
  expect(server.heard.filter((line) => line.startsWith('RETR'))).toEqual(['RETR 1', 'RETR 3']);
});

test('E13: one message that the POP3 server cannot give is told, and the others come', async () => {
  const usual = pop3Script();
  await using server = await startScriptedServer((line, socket) => {
    if (line === 'RETR 2') socket.write('-ERR [SYS/TEMP] broken\r\n');
    else usual(line, socket);
  });
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(await tell(source, keys)).toMatchObject([{ size: 21 }, 'unreadable', { size: 21 }]);
});

test('a message that is not read is read over, and the next one is itself', async () => {
  await using server = await startScriptedServer(pop3Script());
  await using source = await open(server);
  const { keys } = await source.list(signal);
  for await (const found of source.fetch(keys, signal)) expect(found.type).toBe('message');
  expect(await tell(source, keys.slice(2))).toMatchObject([{ key: 'pop3:c', size: 21 }]);
});

test.for<[string, boolean]>([
  ['stops', false],
  ['drips', true],
])(
  'a POP3 server that %s within a message is given up in time, and it is suspect',
  async ([, drips]) => {
    let talking: Socket | undefined;
    const script = pop3Script({
      RETR: (_argument, socket) => {
        socket.write('+OK\r\nSubject');
        talking = socket;
      },
    });
    await using server = await startScriptedServer(script);
    await using source = await open(server);
    const { keys } = await source.list(signal);
    const fetching = failureOf(tell(source, keys));
    const over = new AbortController();
    void fetching.finally(() => over.abort());
    await server.hears(/RETR/);
    const started = clock.monotonic();
    while (!over.signal.aborted) {
      if (drips) talking?.write('x');
      await new Promise((resolve) => void setTimeout(resolve, 5));
      clock.advance(seconds(20));
    }
    expect(await fetching).toMatchObject({ reason: 'timeout', suspects: keys.slice(0, 1) });
    expect(clock.monotonic() - started).toBeLessThanOrEqual(minutes(drips ? 11 : 3));
  },
);

test('a POP3 server that goes away within a message ends the source', async () => {
  const script = pop3Script({
    RETR: (_argument, socket) => void socket.end('+OK\r\nSubject: x\r\n\r\nhalf'),
  });
  await using server = await startScriptedServer(script);
  await using source = await open(server);
  const { keys } = await source.list(signal);
  expect(await failureOf(tell(source, keys))).toMatchObject({
    kind: 'temporary',
    reason: 'closed',
    endsSource: true,
  });
});

test('an abort ends what a POP3 server keeps us waiting for', async () => {
  await using server = await startScriptedServer(pop3Script({ LIST: () => undefined }));
  await using source = await open(server);
  const { keys } = await source.list(signal);
  const abort = new AbortController();
  const fetching = source.fetch(keys, abort.signal)[Symbol.asyncIterator]().next();
  await server.hears(/LIST/);
  abort.abort(new Error('enough'));
  await expect(fetching).rejects.toThrow('enough');
});

test('what is deleted is gone with the end of the session, and no sooner', async () => {
  await using server = await startScriptedServer(
    pop3Script({ QUIT: say('-ERR [SYS/TEMP] not all deleted\r\n') }),
  );
  await using source = await open(server, { after: 'delete' });
  const { keys } = await source.list(signal);
  expect(await failureOf(source.settle(keys.slice(0, 1), signal))).toMatchObject({
    kind: 'temporary',
    reason: 'server',
  });
  expect(server.heard.slice(-2)).toEqual(['DELE 1', 'QUIT']);
});
