import { expect, test } from 'vitest';
import { ManualClock, minutes, systemClock } from '#base/time.ts';
import { startCyrus } from '../../../../test/servers/cyrus.ts';
import { startDovecot } from '../../../../test/servers/dovecot.ts';
import type { MailServer } from '../../../../test/servers/mail-wires.ts';
import { shared } from '../../../../test/servers/shared.ts';
import { openImapSource } from '../imap/imap-source.ts';
import type { MailSource } from '../mail-source.ts';
import { cursorAt } from '../mail-source.ts';
import { as, bulk, failureOf, letter, tell } from '../testing/sources.ts';
import type { Told } from '../testing/sources.ts';
import { openPop3Source } from './pop3-source.ts';
import type { Pop3Settings } from './pop3-source.ts';

const theServers = { Dovecot: shared(startDovecot), Cyrus: shared(startCyrus) } as const;
const names = ['Dovecot', 'Cyrus'] as const;
const { signal } = new AbortController();

function settingsOf(server: MailServer, more: Partial<Pop3Settings> = {}): Pop3Settings {
  return {
    type: 'pop3',
    host: server.host,
    port: server.ports.pop3s,
    security: 'tls',
    authority: server.authority,
    signIn: { type: 'password', user: '' },
    poll: minutes(1),
    after: 'leave',
    ...more,
  };
}

const openAs = (
  server: MailServer,
  user: string,
  more: Partial<Pop3Settings> = {},
): Promise<MailSource> => openPop3Source(settingsOf(server, more), as(user));

const contentOf = (told: readonly (Told | string)[]): unknown[] =>
  told.map((each) => (typeof each === 'string' ? each : { size: each.size, sum: each.sum }));

test.for(names)(
  '%s: POP3 gives every message as IMAP does, byte for byte',
  async (name, context) => {
    const server = await theServers[name](context);
    const odd = [
      'Subject: Dots\r\n\r\n.\r\n..\r\n.a\r\n',
      Buffer.from('A: \xE9\x80\xFF\r\n\r\n\xE8\r\n', 'latin1'),
    ];
    const messages = [...odd, bulk(5_000_000), '\r\n', letter(1), bulk(1_024 * 1_024)];
    await server.append('same', messages);
    await server.deliver('same', letter(2));
    await using imap = await openImapSource(
      { ...settingsOf(server), type: 'imap', port: server.ports.imaps, folder: 'INBOX' },
      as('same'),
    );
    const byImap = contentOf(await tell(imap, (await imap.list(signal)).keys));
    await using pop3 = await openAs(server, 'same');
    const { keys } = await pop3.list(signal);
    expect(contentOf(await tell(pop3, keys))).toEqual(byImap);
    expect(contentOf(await tell(pop3, keys.toReversed()))).toEqual(byImap.toReversed());
    const [last] = await tell(pop3, keys.slice(-1));
    expect(last).toMatchObject({ receivedAt: expect.closeTo(Date.now(), -5) as number });
  },
);

test.for(names)(
  'E04: %s: a listing names all that is there, and looks anew each time',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('list', [letter(1)]);
    await using source = await openAs(server, 'list');
    const { keys } = await source.list(signal);
    expect(keys).toEqual([expect.stringMatching(/^pop3:[!-~]+$/)]);
    expect(cursorAt(keys[0] ?? '')).toEqual({ type: 'pop3' });
    await server.append('list', [letter(2)]);
    const { keys: later } = await source.list(signal);
    expect(later).toEqual([keys[0], expect.any(String)]);
    expect(await tell(source, ['pop3:none', 'imap:1:1'])).toEqual(['gone', 'gone']);
  },
);

test.for(names)(
  '%s: settle() deletes what is filed, again and again, or leaves it',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('settle', [letter(1), letter(2), letter(3)]);
    await using source = await openAs(server, 'settle', { after: 'delete' });
    const { keys } = await source.list(signal);
    for (let time = 0; time < 2; time++) await source.settle(keys.slice(0, 2), signal);
    expect(await source.list(signal)).toEqual({ keys: keys.slice(2), renumbered: false });
    await source[Symbol.asyncDispose]();
    await using leaving = await openAs(server, 'settle');
    await leaving.settle(keys, signal);
    expect((await leaving.list(signal)).keys).toEqual(keys.slice(2));
  },
);

test.for(names)(
  '%s: news() leaves the mailbox to others until it is time to look',
  async (name, context) => {
    const server = await theServers[name](context);
    const clock = new ManualClock(Date.now());
    await using source = await openPop3Source(settingsOf(server), { ...as('news'), clock });
    expect((await source.list(signal)).keys).toEqual([]);
    const news = source.news(signal);
    await using other = await openAs(server, 'news');
    expect((await other.list(signal)).keys).toEqual([]);
    await other[Symbol.asyncDispose]();
    await server.append('news', [letter(1)]);
    clock.advance(minutes(1));
    await news;
    expect((await source.list(signal)).keys).toHaveLength(1);
  },
);

test.for(names)(
  'E03: %s: what is wrong with POP3 is told so that somebody can mend it',
  async (name, context) => {
    const server = await theServers[name](context);
    const open = (more: Partial<Pop3Settings>, password?: string): ReturnType<typeof failureOf> =>
      failureOf(openPop3Source(settingsOf(server, more), as('wrong', password)));
    const { pop3 } = server.ports;
    expect([
      await open({}, 'not it'),
      await open({ authority: '' }),
      await open({ port: pop3, security: 'starttls', authority: '' }),
      await open({ host: '127.0.0.2' }),
      await open({ port: pop3 }),
      await open({ host: 'nowhere.invalid' }),
    ]).toMatchObject([
      { kind: 'permanent', reason: 'authentication-refused' },
      { kind: 'permanent', reason: 'authority-unknown' },
      { kind: 'permanent', reason: 'authority-unknown' },
      { kind: 'temporary', reason: 'refused' },
      { kind: 'permanent', reason: 'tls' },
      { kind: 'temporary', reason: 'host-unknown' },
    ]);
  },
);

test.for(names)('%s: STLS is used where it is asked for', async (name, context) => {
  const server = await theServers[name](context);
  const { pop3: port } = server.ports;
  for (const security of ['starttls', 'none'] as const) {
    await using source = await openAs(server, 'plain', { port, security });
    expect((await source.list(signal)).keys).toEqual([]);
  }
});

test.for(names)(
  'E01: %s: a server that goes away is told, and found again',
  async (name, context) => {
    const server = await theServers[name](context);
    await server.append('away', [letter(1)]);
    await using source = await openPop3Source(settingsOf(server), {
      ...as('away'),
      clock: systemClock,
    });
    const { keys } = await source.list(signal);
    await server.stop();
    const lost = await failureOf(tell(source, keys));
    expect(lost).toMatchObject({ name: 'MailFailure', kind: 'temporary', endsSource: true });
    await server.start();
    await using again = await openAs(server, 'away');
    expect((await again.list(signal)).keys).toEqual(keys);
  },
);
