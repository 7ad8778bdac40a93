import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { minutes } from '#base/time.ts';
import { WorkItemId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import {
  AGENT,
  BILLING,
  newEmail,
  NOW,
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
import type { FilingFacts } from './filing-facts.ts';
import type { KnownConversation, KnownEmail } from './known.ts';
import { messageIdOf } from './token.ts';

const plan = (...changes: Parameters<typeof someFacts>) => decideFiling(someFacts(...changes));
const entry = {
  entryPoint: 'support',
  queue: 'support',
  priority: undefined,
  requirements: undefined,
};
const enters = (more: object = {}) => ({
  type: 'enter',
  entry,
  preferredAgent: undefined,
  acknowledge: 'received',
  ...more,
});
const { automation } = someMail();

/** A conversation that an agent has answered in, and a customer's answer to that. */
function answered(
  conversationChanges: Partial<KnownConversation> = {},
  emailChanges: Partial<KnownEmail> = {},
) {
  const conversation = someConversation(conversationChanges);
  const sent = messageIdOf(TOKENS, newEmail(), conversation.id, 'support@shop.example');
  const email = someKnownEmail({
    messageId: sent,
    direction: 'out',
    agent: AGENT,
    conversation: conversation.id,
    delivery: { state: 'sent' },
    ...emailChanges,
  });
  const known = { emails: [email], conversations: [conversation], traffic: QUIET };
  return { conversation, sent, email, known };
}

describe('decideFiling() opens a conversation', () => {
  test('for a customer who writes first: in the entry point’s queue, acknowledged, and says why', () => {
    expect(plan({ mail: someMail({ language: 'en' }) })).toEqual({
      type: 'open',
      interaction: undefined,
      nature: 'personal',
      customer: { name: 'Customer 1', address: 'customer1@customer.example' },
      language: 'en',
      deliveries: [],
      work: enters(),
      reasons: [
        'It answers nothing that is known here',
        'Not by "billing": no recipient is one of its own',
        'It came in by "support", by the recipient',
        'Answered automatically with "received"',
      ],
    });
  });

  test('for whom Reply-To names: a web form writes in the mailbox’s own name', () => {
    const form = someMail({
      from: { name: 'Form', address: 'support@shop.example' },
      replyTo: [{ name: 'Customer 2', address: 'customer2@elsewhere.example' }],
    });
    expect(plan({ mail: form })).toMatchObject({
      type: 'open',
      nature: 'own',
      customer: { name: 'Customer 2', address: 'customer2@elsewhere.example' },
      work: enters({ acknowledge: undefined }),
    });
  });

  test('with work and without an answer for a list or a program', () => {
    const mail = someMail({ automation: { ...automation, autoSubmitted: 'auto-generated' } });
    expect(plan({ mail })).toMatchObject({
      type: 'open',
      nature: 'list',
      work: enters({ acknowledge: undefined }),
    });
  });

  test.each<[string, Partial<ParsedMail>]>([
    ['an automatic answer', { automation: { ...automation, autoSubmitted: 'auto-replied' } }],
    ['a returned mail that nobody sent from here', { report: { recipients: [] } }],
    [
      'the automatic answer of another mailbox of ours',
      {
        from: { name: '', address: 'billing@shop.example' },
        automation: { ...automation, autoSubmitted: 'auto-replied' },
      },
    ],
  ])('E19: without work for %s', (_, mail) => {
    expect(plan({ mail: someMail(mail) })).toMatchObject({ type: 'open', work: { type: 'none' } });
  });

  test('E19: with work and without an answer for what an agent passes on to another mailbox of ours', () => {
    const { conversation, known, sent } = answered({ mailbox: BILLING }, { mailbox: BILLING });
    const mail = someMail({ messageId: sent, from: { name: '', address: 'billing@shop.example' } });
    expect(plan({ mail, known })).toMatchObject({
      type: 'open',
      nature: 'own',
      interaction: conversation.interaction,
      work: enters({ acknowledge: undefined }),
    });
  });

  test('E09: for a mail without any id as for any other', () => {
    const { messageId: _, ...mail } = someMail();
    expect(plan({ mail })).toMatchObject({ type: 'open', work: enters() });
  });

  test('E13: for a mail that nothing could be read of: somebody looks at the original', () => {
    const { messageId: _, ...mail } = someMail({
      from: { name: '', address: '' },
      to: [],
      subject: '',
      text: '',
      unreadable: 'It is broken',
    });
    expect(plan({ mail })).toMatchObject({
      type: 'open',
      work: enters({ acknowledge: undefined }),
    });
  });

  test('P06: while the entry point is closed as well: it waits in its queue', () => {
    const week = [[], [], [], [], [], [], []];
    const configuration = someConfiguration({
      schedule: { never: { name: 'Never', timeZone: 'UTC', week } },
      'entry-point': {
        support: { name: 'Support', channel: 'email', queue: 'support', schedule: 'never' },
      },
    });
    const decided = plan({ configuration });
    expect(decided).toMatchObject({ type: 'open', work: enters({ acknowledge: undefined }) });
    expect(decided.reasons).toContain('The entry point is closed: it waits in its queue');
  });

  test('unrouted while no entry point takes the mailbox’s mail, and routed once there is one', () => {
    const stored = someStored({ mailbox: BILLING });
    const to = [{ name: '', address: 'billing@shop.example' }];
    const facts = { stored, mail: someMail({ to }) };
    const none = someConfiguration({ 'entry-point': { billing: null } });
    expect(plan({ ...facts, configuration: none })).toMatchObject({
      type: 'open',
      work: { type: 'unrouted' },
      reasons: expect.arrayContaining(['Unrouted: no entry point takes mail of this mailbox']),
    });
    expect(plan(facts)).toMatchObject({
      type: 'open',
      work: enters({ entry: { ...entry, entryPoint: 'billing', queue: 'billing' } }),
    });
  });

  test('where its mailbox has been removed meanwhile, in no queue of another', () => {
    const configuration = someConfiguration({ mailbox: { support: null } });
    expect(plan({ configuration })).toMatchObject({ type: 'open', work: { type: 'enter' } });
  });

  test('by the entry point of its own mailbox when it went to two', () => {
    const to = ['billing@shop.example', 'support@shop.example'].map((address) => ({
      name: '',
      address,
    }));
    expect(plan({ mail: someMail({ to }) })).toMatchObject({ work: enters() });
    const stored = someStored({ mailbox: BILLING });
    expect(plan({ mail: someMail({ to }), stored })).toMatchObject({
      work: enters({ entry: { ...entry, entryPoint: 'billing', queue: 'billing' } }),
    });
  });

  test('with the entry point’s priority and requirements', () => {
    const requirements = [
      { requirement: { must: { type: 'skill', skill: 'orders', level: 3 } }, after: 0 },
    ];
    const configuration = someConfiguration({
      'entry-point': {
        support: { name: 'Support', channel: 'email', queue: 'support', priority: 3, requirements },
      },
    });
    const work = enters({ entry: { ...entry, priority: 3, requirements }, acknowledge: undefined });
    expect(plan({ configuration })).toMatchObject({ work });
  });
});

describe('decideFiling() acknowledges', () => {
  const acknowledged = (facts: Parameters<typeof someFacts>[0]) => {
    const { work } = plan(facts) as { work: { acknowledge?: string } };
    return work.acknowledge;
  };

  test('E19: nobody twice within a day', () => {
    const traffic = { ...QUIET, answeredAt: NOW - minutes(60) };
    expect(acknowledged({ known: { traffic } })).toBeUndefined();
  });

  test('nobody from a mailbox that sends nothing, or with a template that is gone', () => {
    const silent = { name: 'Support', address: 'support@shop.example', receive: { type: 'smtp' } };
    const configuration = someConfiguration({ mailbox: { support: silent } });
    expect(acknowledged({ configuration })).toBeUndefined();
    const without = someConfiguration({ 'mail-template': { received: null } });
    expect(acknowledged({ configuration: without })).toBeUndefined();
  });

  test('who wrote to an address that the entry point names, though no mailbox has it', () => {
    const configuration = someConfiguration({
      'entry-point': {
        support: {
          name: 'Support',
          channel: 'email',
          queue: 'support',
          mail: { recipients: ['@any.example'], acknowledgement: 'received' },
        },
      },
    });
    const mail = someMail({ to: [{ name: '', address: 'shop@any.example' }] });
    expect(acknowledged({ configuration, mail })).toBe('received');
  });
});

describe('decideFiling() joins a conversation', () => {
  const workItem = WorkItemId.parse(newId());

  test('E17: and tells its open work item', () => {
    const { conversation, sent, known } = answered({ workItem });
    expect(plan({ mail: someMail({ inReplyTo: [sent] }), known })).toMatchObject({
      type: 'join',
      conversation: conversation.id,
      work: { type: 'tell' },
    });
  });

  test('E17: and opens another pass where the last one is closed, in its queue, preferring who had it', () => {
    const { conversation, sent, known } = answered({ queue: 'billing' as never });
    expect(plan({ mail: someMail({ inReplyTo: [sent] }), known })).toMatchObject({
      type: 'join',
      conversation: conversation.id,
      work: {
        type: 'enter',
        entry: { entryPoint: undefined, queue: 'billing', requirements: undefined },
        preferredAgent: AGENT,
      },
    });
  });

  test('by the entry point that fits where its queue is gone', () => {
    const { sent, known } = answered({ queue: 'gone' as never });
    expect(plan({ mail: someMail({ inReplyTo: [sent] }), known })).toMatchObject({
      type: 'join',
      work: { type: 'enter', entry },
    });
  });

  test('E19: without work for an automatic answer, also where the last item is closed', () => {
    const { conversation, sent, known } = answered();
    const mail = someMail({
      inReplyTo: [sent],
      automation: { ...automation, autoSubmitted: 'auto-replied' },
    });
    expect(plan({ mail, known })).toMatchObject({
      type: 'join',
      conversation: conversation.id,
      work: { type: 'none' },
    });
  });
});

describe('decideFiling() takes a returned mail', () => {
  const from = { name: '', address: 'mailer-daemon@mx.elsewhere.example' };
  const recipient = {
    address: 'customer1@customer.example',
    action: 'failed' as const,
    status: '5.1.1',
    diagnostic: 'No such user',
  };
  const returning = (originalMessageId: string, changes: object = {}) =>
    someMail({ from, report: { originalMessageId, recipients: [{ ...recipient, ...changes }] } });

  test('M05: as work for who wrote it, with what became of it', () => {
    const { conversation, email, sent, known } = answered();
    expect(plan({ mail: returning(sent), known })).toMatchObject({
      type: 'join',
      nature: 'bounce',
      conversation: conversation.id,
      deliveries: [
        {
          email: email.id,
          recipient: 'customer1@customer.example',
          action: 'failed',
          status: '5.1.1',
          diagnostic: 'No such user',
        },
      ],
      work: { type: 'enter', preferredAgent: AGENT, acknowledge: undefined },
    });
  });

  test('M05: by the words of a server that knows no report', () => {
    const { email, sent, known } = answered();
    const mail = someMail({
      from,
      subject: 'Undelivered mail',
      text: `It could not be delivered.\n\nMessage-ID: <${sent}>`,
      automation: { ...automation, hasNullSender: true },
    });
    expect(plan({ mail, known })).toMatchObject({
      type: 'join',
      deliveries: [
        {
          email: email.id,
          recipient: '',
          action: 'failed',
          status: '',
          diagnostic: expect.stringMatching(/^Undelivered mail: It could not be delivered/),
        },
      ],
      work: { type: 'enter' },
    });
  });

  test.each<[string, Partial<KnownEmail>, object]>([
    ['said before', { delivery: { state: 'bounced' } }, {}],
    ['of what no agent wrote', { agent: undefined }, {}],
    ['that is only late', {}, { action: 'delayed', status: '4.0.0' }],
    ['that has arrived', {}, { action: 'delivered', status: '2.0.0' }],
  ])('E19: without work %s', (_, email, changes) => {
    const { sent, known } = answered({}, email);
    expect(plan({ mail: returning(sent, changes), known })).toMatchObject({
      type: 'join',
      work: { type: 'none' },
    });
  });

  test('E19: never into quarantine: there is no more of it than was sent', () => {
    const { sent, known } = answered();
    const traffic = { ...QUIET, fromCorrespondent: 1_000, opened: 1_000, storm: true };
    expect(plan({ mail: returning(sent), known: { ...known, traffic } })).toMatchObject({
      type: 'join',
      work: { type: 'enter' },
    });
  });
});

test('decideFiling() decides the same for the same facts', () => {
  const facts: FilingFacts = someFacts();
  expect(decideFiling(facts)).toEqual(decideFiling(facts));
});
