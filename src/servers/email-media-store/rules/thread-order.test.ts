import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConversationId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import {
  newConversation,
  someConfiguration,
  someConversation,
  someKnownEmail,
  someMail,
  someStored,
  SUPPORT,
  TOKENS,
} from '../testing/filing-facts.ts';
import { fingerprintOf } from './identity.ts';
import type { KnownConversation, KnownEmail, KnownReference } from './known.ts';
import { ourAddresses } from './our-addresses.ts';
import { answeredIds } from './questions.ts';
import { decideThread } from './thread.ts';

const ours = ourAddresses(someConfiguration());

/** Files mails one after the other, as the tables would. @returns The conversation of each. */
function fileAll(mails: readonly ParsedMail[]): ConversationId[] {
  const emails: KnownEmail[] = [];
  const references: KnownReference[] = [];
  const conversations: KnownConversation[] = [];
  return mails.map((mail) => {
    const stored = someStored();
    const fingerprint = fingerprintOf(mail, stored);
    const decision = decideThread({
      email: stored.id,
      mailbox: SUPPORT,
      mail,
      fingerprint,
      nature: 'personal',
      known: { emails, references, conversations },
      ours,
      tokens: TOKENS,
    });
    const id = decision.type === 'join' ? decision.conversation.id : newConversation();
    if (decision.type !== 'join') {
      conversations.push(
        someConversation({ id, customer: mail.from, participants: [mail.from.address] }),
      );
    }
    const messageId = mail.messageId ?? '';
    emails.push(someKnownEmail({ id: stored.id, messageId, fingerprint, conversation: id }));
    for (const answered of answeredIds(mail)) {
      references.push({ messageId: answered, conversation: id });
    }
    return id;
  });
}

const CUSTOMERS = ['customer1@one.example', 'customer2@two.example', 'customer3@gmail.com'];

/** Each customer's thread: every mail answers all before it. The first may be one that nobody here has. */
const threads = fc.array(
  fc.record({ length: fc.integer({ min: 1, max: 6 }), startsElsewhere: fc.boolean() }),
  { minLength: 3, maxLength: 3 },
);

test('E04, E17: a customer’s thread is one conversation in whatever order it is fetched, and nobody else’s', () => {
  const property = fc.property(
    threads,
    fc.infiniteStream(fc.double({ min: 0, max: 1 })),
    (some, chance) => {
      const mails = some.flatMap(({ length, startsElsewhere }, who) =>
        Array.from({ length }, (_, place) => {
          const before = Array.from({ length: place }, (__, n) => `m${n}.${who}@out.example`);
          return someMail({
            messageId: `m${place}.${who}@out.example`,
            from: { name: '', address: CUSTOMERS[who] ?? '' },
            references: startsElsewhere ? ['elsewhere@out.example', ...before] : before,
          });
        }),
      );
      const shuffled = mails
        .map((mail) => ({ mail, at: chance.next().value ?? 0 }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ mail }) => mail);
      const ids = fileAll(shuffled);
      const ofCustomer = CUSTOMERS.map(
        (address) => new Set(ids.filter((_, n) => shuffled[n]?.from.address === address)),
      );
      return ofCustomer.every(({ size }) => size === 1) && new Set(ids).size === CUSTOMERS.length;
    },
  );
  expect(() => fc.assert(property)).not.toThrow();
});
