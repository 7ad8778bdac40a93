import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { WorkItemId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import {
  newEmail,
  QUIET,
  someConfiguration,
  someConversation,
  someFacts,
  someKnownEmail,
  someMail,
  someStored,
  TOKENS,
} from '../testing/filing-facts.ts';
import { decideFiling } from './decide-filing.ts';
import type { KnownConversation, Traffic } from './known.ts';
import { REOPENINGS } from './loops.ts';
import { messageIdOf } from './token.ts';

const plan = (...changes: Parameters<typeof someFacts>) => decideFiling(someFacts(...changes));

/** A conversation that an agent has answered in, and the answer to that. */
function answered(changes: Partial<KnownConversation> = {}) {
  const conversation = someConversation(changes);
  const { id } = conversation;
  const sent = messageIdOf(TOKENS, newEmail(), id, 'support@shop.example');
  const email = someKnownEmail({ messageId: sent, direction: 'out', conversation: id });
  const mail = someMail({ inReplyTo: [sent] });
  return { mail, known: { emails: [email], conversations: [conversation], traffic: QUIET } };
}

const OPEN = { workItem: WorkItemId.parse(newId()) };

describe('decideFiling() measures what comes in', () => {
  const held = (reason: string) => ({ type: 'quarantine', reason });
  const withTraffic = (
    traffic: Partial<Traffic>,
    facts: ReturnType<typeof answered> | object = {},
  ) => {
    const { known = {} } = facts as Partial<ReturnType<typeof answered>>;
    return plan({ ...facts, known: { ...known, traffic: { ...QUIET, ...traffic } } });
  };

  test('E19: a correspondent who writes too much opens no more work', () => {
    expect(withTraffic({ fromCorrespondent: 19 })).toMatchObject({ type: 'open' });
    expect(withTraffic({ fromCorrespondent: 20 })).toMatchObject(held('correspondent'));
    expect(withTraffic({ fromCorrespondent: 20 }, answered())).toMatchObject(held('correspondent'));
  });

  test('E19: a mailbox that opens too much work is in a storm: what follows is held', () => {
    expect(withTraffic({ opened: 499 })).toMatchObject({ type: 'open' });
    expect(withTraffic({ opened: 500 })).toMatchObject(held('storm'));
  });

  test('E19: a storm ends when somebody says so, not when it calms down', () => {
    expect(withTraffic({ storm: true })).toMatchObject(held('storm'));
    expect(withTraffic({ storm: true }, answered())).toMatchObject(held('storm'));
  });

  test('E19: a conversation that is reopened all the time is one of machines', () => {
    const { most } = REOPENINGS;
    expect(plan(answered({ reopened: most - 1 }))).toMatchObject({ type: 'join' });
    expect(plan(answered({ reopened: most }))).toMatchObject(held('loop'));
  });

  test('E19: nothing is held of a conversation that an agent has at hand', () => {
    const traffic = { storm: true, opened: 9_999, fromCorrespondent: 9_999 };
    const telling = { type: 'join', work: { type: 'tell' } };
    expect(withTraffic(traffic, answered({ ...OPEN, reopened: 99 }))).toMatchObject(telling);
  });

  test('E19: nor what is no work', () => {
    const { automation } = someMail();
    const mail: Partial<ParsedMail> = {
      automation: { ...automation, autoSubmitted: 'auto-replied' },
    };
    const traffic = { ...QUIET, storm: true };
    expect(plan({ mail: someMail(mail), known: { traffic } })).toMatchObject({
      type: 'open',
      work: { type: 'none' },
    });
  });
});

describe('decideFiling() by the lists of senders', () => {
  const mailbox = (senders: object, changes: Parameters<typeof someConfiguration>[0] = {}) =>
    someConfiguration({
      ...changes,
      mailbox: {
        support: {
          name: 'Support',
          address: 'support@shop.example',
          receive: { type: 'smtp' },
          senders,
        },
      },
    });

  test('keeps a denied sender out of work, in any conversation', () => {
    const configuration = mailbox({ denied: ['@customer.example'] });
    const held = { type: 'quarantine', reason: 'denied' };
    expect(plan({ configuration })).toMatchObject(held);
    expect(plan({ configuration, ...answered(OPEN) })).toMatchObject(held);
  });

  test('keeps all others out where some are allowed, but for answers', () => {
    const configuration = mailbox({ allowed: ['@partner.example'] });
    expect(plan({ configuration })).toMatchObject({ type: 'quarantine', reason: 'not-allowed' });
    expect(plan({ configuration, ...answered() })).toMatchObject({ type: 'join' });
    const from = { name: '', address: 'anybody@partner.example' };
    expect(plan({ configuration, mail: someMail({ from }) })).toMatchObject({ type: 'open' });
  });

  test('gives priority, never less than the entry point does', () => {
    const senders = { priority: ['customer1@customer.example'], prioritised: 2 };
    const priorityWith = (priority?: number) => {
      const support = { name: 'Support', channel: 'email', queue: 'support', priority };
      return plan({ configuration: mailbox(senders, { 'entry-point': { support } }) });
    };
    const having = (priority: number) => ({ work: { entry: { queue: 'support', priority } } });
    expect(priorityWith()).toMatchObject(having(2));
    expect(priorityWith(5)).toMatchObject(having(2));
    expect(priorityWith(0)).toMatchObject(having(0));
  });
});

test('decideFiling() files once what was released from quarantine, whatever had held it', () => {
  const support = {
    name: 'Support',
    address: 'support@shop.example',
    receive: { type: 'smtp' },
    senders: { denied: ['@customer.example'] },
  };
  const configuration = someConfiguration({ mailbox: { support } });
  const stored = someStored();
  const itself = someKnownEmail({ id: stored.id, messageId: 'm1@customer.example' });
  const facts = {
    stored,
    configuration,
    known: { emails: [itself], traffic: { ...QUIET, storm: true, opened: 9_999 } },
  };
  expect(plan(facts)).toMatchObject({ type: 'quarantine', reason: 'denied' });
  expect(plan({ ...facts, released: true })).toMatchObject({
    type: 'open',
    work: { type: 'enter' },
  });
});
