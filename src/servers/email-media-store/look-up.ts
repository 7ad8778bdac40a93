import type { ConversationId, MailboxId } from '#domain/ids.ts';
import type { Conversations } from './conversations.ts';
import type {
  Known,
  KnownConversation,
  KnownEmail,
  KnownReference,
  Questions,
} from './rules/known.ts';
import { REOPENINGS } from './rules/loops.ts';
import type { StoredMail } from './stored-mail.ts';
import type { EmailTables } from './tables/emails.ts';
import type { Thread } from './thread.ts';

/** What was looked up for a batch. */
export interface LookedUp {
  readonly emails: ReadonlyMap<string, readonly KnownEmail[]>;
  readonly references: ReadonlyMap<string, readonly KnownReference[]>;
  readonly roots: ReadonlyMap<string, readonly ConversationId[]>;
  readonly threads: readonly Thread[];
}

/** Of conversations with an Outlook root the newest are looked at: who copies one root a thousand times means no good. */
export const MOST_OF_ROOT = 20;

/** Looks up what is known about a batch of mails, all at once. */
export async function lookUp(
  asked: readonly { readonly mail: StoredMail; readonly questions: Questions }[],
  tables: Pick<EmailTables, 'known' | 'referring' | 'byThreadRoot'>,
  conversations: Conversations,
): Promise<LookedUp> {
  const ids = new Set(asked.flatMap(({ questions }) => questions.messageIds));
  const roots = asked.flatMap(({ mail: { mailbox }, questions: { threadRoot: root } }) =>
    root === undefined ? [] : [{ mailbox, root }],
  );
  const [emails, references, ofRoots] = await Promise.all([
    tables.known([...ids]),
    tables.referring(asked.flatMap(({ questions }) => referencesOf(questions))),
    tables.byThreadRoot(roots),
  ]);
  const byRoot = new Map<string, ConversationId[]>();
  for (const { mailbox, root, conversation } of ofRoots) {
    const key = rootKey(mailbox, root);
    byRoot.set(key, [...(byRoot.get(key) ?? []), conversation].toSorted().slice(-MOST_OF_ROOT));
  }
  const threads = await conversations.findAll([
    ...new Set([
      ...asked.flatMap(({ questions }) => questions.conversations),
      ...emails.flatMap(({ conversation }) => conversation ?? []),
      ...references.map(({ conversation }) => conversation),
      ...[...byRoot.values()].flat(),
    ]),
  ]);
  return {
    emails: Map.groupBy(emails, ({ messageId }) => messageId),
    references: Map.groupBy(references, ({ messageId }) => messageId),
    roots: byRoot,
    threads,
  };
}

/** Whoever answers the mail itself; of what it answers, the same correspondent alone. */
const referencesOf = ({
  ownId,
  messageIds,
  correspondent,
}: Questions): Parameters<EmailTables['referring']>[0] =>
  messageIds.map((id) => (id === ownId ? { id } : { id, correspondent }));

/** Of a mailbox that is gone. */
export const NO_TRAFFIC: Known['traffic'] = {
  fromCorrespondent: 0,
  opened: 0,
  storm: false,
  answeredAt: undefined,
  answeredDomainAt: [],
};

/** A root is known within its mailbox. */
export const rootKey = (mailbox: MailboxId, root: string): string => `${mailbox} ${root}`;

/** A conversation as it has been decided, to the rules. */
export const knownOf = ({ head, kept, formerly }: Thread, at: number): KnownConversation => ({
  id: head.id,
  formerly,
  state: kept.erased ? 'deleted' : 'kept',
  mailbox: head.mailbox,
  interaction: head.interaction,
  customer: head.customer,
  participants: kept.participants,
  subject: head.subject,
  threadRoots: kept.threadRoots,
  entryPoint: head.entryPoint,
  queue: head.queue,
  workItem: head.workItem,
  lastOwner: kept.lastOwner,
  reopened: kept.reopened.filter((opened) => opened > at - REOPENINGS.within).length,
});
