import { expect, test } from 'vitest';
import { days, minutes, seconds } from '#base/time.ts';
import { ConversationId, EmailId, MailboxId } from '#domain/ids.ts';
import { MailFailure } from '../mail-failure.ts';
import type { OutboxRow } from '../out/outgoing.ts';
import type { SmtpOutcome } from '../out/smtp.ts';
import { afterSend, type AfterSendFacts } from './after-send.ts';

const AT = Date.parse('2026-06-01T10:00:00Z');
const FACTS: AfterSendFacts = { at: AT, chance: 0.5, failures: 1 };

const row = (changes: Partial<OutboxRow> = {}): OutboxRow => ({
  email: EmailId.parse('019e82a0-3d00-77ca-9d76-c9e7cb0a936d'),
  conversation: ConversationId.parse('019e82a0-3d00-77ca-9d76-c9e7cb0a936e'),
  mailbox: MailboxId.parse('support'),
  raw: 'blob',
  size: 1,
  sender: 'support@shop.example',
  messageId: 'a@shop.example',
  serverMessageId: undefined,
  automatic: false,
  state: 'sending',
  at: AT,
  giveUpAt: AT + days(2),
  tries: 1,
  next: undefined,
  problem: undefined,
  perhapsTwice: false,
  inDoubt: true,
  doubts: 0,
  holder: 'this',
  recipients: [{ address: 'a@x.example', state: 'waiting', said: '' }],
  ...changes,
});

const taken = { type: 'taken', refused: [], messageId: undefined } as const;
const refused = (said: string, permanent: boolean): SmtpOutcome => ({
  type: 'refused',
  permanent,
  said,
  at: 'message',
  refused: [],
});
const away = (kind: 'temporary' | 'permanent', answered: boolean): SmtpOutcome => ({
  type: 'unreachable',
  answered,
  failure: new MailFailure({ kind, reason: 'closed', what: 'It broke', advice: 'Wait.' }),
});

test.each<[string, SmtpOutcome, Partial<OutboxRow>, Partial<OutboxRow>]>([
  ['taken', taken, {}, { state: 'sent', problem: undefined }],
  ['taken after a doubt', taken, { doubts: 1 }, { state: 'sent', perhapsTwice: true }],
  [
    'refused for good',
    refused('550 no', true),
    {},
    { state: 'failed', problem: 'a@x.example: 550 no', next: undefined },
  ],
  [
    'refused after a doubt',
    refused('550 no', true),
    { doubts: 1 },
    {
      state: 'failed',
      problem: 'a@x.example: 550 no. An earlier try may have reached them all the same',
    },
  ],
  ['deferred', refused('451 later', false), {}, { state: 'waiting', next: AT + seconds(15) }],
  [
    'deferred again',
    refused('451 later', false),
    { tries: 3 },
    { state: 'waiting', next: AT + minutes(5) },
  ],
  [
    'deferred too long',
    refused('451 later', false),
    { tries: 30, giveUpAt: AT + minutes(1) },
    { state: 'failed', problem: 'Given up, after 30 tries: a@x.example: 451 later' },
  ],
  [
    'away before it had all of it',
    away('temporary', false),
    { inDoubt: false },
    { state: 'waiting', doubts: 0, problem: 'It broke. Wait.' },
  ],
  ['away with all of it', away('temporary', false), {}, { state: 'waiting', doubts: 1 }],
  [
    'away with all of it twice',
    away('temporary', false),
    { doubts: 1 },
    { state: 'failed', doubts: 2 },
  ],
  ['an answer that is no doubt', away('temporary', true), {}, { state: 'waiting', doubts: 0 }],
  [
    'a server that will not have us',
    away('permanent', true),
    { inDoubt: false },
    { state: 'waiting', next: AT + minutes(10) },
  ],
])('afterSend(): %s', (_, outcome, before, after) => {
  expect(afterSend(row(before), outcome, FACTS)).toMatchObject({
    ...after,
    inDoubt: false,
    holder: undefined,
  });
});

test('afterSend() tries those again whom the server did not take yet, and names those it never will', () => {
  const recipients = ['a', 'b', 'c'].map((name) => ({
    address: `${name}@x.example`,
    state: 'waiting' as const,
    said: '',
  }));
  const first = afterSend(
    row({ recipients }),
    {
      ...taken,
      refused: [
        { address: 'B@x.example', permanent: false, said: '450 later' },
        { address: 'c@x.example', permanent: true, said: '550 never' },
      ],
    },
    FACTS,
  );
  expect(first).toMatchObject({ state: 'waiting', problem: 'b@x.example: 450 later' });
  expect(first.recipients.map(({ state }) => state)).toEqual(['sent', 'waiting', 'failed']);
  const second = afterSend({ ...first, state: 'sending', tries: 2 }, taken, FACTS);
  expect(second).toMatchObject({
    state: 'failed',
    problem: 'c@x.example: 550 never. All others have been sent it',
  });
});

test('afterSend() leaves a server alone for longer each time, up to five minutes', () => {
  const pauses = [1, 2, 5, 9, 50].map((failures) => {
    const next = afterSend(row({ inDoubt: false }), away('temporary', false), {
      ...FACTS,
      failures,
    });
    return (next.next ?? 0) - AT;
  });
  expect(pauses).toEqual([875, 1_750, 14_000, 224_000, 262_500]);
});
