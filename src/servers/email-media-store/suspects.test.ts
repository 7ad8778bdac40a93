import { expect, test } from 'vitest';
import { ManualClock, hours, minutes } from '#base/time.ts';
import type { MailFailure } from './mail-failure.ts';
import { openMailSource } from './open-mail-source.ts';
import { Suspects } from './suspects.ts';
import { imapScript, startScriptedServer } from './testing/scripted-server.ts';
import type { ScriptedServer } from './testing/scripted-server.ts';
import { as } from './testing/sources.ts';

const { signal } = new AbortController();
const KEYS = ['imap:7:1', 'imap:7:2', 'imap:7:3'];

/** Breaks the connection whenever one message is asked for, until it is mended. */
function breakingScript(state: { isBroken: boolean }): Parameters<typeof startScriptedServer>[0] {
  return imapScript({
    'UID FETCH': (tag, rest, socket) => {
      const [set = ''] = rest.split(' ');
      const asksForContent = rest.includes('BODY.PEEK[]');
      if (state.isBroken && asksForContent && set.split(',').includes('2')) return socket.destroy();
      const rows = set
        .split(',')
        .map(
          (uid) =>
            `* ${uid} FETCH (UID ${uid} ${asksForContent ? 'BODY[]<0> {1}\r\nx' : 'RFC822.SIZE 1'})\r\n`,
        );
      socket.write(`${rows.join('')}${tag} OK done\r\n`);
    },
  });
}

/** Connects and fetches what is not held yet, as a collector does. @returns What it was told, or `broken`. */
async function attempt(
  server: ScriptedServer,
  suspects: Suspects,
  clock: ManualClock,
  held: Set<string>,
): Promise<string> {
  await using source = await openMailSource(
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
    },
    { ...as('support'), clock, suspects },
  );
  const told: string[] = [];
  try {
    for await (const found of source.fetch(
      KEYS.filter((key) => !held.has(key)),
      signal,
    )) {
      told.push(`${found.type} ${found.key.slice(-1)}`);
      if (found.type === 'message') held.add(found.key);
    }
  } catch (error) {
    told.push(`broken ${(error as MailFailure).kind}`);
  }
  return told.join(', ');
}

test('E13: one message that breaks every connection keeps no other from being fetched', async () => {
  const state = { isBroken: true };
  await using server = await startScriptedServer(breakingScript(state));
  const clock = new ManualClock(Date.now());
  const suspects = new Suspects(clock);
  const held = new Set<string>();
  const next = (): Promise<string> => attempt(server, suspects, clock, held);
  expect([await next(), await next(), await next(), await next()]).toEqual([
    'broken temporary',
    'message 1, broken temporary',
    'message 3, broken temporary',
    'unreadable 2',
  ]);
  clock.advance(hours(1));
  expect([await next(), await next()]).toEqual(['broken temporary', 'unreadable 2']);
  state.isBroken = false;
  clock.advance(hours(1));
  expect(await next()).toBe('message 2');
});
