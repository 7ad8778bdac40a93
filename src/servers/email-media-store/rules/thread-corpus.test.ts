import { expect, test } from 'vitest';
import { readMessage } from '../mime/read-message.ts';
import {
  AGENT,
  newConversation,
  newEmail,
  QUIET,
  someConversation,
  someFacts,
  someKnownEmail,
  TOKENS,
} from '../testing/filing-facts.ts';
import { MAIL_OF_MACHINES } from '../testing/mail-of-machines.ts';
import { MAIL_OF_PEOPLE } from '../testing/mail-of-people.ts';
import { decideFiling } from './decide-filing.ts';
import { messageIdOf, replyAddressOf } from './token.ts';

const id = newConversation();
const ADDRESS = 'support@shop.example';
const ROOT = Buffer.alloc(22, 9);
const CHILD = Buffer.concat([ROOT, Buffer.alloc(5, 1)]);
const answer = messageIdOf(TOKENS, newEmail(), id, ADDRESS);
const FIRST = 'first@firm.example';
const SERVER = '4711@exchange.firm.example';
const sent = {
  id: newEmail(),
  direction: 'out',
  conversation: id,
  agent: AGENT,
  delivery: { state: 'sent' },
} as const;

const known = {
  conversations: [
    someConversation({
      id,
      customer: { name: 'Customer 1', address: 'customer1@firm.example' },
      participants: ['customer1@firm.example', ADDRESS],
      threadRoots: [ROOT.toString('hex')],
    }),
  ],
  emails: [
    someKnownEmail({ messageId: FIRST, conversation: id }),
    someKnownEmail({ ...sent, messageId: answer }),
    someKnownEmail({ ...sent, messageId: SERVER }),
  ],
  traffic: QUIET,
};

const plus = replyAddressOf(TOKENS, id, ADDRESS) ?? '';
const WORDS: Readonly<Record<string, string>> = {
  first: `<${FIRST}>`,
  answer: `<${answer}>`,
  server: `<${SERVER}>`,
  plus,
  PLUS: plus.toUpperCase(),
  root: ROOT.toString('base64'),
  child: CHILD.toString('base64'),
};

const CORPUS = [...MAIL_OF_PEOPLE, ...MAIL_OF_MACHINES];

test.each(CORPUS.map((mail) => [mail.name, mail] as const))('E17: %s', async (_, mail) => {
  const raw = mail.raw.replaceAll(/\{(\w+)\}/g, (whole, word: string) => WORDS[word] ?? whole);
  const reading = await readMessage([Buffer.from(raw.replaceAll('\n', '\r\n'))], {
    write: () => undefined,
  });
  const plan = decideFiling(someFacts({ mail: { ...reading, attachments: [] }, known }));
  expect(plan).toMatchObject({
    type: mail.becomes,
    nature: mail.nature,
    work: { type: mail.work },
    ...(mail.becomes === 'join' && { conversation: id }),
  });
  expect(plan.deliveries.map(({ email }) => email)).toEqual(
    mail.nature === 'bounce' ? [sent.id] : [],
  );
});
