import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { days } from '#base/time.ts';
import { startCyrus } from '../../../../test/servers/cyrus.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import type { MailServer } from '../../../../test/servers/mail-wires.ts';
import { shared } from '../../../../test/servers/shared.ts';
import type { MailCursor, MailSource } from '../mail-source.ts';
import { cursorAt } from '../mail-source.ts';
import { as, bulk, failureOf, letter, sumOf, tell } from '../testing/sources.ts';
import { PIECE } from './imap-session.ts';
import { openImapSource } from './imap-source.ts';
import type { ImapSettings } from './imap-source.ts';

const theServers = { Dovecot: shared(startDovecot), Cyrus: shared(startCyrus) } as const;
const names = ['Dovecot', 'Cyrus'] as const;
const { signal } = new AbortController();

function settingsOf(server: MailServer, more: Partial<ImapSettings> = {}): ImapSettings {
  return {
    type: 'imap',
    host: server.host,
    port: server.ports.imaps,
    security: 'tls',
    authority: server.authority,
    signIn: { type: 'password', user: '' },
    folder: 'INBOX',
    poll: 5_000,
    after: 'leave',
    ...more,
  };
}

const openAs = (
  server: MailServer,
  user: string,
  more: Partial<ImapSettings> = {},
): Promise<MailSource> => openImapSource(settingsOf(server, more), as(user));

const imapCursor = (cursor: MailCursor): Extract<MailCursor, { type: 'imap' }> => {
  if (cursor.type !== 'imap') throw new Error('It is no cursor of IMAP');
  return cursor;
};

test.for(names)('%s: a mailbox is listed, and fetched in any order', async (name, context) => {
  const server = await theServers[name](context);
  const letters = Array.from({ length: 5 }, (_, number) => letter(number));
  for (const [number, each] of letters.entries()) {
    await server.append('order', [each], days(20_000 + number));
  }
  await using source = await openAs(server, 'order');
  const { keys, renumbered } = await source.list(signal);
  expect(renumbered).toBe(false);
  expect(keys).toHaveLength(5);
  const told = await tell(source, keys.toReversed());
  expect(told).toEqual(
    letters
      .map((each, number) => ({
        key: keys[number],
        receivedAt: days(20_000 + number),
        size: each.length,
        sum: sumOf(each),
        largestPiece: each.length,
      }))
      .toReversed(),
  );
});

test.for(names)(
  'E04, E12: %s: what came after the cursor is listed, seen or not',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('cursor', [letter(1), letter(2)]);
    await using source = await openAs(server, 'cursor');
    const before = await source.list(signal);
    const cursor = imapCursor(cursorAt(before.keys.at(-1) ?? ''));
    expect(await source.list(signal, cursor)).toEqual({ keys: [], renumbered: false });
    await server.append('cursor', [letter(3)]);
    await using other = await openAs(server, 'cursor', { after: 'delete' });
    await tell(other, before.keys);
    const after = await source.list(signal, cursor);
    expect(after).toEqual({
      keys: [`imap:${cursor.uidValidity}:${cursor.uid + 1}`],
      renumbered: false,
    });
    const stale = { ...cursor, uidValidity: '1' };
    expect(await source.list(signal, stale)).toEqual({
      keys: [...before.keys, ...after.keys],
      renumbered: true,
    });
    expect(await tell(source, ['imap:1:1', 'imap:nonsense', 'pop3:1'])).toEqual([
      'gone',
      'gone',
      'gone',
    ]);
  },
);

test.for(names)('%s: a large message comes in pieces, byte for byte', async (name, context) => {
  const server = await theServers[name](context);
  const messages = [letter(1), bulk(9_000_000), letter(2), bulk(PIECE)];
  await server.append('large', messages);
  await using source = await openAs(server, 'large');
  const { keys } = await source.list(signal);
  const told = await tell(source, keys);
  expect(told).toMatchObject(
    messages.map((each, number) => ({ key: keys[number], size: each.length, sum: sumOf(each) })),
  );
  expect(told[1]).toMatchObject({ largestPiece: PIECE });
});

test.for(names)(
  '%s: leaving a fetch early leaves the source fit for more',
  async (name, context) => {
    const server = await theServers[name](context);
    const messages = Array.from({ length: 250 }, (_, number) => letter(number));
    await server.append('early', messages);
    await using source = await openAs(server, 'early');
    const { keys } = await source.list(signal);
    for await (const found of source.fetch(keys, signal)) {
      expect(found.key).toBe(keys[0]);
      break;
    }
    expect(await tell(source, keys.slice(-1))).toMatchObject([{ sum: sumOf(letter(249)) }]);
    expect(await tell(source, keys)).toHaveLength(250);
  },
);

test.for(names)('%s tells of news by IDLE', async (name, context) => {
  const server = await theServers[name](context);
  await server.append('news', [letter(1)]);
  await using source = await openAs(server, 'news');
  const { keys } = await source.list(signal);
  const news = source.news(signal);
  await server.append('news', [letter(2)]);
  await news;
  const cursor = cursorAt(keys.at(-1) ?? '');
  expect((await source.list(signal, cursor)).keys).toHaveLength(1);
});

test.for(names)(
  'E01: %s: a server that goes away while nothing happens is noticed at once',
  async (name, context) => {
    const server = await theServers[name](context);
    await using source = await openAs(server, 'away');
    const news = failureOf(source.news(signal));
    await server.stop();
    expect(await news).toMatchObject({ name: 'MailFailure', kind: 'temporary', endsSource: true });
    expect(await failureOf(openAs(server, 'away'))).toMatchObject({
      kind: 'temporary',
      reason: 'refused',
    });
    await server.start();
    await using again = await openAs(server, 'away');
    expect(await again.list(signal)).toEqual({ keys: [], renumbered: false });
  },
);

test.for(names)(
  '%s: settle() leaves, deletes or moves what is filed, again and again',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('settle', [letter(1), letter(2), letter(3)]);
    await using leaving = await openAs(server, 'settle');
    const { keys } = await leaving.list(signal);
    await leaving.settle(keys, signal);
    await using deleting = await openAs(server, 'settle', { after: 'delete' });
    for (let time = 0; time < 2; time++) await deleting.settle(keys.slice(0, 1), signal);
    expect((await leaving.list(signal)).keys).toEqual(keys.slice(1));
    expect(await tell(leaving, keys)).toMatchObject(['gone', { key: keys[1] }, { key: keys[2] }]);

    await using moving = await openAs(server, 'settle', { after: 'move', moveTo: 'Filed' });
    expect(await failureOf(moving.settle(keys, signal))).toMatchObject({
      reason: 'folder-missing',
      kind: 'permanent',
      what: 'There is no folder "Filed" in the mailbox at "localhost"',
    });
    await createFolder(server, 'settle', 'Filed');
    await moving.settle(keys.slice(0, 2), signal);
    expect((await leaving.list(signal)).keys).toEqual(keys.slice(2));
    await using filed = await openAs(server, 'settle', { folder: 'Filed' });
    const moved = (await filed.list(signal)).keys;
    expect(await tell(filed, moved)).toMatchObject([{ sum: sumOf(letter(2)) }]);
  },
);

async function createFolder(server: MailServer, user: string, folder: string): Promise<void> {
  const socket = connect(server.ports.imap, '127.0.0.1').setEncoding('latin1');
  socket.write(`a LOGIN ${user} ${server.password}\r\nb CREATE ${folder}\r\nc LOGOUT\r\n`);
  await socket.toArray();
}

test.for(names)(
  'E03: %s: what is wrong is told so that somebody can mend it',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('wrong', [letter(1)]);
    const open = (more: Partial<ImapSettings>, password?: string): ReturnType<typeof failureOf> =>
      failureOf(openImapSource(settingsOf(server, more), as('wrong', password)));
    expect([
      await open({}, 'not it'),
      await open({ authority: '' }),
      await open({ host: '127.0.0.2' }),
      await open({ folder: 'Nowhere' }),
      await open({ port: server.ports.imap }),
      await open({ host: 'nowhere.invalid' }),
    ]).toMatchObject([
      { kind: 'permanent', reason: 'authentication-refused' },
      { kind: 'permanent', reason: 'authority-unknown' },
      { kind: 'temporary', reason: 'refused' },
      { kind: 'permanent', reason: 'folder-missing' },
      { kind: 'permanent', reason: 'tls' },
      { kind: 'temporary', reason: 'host-unknown' },
    ]);
  },
);

test.for(names)('%s: STARTTLS is used where it is asked for', async (name, context) => {
  const server = await theServers[name](context);
  const port = server.ports.imap;
  await using source = await openAs(server, 'plain', { port, security: 'starttls' });
  expect(await source.list(signal)).toMatchObject({ keys: [] });
  const unknown = openAs(server, 'plain', { port, security: 'starttls', authority: '' });
  expect(await failureOf(unknown)).toMatchObject({ reason: 'authority-unknown' });
  await using open = await openAs(server, 'plain', { port, security: 'none' });
  expect(await open.list(signal)).toMatchObject({ keys: [] });
});
