import { expect, test } from 'vitest';
import type { Automation, ParsedMail } from '../mime/parsed-mail.ts';
import {
  newConversation,
  newEmail,
  someConfiguration,
  someMail,
  TOKENS,
} from '../testing/filing-facts.ts';
import { natureOf } from './nature.ts';
import { ourAddresses } from './our-addresses.ts';
import { messageIdOf, openMailTokens } from './token.ts';

const ours = ourAddresses(someConfiguration());
const { automation: none } = someMail();
const natureIf = (mail: Partial<ParsedMail>, automation: Partial<Automation> = {}) =>
  natureOf(someMail({ ...mail, automation: { ...none, ...automation } }), ours, TOKENS).nature;

const from = (address: string) => ({ from: { name: '', address } });
const reply = { inReplyTo: ['m@shop.example'] };

test.each<[string, Partial<ParsedMail>, Partial<Automation>, string]>([
  ['nothing said', {}, {}, 'personal'],
  ['a person’s answer', reply, { autoSubmitted: 'no' }, 'personal'],
  ['RFC 3834: an automatic answer', {}, { autoSubmitted: 'auto-replied' }, 'auto-reply'],
  [
    'RFC 5230: a vacation answer, with parameters',
    reply,
    { autoSubmitted: 'auto-replied; owner-email="x"', hasNullSender: true },
    'auto-reply',
  ],
  [
    'Exchange: out of office',
    reply,
    { autoSubmitted: 'auto-generated', suppress: 'all' },
    'auto-reply',
  ],
  ['RFC 3834: a web form’s mail', {}, { autoSubmitted: 'auto-generated' }, 'list'],
  ['RFC 5436: a notification', {}, { autoSubmitted: 'auto-notified' }, 'list'],
  ['RFC 2369: a mailing list', reply, { isList: true }, 'list'],
  ['a newsletter', {}, { isList: true, precedence: 'bulk' }, 'list'],
  ['an old list', reply, { precedence: 'list' }, 'list'],
  ['an old responder', reply, { precedence: 'bulk' }, 'auto-reply'],
  ['an old responder that says junk', reply, { precedence: 'junk' }, 'auto-reply'],
  ['bulk mail', {}, { precedence: 'bulk' }, 'list'],
  ['qmail’s responder', {}, { precedence: 'auto_reply' }, 'auto-reply'],
  ['X-Autoreply', {}, { marks: ['x-autoreply'] }, 'auto-reply'],
  ['X-Autorespond', {}, { marks: ['x-autorespond'] }, 'auto-reply'],
  ['X-Loop on an answer', reply, { marks: ['x-loop'] }, 'auto-reply'],
  ['X-Loop on what begins', {}, { marks: ['x-loop'] }, 'list'],
  ['RFC 8098: a receipt', reply, { hasNullSender: true }, 'auto-reply'],
  ['no envelope sender, and no answer', {}, { hasNullSender: true }, 'list'],
  ['only a wish for no answer', {}, { suppress: 'all' }, 'personal'],
  ['RFC 3464: a report', { report: { recipients: [] } }, {}, 'bounce'],
  [
    'a server’s own words',
    from('MAILER-DAEMON@mx.elsewhere.example'),
    { hasNullSender: true },
    'bounce',
  ],
  ['a postmaster who writes', from('postmaster@elsewhere.example'), {}, 'personal'],
  ['our own mailbox', from('Support@Shop.example'), {}, 'own'],
  ['an alias of ours', from('help@shop.example'), {}, 'own'],
  [
    'our own automatic answer',
    from('billing@shop.example'),
    { autoSubmitted: 'auto-replied' },
    'own',
  ],
  ['words that sound automatic', { subject: 'Automatic reply: Out of office' }, {}, 'personal'],
])('E19: natureOf() by %s', (_, mail, automation, expected) => {
  expect(natureIf(mail, automation)).toBe(expected);
});

test('E19: natureOf() knows what we sent by its id, whoever it comes from', () => {
  const conversation = newConversation();
  const messageId = messageIdOf(TOKENS, newEmail(), conversation, 'support@shop.example');
  expect(natureIf({ messageId })).toBe('own');
  const theirs = openMailTokens(Buffer.alloc(32, 9));
  const foreign = messageIdOf(theirs, newEmail(), conversation, 'support@shop.example');
  expect(natureIf({ messageId: foreign })).toBe('personal');
});
