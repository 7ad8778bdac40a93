import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ManualClock, seconds } from '#base/time.ts';
import { ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';
import { until } from '../testing/until.ts';
import { Outbox } from './outbox.ts';
import type { OutChange, OutboxRow } from './outgoing.ts';

const ROW: OutboxRow = {
  email: EmailId.parse(newId()),
  conversation: ConversationId.parse(newId()),
  mailbox: MailboxId.parse('support'),
  raw: 'raw',
  size: 1,
  sender: 'support@shop.example',
  messageId: 'one@shop.example',
  automatic: false,
  state: 'held',
  at: 0,
  giveUpAt: 3_600_000,
  tries: 0,
  next: 10_000,
  problem: undefined,
  perhapsTwice: false,
  inDoubt: false,
  doubts: 0,
  holder: undefined,
  serverMessageId: undefined,
  recipients: [{ address: 'customer@customer.example', state: 'waiting', said: '' }],
};

/** An outbox whose journal refuses what a test wants it to. */
function start(isRefused: (state: string) => boolean) {
  const clock = new ManualClock(0);
  const written: string[] = [];
  const sent: string[] = [];
  const outbox = new Outbox({
    clock,
    trace: { warning: () => undefined } as never,
    tables: { row: async () => undefined, doubt: async () => true } as never,
    correspondence: {
      async commit(changes: readonly OutChange[]) {
        for (const change of changes) {
          if (change.type === 'reported') continue;
          const { state } = change.row;
          if (isRefused(state)) throw new Error('The journal is busy');
          written.push(state);
        }
      },
    },
    holder: 'test',
    giveUpAfter: seconds(3_600),
    random: () => 0,
    connect: async () =>
      ({
        send: async ({ raw }: { raw: AsyncIterable<Uint8Array> }) => {
          for await (const _ of raw) continue;
          sent.push('sent');
          return { type: 'taken', refused: [] };
        },
      }) as never,
    addressOf: () => 'support@shop.example',
    read: async function* () {
      yield Buffer.from('x');
    },
    fared: () => undefined,
    report: [],
  });
  return {
    clock,
    written,
    sent,
    outbox,
    [Symbol.asyncDispose]: () => outbox[Symbol.asyncDispose](),
  };
}

test('an e-mail that could not be taken back is held still: it leaves, or is taken back later', async () => {
  let isBusy = true;
  await using all = start((state) => isBusy && state === 'undone');
  const { outbox, clock, sent, written } = all;
  outbox.handedIn(ROW);
  const undo = () => outbox.undo(ROW.email, DraftId.parse(newId()));
  await expect(undo()).rejects.toThrow('busy');
  expect(outbox.unsent).toBe(1);
  isBusy = false;
  await undo();
  clock.advance(seconds(60));
  expect([outbox.unsent, sent, written]).toEqual([0, [], ['undone']]);
});

test('an e-mail whose sending could not be noted is sent later, and then what is behind it', async () => {
  let refusals = 1;
  await using all = start((state) => state === 'sending' && refusals-- > 0);
  const { outbox, clock, sent } = all;
  outbox.handedIn(ROW);
  outbox.handedIn({ ...ROW, email: EmailId.parse(newId()) });
  clock.advance(seconds(10));
  await until(() => refusals === 0);
  expect(sent).toEqual([]);
  await until(() => {
    clock.advance(seconds(1));
    return sent.length === 2;
  });
  await until(() => outbox.unsent === 0);
});

test('what a server has taken is noted until it is durable, and is not sent twice', async () => {
  let refusals = 2;
  await using all = start((state) => state === 'sent' && refusals-- > 0);
  const { outbox, clock, sent, written } = all;
  outbox.handedIn(ROW);
  clock.advance(seconds(10));
  await until(() => {
    clock.advance(seconds(1));
    return outbox.unsent === 0;
  });
  expect([sent, written]).toEqual([['sent'], ['sending', 'sent']]);
});
