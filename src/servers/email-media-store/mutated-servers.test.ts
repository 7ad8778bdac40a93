import fc from 'fast-check';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ManualClock, minutes, seconds } from '#base/time.ts';
import { MailFailure } from './mail-failure.ts';
import { openMailSource } from './open-mail-source.ts';
import { imapScript, pop3Script, startScriptedServer } from './testing/scripted-server.ts';
import type { Script } from './testing/scripted-server.ts';
import { as, tell } from './testing/sources.ts';

const { signal } = new AbortController();
const BYTES = ['\r', '\n', '(', ')', '{', '}', '"', '.', '+', '*', '9', '\0', '\xFF', ' '];

/** What becomes of the bytes that a server says: which is changed, into what, and whether it is one more or less. */
const Mutation = fc.record({
  at: fc.nat(1_500),
  to: fc.constantFrom(...BYTES),
  how: fc.constantFrom('changed', 'added', 'left out'),
});

/** The same server with a few of its bytes wrong, counted from its greeting on. */
function mutated(
  script: Script,
  mutations: readonly { at: number; to: string; how: string }[],
): Script {
  let said = 0;
  return (line, socket) => {
    const write = (text: string): boolean => {
      let changed = '';
      for (const byte of text) {
        const mutation = mutations.find(({ at }) => at === said);
        said++;
        if (mutation === undefined) changed += byte;
        else if (mutation.how === 'changed') changed += mutation.to;
        else if (mutation.how === 'added') changed += mutation.to + byte;
      }
      return socket.write(changed, 'latin1');
    };
    script(line, { write } as Pick<Socket, 'write'> as Socket);
  };
}

const imap = imapScript({
  'UID FETCH': (tag, rest, socket) => {
    const [set = ''] = rest.split(' ');
    const told = rest.includes('BODY.PEEK[]') ? 'BODY[]<0> {7}\r\nA: b\r\n' : 'RFC822.SIZE 7';
    const rows = set.split(',').map((uid) => `* ${uid} FETCH (UID ${uid} ${told})\r\n`);
    socket.write(`${rows.join('')}${tag} OK done\r\n`);
  },
});

test.for([
  ['imap', imap],
  ['pop3', pop3Script()],
] as const)(
  'whatever bytes an %s server gets wrong: it is a failure in our words, or a message, in bounded time',
  async ([type, script]) => {
    const visit = async (
      mutations: readonly { at: number; to: string; how: string }[],
    ): Promise<unknown> => {
      await using server = await startScriptedServer(mutated(script, mutations));
      const clock = new ManualClock(Date.now());
      const passing = setInterval(() => clock.advance(seconds(20)), 1);
      try {
        const settings = {
          type,
          host: '127.0.0.1',
          port: server.port,
          security: 'none',
          authority: '',
          signIn: { type: 'password', user: '' },
          folder: 'INBOX',
          poll: minutes(1),
          after: 'leave',
        } as const;
        await using source = await openMailSource(settings, { ...as('support'), clock });
        const { keys } = await source.list(signal);
        return (await tell(source, keys)).length <= keys.length;
      } catch (error) {
        return error instanceof MailFailure || error;
      } finally {
        clearInterval(passing);
      }
    };
    expect(await visit([])).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.array(Mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        expect(await visit(mutations)).toBe(true);
      }),
      { numRuns: 40 },
    );
  },
);
