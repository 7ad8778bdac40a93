/**
 * E19 as a whole: two sides that answer each other by themselves, from one mail of a person on. One side is always
 * ours; the other is another installation of ours, or what is out there.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hours, minutes, type Instant } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { MailboxId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import {
  newConversation,
  newEmail,
  NOW,
  QUIET,
  someConfiguration,
  someConversation,
  someFacts,
  someMail,
  someStored,
} from '../testing/filing-facts.ts';
import { decideFiling } from './decide-filing.ts';
import { fingerprintOf } from './identity.ts';
import type { KnownConversation, KnownEmail } from './known.ts';
import { addressKey } from './our-addresses.ts';
import { questionsOf } from './questions.ts';
import { messageIdOf, openMailTokens } from './token.ts';

/** Gives its answer to a mail, if any. */
interface Side {
  readonly address: string;
  take(mail: ParsedMail, at: Instant): ParsedMail | undefined;
}

const mailTo = (from: string, to: string, changes: Partial<ParsedMail>): ParsedMail =>
  someMail({ from: { name: '', address: from }, to: [{ name: '', address: to }], ...changes });

const AUTOMATIC = {
  ...someMail().automation,
  autoSubmitted: 'auto-replied',
  suppress: 'all',
  hasNullSender: true,
};

const MAILBOX = MailboxId.parse('help');
const addressOf = (name: string): string => `help@${name}.example`;

const configurationOf = (name: string): Configuration =>
  someConfiguration({
    mailbox: {
      help: {
        name,
        address: addressOf(name),
        receive: { type: 'smtp' },
        send: { host: 'mail.example.com' },
      },
    },
    'entry-point': {
      help: {
        name,
        channel: 'email',
        queue: 'support',
        address: addressOf(name),
        mail: { acknowledgement: 'received' },
      },
    },
  });
const CONFIGURATIONS = { one: configurationOf('one'), other: configurationOf('other') };

/** An installation that acknowledges whatever its rules let it, and keeps what it knows as the tables do. */
function installation(name: keyof typeof CONFIGURATIONS): Side {
  const address = addressOf(name);
  const mailbox = MAILBOX;
  const configuration = CONFIGURATIONS[name];
  const tokens = openMailTokens(Buffer.alloc(32, name));
  const emails: KnownEmail[] = [];
  const conversations: KnownConversation[] = [];
  const answered = new Map<string, Instant>();
  return {
    address,
    take(mail, at) {
      const stored = someStored({ mailbox, receivedAt: at });
      const { correspondent } = questionsOf(mail, stored, configuration, tokens);
      const traffic = { ...QUIET, answeredAt: answered.get(correspondent) };
      const known = { emails, references: [], conversations, traffic };
      const plan = decideFiling(someFacts({ at, mail, stored, configuration, tokens, known }));
      if (plan.type !== 'open' && plan.type !== 'join') return undefined;
      const id = plan.type === 'join' ? plan.conversation : newConversation();
      if (plan.type === 'open') {
        const participants = [addressKey(mail.from.address), address];
        const { customer } = plan;
        conversations.push(someConversation({ id, mailbox, customer, participants }));
      }
      emails.push({
        id: stored.id,
        messageId: mail.messageId ?? '',
        direction: 'in',
        mailbox,
        conversation: id,
        fingerprint: fingerprintOf(mail, stored),
        agent: undefined,
        delivery: undefined,
      });
      if (plan.work.type !== 'enter' || plan.work.acknowledge === undefined) return undefined;
      answered.set(correspondent, at);
      const answer = newEmail();
      const messageId = messageIdOf(tokens, answer, id, address);
      return mailTo(address, plan.customer.address, {
        messageId,
        subject: `Re: ${mail.subject}`,
        references: mail.messageId === undefined ? [] : [mail.messageId],
        inReplyTo: mail.messageId === undefined ? [] : [mail.messageId],
        automation: AUTOMATIC,
      });
    },
  };
}

let made = 0;
const anotherId = (): string => `made-${made++}@out.example`;
const { automation: none } = someMail();

/** What is out there. Each answers everything that is not marked in a way that it knows. */
const RESPONDERS: Readonly<Record<string, (mail: ParsedMail) => Partial<ParsedMail> | undefined>> =
  {
    'a vacation responder (RFC 5230)': ({ messageId = '', automation }) =>
      automation.autoSubmitted !== '' || automation.hasNullSender
        ? undefined
        : { inReplyTo: [messageId], subject: 'Auto: away', automation: AUTOMATIC },
    'a vacation responder of old': ({ messageId = '', subject }) => ({
      inReplyTo: [messageId],
      subject: `Away: ${subject}`,
      automation: { ...none, precedence: 'bulk' },
    }),
    'Exchange’s out of office': ({ messageId = '', subject, automation }) =>
      automation.suppress === 'all'
        ? undefined
        : {
            inReplyTo: [messageId],
            subject: `Automatic reply: ${subject}`,
            automation: { ...none, autoSubmitted: 'auto-generated', suppress: 'all' },
          },
    'a ticket system that quotes subjects': ({ subject }) => ({ subject: `[#${made}] ${subject}` }),
    'a ticket system that threads': ({ messageId = '', references, subject }) => ({
      references: [...references, messageId],
      inReplyTo: [messageId],
      subject: `RE: [#4711] ${subject}`,
    }),
    'a broken responder without any header': () => ({ subject: '' }),
    'a broken responder from another address each time': () => ({
      subject: 'Received',
      replyTo: [{ name: '', address: 'robot@out.example' }],
      from: { name: '', address: `robot-${made}@out.example` },
    }),
  };

function responder(answer: (mail: ParsedMail) => Partial<ParsedMail> | undefined): Side {
  const address = 'robot@out.example';
  return {
    address,
    take(mail) {
      const changes = answer(mail);
      return changes && mailTo(address, mail.from.address, { messageId: anotherId(), ...changes });
    },
  };
}

/** What gateways on the way take away of a mail. */
type Loss = 'nothing' | 'marks' | 'marks and references';

function withLoss(mail: ParsedMail, loss: Loss): ParsedMail {
  if (loss === 'nothing') return mail;
  const bare = { ...mail, automation: none };
  return loss === 'marks' ? bare : { ...bare, references: [], inReplyTo: [] };
}

/** Lets the two go on from a first mail. @returns How many mails there were, those of each side apart. */
function exchange(first: ParsedMail, to: Side, from: Side, delays: readonly number[], loss: Loss) {
  const mails = [first];
  const sides = [to, from];
  let at = NOW;
  for (let turn = 0; turn < delays.length; turn++) {
    at += delays[turn] ?? 0;
    const side = sides[turn % 2];
    const answer = side?.take(withLoss(mails.at(-1) ?? first, loss), at);
    if (!answer) return mails.length;
    mails.push(answer);
  }
  return Number.POSITIVE_INFINITY;
}

const someLoss = fc.constantFrom<Loss>('nothing', 'marks', 'marks and references');
/** All answers within one day; each of them at once or after hours. */
const someDelays = fc.array(fc.integer({ min: 0, max: minutes(28) }), {
  minLength: 50,
  maxLength: 50,
});

test('E19: two installations of ours stop after three mails, whatever is lost on the way', () => {
  const property = fc.property(someLoss, someDelays, (loss, delays) => {
    const [one, other] = [installation('one'), installation('other')];
    const first = mailTo(one.address, other.address, { messageId: anotherId() });
    return exchange(first, other, one, delays, loss) <= 3;
  });
  expect(() => fc.assert(property, { numRuns: 30 })).not.toThrow();
});

test('E19: two installations of ours stop after two mails where nothing is lost', () => {
  const [one, other] = [installation('one'), installation('other')];
  const first = mailTo(one.address, other.address, { messageId: anotherId() });
  expect(exchange(first, other, one, Array(50).fill(0), 'nothing')).toBe(2);
});

test.each(Object.entries(RESPONDERS))('E19: %s gets one automatic answer of ours', (_, answer) => {
  const property = fc.property(someLoss, someDelays, fc.boolean(), (loss, delays, oursBegins) => {
    const [ours, theirs] = [installation('one'), responder(answer)];
    const [from, to] = oursBegins ? [ours, theirs] : [theirs, ours];
    const first = mailTo(from.address, to.address, { messageId: anotherId() });
    // theirs, ours, theirs; and one more of theirs where ours began it
    return exchange(first, to, from, delays, loss) <= (oursBegins ? 4 : 3);
  });
  expect(() => fc.assert(property, { numRuns: 30 })).not.toThrow();
});

test('E19: a mailbox of ours that writes to itself, or to another of ours, is not answered', () => {
  const ours = installation('one');
  for (const from of [ours.address, 'billing@shop.example']) {
    const mail = mailTo(from, ours.address, { messageId: anotherId() });
    expect(ours.take(mail, NOW)).toBeUndefined();
  }
});

test('E19: after a day the same correspondent may have another automatic answer', () => {
  const ours = installation('one');
  const write = (at: Instant) =>
    ours.take(mailTo('robot@out.example', ours.address, { messageId: anotherId() }), at);
  expect(write(NOW)).toBeDefined();
  expect(write(NOW + hours(24) - 1)).toBeUndefined();
  expect(write(NOW + hours(24))).toBeDefined();
});
