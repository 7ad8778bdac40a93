/**
 * One conversation by e-mail as an agent's browser holds it. Pure: a fold over what was read and heard.
 */
import type { AgentId, Instant } from '#domain/ids.ts';
import type { Email, EmailConversation } from '#domain/email/email.ts';

export interface EmailNote {
  readonly agent: AgentId;
  readonly note: string;
  readonly at: Instant;
}

export interface Correspondence {
  readonly conversation: EmailConversation | undefined;
  /** By rising number. */
  readonly emails: readonly Email[];
  readonly notes: readonly EmailNote[];
  /** Who is writing an answer now. */
  readonly writers: readonly AgentId[];
}

export type CorrespondenceAction =
  | {
      readonly type: 'read';
      readonly conversation: EmailConversation;
      readonly emails: readonly Email[];
      readonly notes: readonly EmailNote[];
    }
  | { readonly type: 'writing'; readonly writers: readonly AgentId[] };

export const EMPTY_CORRESPONDENCE: Correspondence = {
  conversation: undefined,
  emails: [],
  notes: [],
  writers: [],
};

export function nextCorrespondence(
  before: Correspondence,
  action: CorrespondenceAction,
): Correspondence {
  if (action.type === 'writing') return { ...before, writers: action.writers };
  const { conversation, emails, notes } = action;
  // What is read again takes the place of what was known: a delivery may have changed.
  const byNumber = new Map(before.emails.map((email) => [email.number, email]));
  for (const email of emails) byNumber.set(email.number, email);
  return {
    conversation,
    notes,
    writers: conversation.writers,
    emails: [...byNumber.values()].toSorted((a, b) => a.number - b.number),
  };
}
