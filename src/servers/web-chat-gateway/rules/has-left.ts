import type { Conversation, Message } from '#domain/message.ts';

/**
 * Whether a conversation whose customer has gone without a word is over: nobody has turned to it yet,
 * and there is no address to answer to. Where there is one, or somebody was at work on it, it stays.
 */
export function hasLeft(
  conversation: Pick<Conversation, 'owner' | 'endedAt' | 'offline' | 'customerAddress' | 'marks'>,
  messages: readonly Pick<Message, 'from'>[],
): boolean {
  const { owner, endedAt, offline, customerAddress, marks } = conversation;
  if (endedAt !== undefined || offline || customerAddress !== undefined) return false;
  if (owner !== undefined || marks.agentDelivered > 0) return false;
  return messages.every(({ from }) => from !== 'agent');
}
