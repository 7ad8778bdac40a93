import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import {
  BILLING,
  newConversation,
  newEmail,
  someConfiguration,
  someConversation,
  someKnownEmail,
  someMail,
  SUPPORT,
  TOKENS,
} from '../testing/filing-facts.ts';
import type { Known, KnownConversation } from './known.ts';
import { ourAddresses } from './our-addresses.ts';
import { decideThread, type ThreadFacts } from './thread.ts';
import { messageIdOf, replyAddressOf } from './token.ts';

const STRANGER = { name: 'Somebody', address: 'somebody@elsewhere.example' };

function decide(
  mail: Partial<ParsedMail>,
  known: Partial<Known>,
  more: Partial<ThreadFacts> = {},
): ReturnType<typeof decideThread> {
  return decideThread({
    email: newEmail(),
    mailbox: SUPPORT,
    mail: someMail({ messageId: 'new@customer.example', ...mail }),
    fingerprint: 'new',
    nature: 'personal',
    known: { emails: [], references: [], conversations: [], ...known },
    ours: ourAddresses(someConfiguration()),
    tokens: TOKENS,
    ...more,
  });
}

const joins = (conversation: KnownConversation) =>
  expect.objectContaining({ type: 'join', conversation });
const opens = (interaction?: KnownConversation['interaction']) =>
  expect.objectContaining({ type: 'open', interaction });

/** A conversation with one e-mail that came in and one that was sent. */
function correspondence(changes: Partial<KnownConversation> = {}) {
  const conversation = someConversation(changes);
  const { mailbox } = conversation;
  const sent = messageIdOf(TOKENS, newEmail(), conversation.id, `${mailbox}@shop.example`);
  const emails = [
    someKnownEmail({ messageId: 'first@customer.example', mailbox, conversation: conversation.id }),
    someKnownEmail({ messageId: sent, direction: 'out', mailbox, conversation: conversation.id }),
  ];
  const known = { emails, conversations: [conversation] };
  return { conversation, sent, known };
}

describe('decideThread() joins', () => {
  test.each<[string, (sent: string) => Partial<ParsedMail>]>([
    ['by References to what we sent', (sent) => ({ references: ['first@customer.example', sent] })],
    ['by In-Reply-To alone', (sent) => ({ inReplyTo: [sent] })],
    ['by References to the original', () => ({ references: ['first@customer.example'] })],
    ['by In-Reply-To to the original', () => ({ inReplyTo: ['first@customer.example'] })],
    [
      'with unknown references in front and behind',
      (sent) => ({ references: ['a@b', sent, 'c@d'], inReplyTo: ['c@d'] }),
    ],
    ['whatever the subject says', (sent) => ({ inReplyTo: [sent], subject: 'Something else' })],
  ])('E17: %s', (_, mailOf) => {
    const { conversation, sent, known } = correspondence();
    expect(decide(mailOf(sent), known)).toEqual(joins(conversation));
  });

  test('E17: by the token of a message id that no table knows any more', () => {
    const { conversation, sent } = correspondence();
    const known = { conversations: [conversation] };
    expect(decide({ references: [sent] }, known)).toEqual(joins(conversation));
  });

  test('E17: by the token in the address, when a mail program has lost every header', () => {
    const { conversation } = correspondence();
    const address = replyAddressOf(TOKENS, conversation.id, 'support@shop.example') ?? '';
    const known = { conversations: [conversation] };
    for (const mail of [
      { to: [{ name: '', address }] },
      { cc: [{ name: '', address: address.toUpperCase() }] },
      { deliveredTo: [address] },
    ]) {
      expect(decide(mail, known)).toEqual(joins(conversation));
    }
  });

  test('E17: the conversation that the newest known reference is in', () => {
    const older = correspondence();
    const newer = correspondence();
    const known = {
      emails: [...older.known.emails, ...newer.known.emails],
      conversations: [older.conversation, newer.conversation],
    };
    const references = [older.sent, newer.sent];
    expect(decide({ references }, known)).toEqual(joins(newer.conversation));
  });

  test('E17: what we signed before what others made up', () => {
    const ours = correspondence();
    const other = someConversation();
    const emails = [
      ...ours.known.emails,
      someKnownEmail({ messageId: 'x@y', conversation: other.id }),
    ];
    const known = { emails, conversations: [other, ours.conversation] };
    const mail = { references: [ours.sent, 'x@y'] };
    expect(decide(mail, known)).toEqual(joins(ours.conversation));
  });

  test('E17: where the mail is now, when the conversation was split after it was sent', () => {
    const { conversation, sent } = correspondence();
    const split = someConversation();
    const known = {
      emails: [someKnownEmail({ messageId: sent, direction: 'out', conversation: split.id })],
      conversations: [conversation, split],
    };
    expect(decide({ references: [sent] }, known)).toEqual(joins(split));
  });

  test('E17: the conversation that took another in', () => {
    const merged = newConversation();
    const conversation = someConversation({ formerly: [merged] });
    const sent = messageIdOf(TOKENS, newEmail(), merged, 'support@shop.example');
    const known = { conversations: [conversation] };
    expect(decide({ references: [sent] }, known)).toEqual(joins(conversation));
  });

  test('E17: by Outlook’s thread, where subject and correspondent agree', () => {
    const conversation = someConversation({ threadRoots: ['01'], subject: 'AW: My order' });
    const mail = { threadRoot: '01', subject: 'RE: RE: my  order' };
    expect(decide(mail, { conversations: [conversation] })).toEqual(joins(conversation));
  });

  test.each([
    ['another root', { threadRoot: '02', subject: 'My order' }],
    ['another subject', { threadRoot: '01', subject: 'My other order' }],
    ['another correspondent', { threadRoot: '01', subject: 'My order', from: STRANGER }],
  ])('E17: but not with %s', (_, mail) => {
    const conversation = someConversation({ threadRoots: ['01'] });
    expect(decide(mail, { conversations: [conversation] })).toEqual(opens());
  });

  test('E17: who was written to in it, and who is of the customer’s organisation', () => {
    const { conversation, sent, known } = correspondence({
      participants: ['customer1@customer.example', 'partner@other.example'],
    });
    for (const address of [
      'partner@other.example',
      'Colleague@Customer.Example',
      'boss@mail.customer.example',
    ]) {
      const mail = { from: { name: '', address }, references: [sent] };
      expect(decide(mail, known)).toEqual(joins(conversation));
    }
  });

  test('what another mailbox of ours has sent, by the message id that we signed', () => {
    const { conversation, sent, known } = correspondence();
    const from = { name: '', address: 'billing@shop.example' };
    const messageId = messageIdOf(TOKENS, newEmail(), newConversation(), 'billing@shop.example');
    const decision = decide({ from, messageId, references: [sent] }, known, { nature: 'own' });
    expect(decision).toEqual(joins(conversation));
  });

  test('a returned mail, whoever the server says it is', () => {
    const { conversation, sent, known } = correspondence();
    const from = { name: '', address: 'MAILER-DAEMON@mx.elsewhere.example' };
    const report = { originalMessageId: sent, recipients: [] };
    const nature = 'bounce' as const;
    expect(decide({ from, report }, known, { nature })).toEqual(joins(conversation));
    const quoting = someMail({ from, text: `> Message-ID: <${sent}>\n` });
    const automation = { ...quoting.automation, hasNullSender: true };
    const asText = decide({ from, text: quoting.text, automation }, known, { nature });
    expect(asText).toEqual(joins(conversation));
  });
});

describe('decideThread() finds what came in in another order', () => {
  const answering = (messageId: string, changes: Partial<KnownConversation> = {}) => {
    const conversation = someConversation(changes);
    return {
      conversation,
      known: {
        references: [{ messageId, conversation: conversation.id }],
        conversations: [conversation],
      },
    };
  };

  test('E04: a mail that was fetched after its answer joins that', () => {
    const { conversation, known } = answering('new@customer.example');
    expect(decide({}, known)).toEqual(joins(conversation));
    expect(decide({ from: STRANGER }, known)).toEqual(opens());
    const elsewhere = answering('new@customer.example', { mailbox: BILLING });
    expect(decide({}, elsewhere.known)).toEqual(opens(elsewhere.conversation.interaction));
  });

  test('E17: two answers of one correspondent to what nobody has here are one conversation', () => {
    const { conversation, known } = answering('unknown@elsewhere.example');
    const mail = { references: ['unknown@elsewhere.example'] };
    expect(decide(mail, known)).toEqual(joins(conversation));
    const colleague = { name: '', address: 'colleague@customer.example' };
    expect(decide({ ...mail, from: colleague }, known)).toEqual(opens());
  });
});

describe('decideThread() opens', () => {
  test.each<[string, (sent: string, token: string) => Partial<ParsedMail>]>([
    ['with a reference', (sent) => ({ references: [sent] })],
    ['with the token in the address', (_, token) => ({ to: [{ name: '', address: token }] })],
    ['with the reference of a customer', () => ({ inReplyTo: ['first@customer.example'] })],
  ])('E17: its own for a stranger %s, and says what was named', (_, mailOf) => {
    const { conversation, sent, known } = correspondence();
    const token = replyAddressOf(TOKENS, conversation.id, 'support@shop.example') ?? '';
    const decision = decide({ ...mailOf(sent, token), from: STRANGER }, known);
    expect(decision).toEqual(opens());
    expect(decision.reasons.join()).toContain(`names conversation ${conversation.id}, in which`);
  });

  test.each(['support@shop.example', 'Billing@shop.example', 'support+x@shop.example'])(
    'E17: its own for who only writes %s as their address',
    (address) => {
      const { known, sent } = correspondence({
        participants: ['customer1@customer.example', 'support@shop.example'],
      });
      const mail = { from: { name: '', address }, references: [sent] };
      expect(decide(mail, known)).toEqual(opens());
    },
  );

  test('E17: its own for who has only the same mail provider', () => {
    const { known, sent } = correspondence({
      customer: { name: '', address: 'customer1@gmail.com' },
      participants: ['customer1@gmail.com'],
    });
    const from = { name: '', address: 'customer2@gmail.com' };
    expect(decide({ from, references: [sent] }, known)).toEqual(opens());
  });

  test.each(['[#4711] My order', 'Re: [Ticket 4711] My order', 'RE: My order (Case 00004711)'])(
    'E17: its own for "%s": numbers in subjects count for nothing',
    (subject) => {
      const conversation = someConversation({ subject: 'My order [#4711]' });
      expect(decide({ subject }, { conversations: [conversation] })).toEqual(opens());
    },
  );

  test('E17: its own where the conversation was deleted', () => {
    const { known, sent } = correspondence({ state: 'deleted' });
    const decision = decide({ references: [sent] }, known);
    expect(decision).toEqual(opens());
    expect(decision.reasons.join()).toContain('was deleted');
  });

  test('E17: its own for a reference whose origin nobody knows', () => {
    expect(decide({ references: ['unknown@elsewhere.example'] }, {})).toEqual(opens());
  });

  test('its own in this mailbox, within the interaction of what it answers in another', () => {
    const { conversation, sent, known } = correspondence({ mailbox: BILLING });
    expect(decide({ references: [sent] }, known)).toEqual(opens(conversation.interaction));
  });

  test('E10: its own, whatever is known, when all its ids are empty', () => {
    const empty = fc.constantFrom('', ' ', '\t', '  ');
    const some = fc.array(empty, { maxLength: 3 });
    const property = fc.property(
      some,
      some,
      fc.option(empty),
      empty,
      (refs, replies, own, held) => {
        const conversation = someConversation({ threadRoots: [held, ''] });
        const decision = decide(
          {
            ...(own === null ? { messageId: undefined as never } : { messageId: own }),
            references: refs,
            inReplyTo: replies,
            threadRoot: '',
          },
          {
            emails: [someKnownEmail({ messageId: held, conversation: conversation.id })],
            references: [{ messageId: held, conversation: conversation.id }],
            conversations: [conversation],
          },
        );
        return decision.type === 'open' && decision.interaction === undefined;
      },
    );
    expect(() => fc.assert(property)).not.toThrow();
  });
});

describe('decideThread() takes the same mail', () => {
  const same = { messageId: 'new@customer.example', fingerprint: 'new' };

  test('E07: to the same mailbox as the one it holds, also where that waits in quarantine', () => {
    const earlier = someKnownEmail(same);
    const decision = decide({}, { emails: [earlier] });
    expect(decision).toMatchObject({ type: 'duplicate', of: earlier.id });
  });

  test('E07: with the same id and another content as another: some programs give all the same', () => {
    const earlier = someKnownEmail({ ...same, fingerprint: 'old' });
    expect(decide({}, { emails: [earlier] })).toEqual(opens());
  });

  test('E07: as itself when it is decided again', () => {
    const email = newEmail();
    expect(decide({}, { emails: [someKnownEmail({ ...same, id: email })] }, { email })).toEqual(
      opens(),
    );
  });

  test('E07: to two mailboxes as two e-mails of one interaction', () => {
    const other = someConversation({ mailbox: BILLING });
    const emails = [someKnownEmail({ ...same, mailbox: BILLING, conversation: other.id })];
    const known = { emails, conversations: [other] };
    expect(decide({}, known)).toEqual(opens(other.interaction));
  });

  test('E19: that we sent and that comes back to its mailbox as the one that was sent', () => {
    const { known, sent } = correspondence();
    const from = { name: '', address: 'support@shop.example' };
    const decision = decide({ messageId: sent, from }, known, { nature: 'own' });
    expect(decision).toMatchObject({ type: 'duplicate', of: known.emails[1]?.id });
  });

  test('E17: that answers us under our own message id as the answer that it is', () => {
    const { known, sent } = correspondence();
    const decision = decide({ messageId: sent, inReplyTo: [sent] }, known, { nature: 'own' });
    expect(decision.type).toBe('join');
  });
});
