import type { Configuration } from '#domain/configuration/configuration.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { StoredMail } from '../stored-mail.ts';
import { customerOf, recipientsOf } from './customer.ts';
import { filedMessageId, fingerprintOf } from './identity.ts';
import type { Questions } from './known.ts';
import { addressKey, ourAddresses } from './our-addresses.ts';
import { tokenOfAddress, tokenOfMessageId, type MailTokens } from './token.ts';

/** The newest are looked for, and the oldest: who writes a thousand references means no good. */
const MOST_IDS = 100;

/** RFC 5322 §2.1.1: a line has no more characters, so no message id has. */
const LONGEST_ID = 998;

/** How much of a text is searched for what it returns: servers quote a mail's head within the first pages. */
const SEARCHED_TEXT = 50_000;

/** What must be looked up about an e-mail before `decideFiling()` can be asked. */
export function questionsOf(
  mail: ParsedMail,
  stored: StoredMail,
  configuration: Configuration,
  tokens: MailTokens,
): Questions {
  const own = filedMessageId(mail, fingerprintOf(mail, stored));
  const ids = [own, ...reportedIds(mail), ...answeredIds(mail)].filter((id) => isUsableId(id));
  return {
    ownId: own,
    messageIds: [...new Set(ids)],
    conversations: namedConversations(ids, mail, tokens),
    threadRoot: mail.threadRoot === '' ? undefined : mail.threadRoot,
    correspondent: addressKey(customerOf(mail, ourAddresses(configuration)).address),
  };
}

/** What an e-mail answers: references from newest to oldest, then In-Reply-To. Never an empty id, each once. */
export function answeredIds(mail: ParsedMail): readonly string[] {
  const all = [...mail.references.toReversed(), ...mail.inReplyTo];
  const ids = [...new Set(all.filter((id) => isUsableId(id)))];
  if (ids.length <= MOST_IDS) return ids;
  return [...ids.slice(0, MOST_IDS / 2), ...ids.slice(-MOST_IDS / 2)];
}

/**
 * What a report is about. Servers that know no RFC 3464 return the head of the mail as text; ids of ours can
 * be recognised there.
 */
export function reportedIds(mail: ParsedMail): readonly string[] {
  const said = mail.report?.originalMessageId;
  if (said !== undefined) return isUsableId(said) ? [said] : [];
  if (!mail.automation.hasNullSender && !mail.report) return [];
  const quoted = mail.text.slice(0, SEARCHED_TEXT).match(/[\da-f-]{36}\.[a-z2-7]{43}@[^\s<>]+/gi);
  return [...new Set(quoted)].slice(0, MOST_IDS);
}

function namedConversations(
  ids: readonly string[],
  mail: ParsedMail,
  tokens: MailTokens,
): readonly ConversationId[] {
  const written = [
    ...ids.map((id) => tokenOfMessageId(id)),
    ...recipientsOf(mail).map((address) => tokenOfAddress(address)),
  ];
  return [...new Set(written.flatMap((token) => (token && tokens.verify(token)) || []))];
}

const isUsableId = (id: string): boolean => id.trim() !== '' && id.length <= LONGEST_ID;
