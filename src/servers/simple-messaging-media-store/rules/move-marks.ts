import type { Marks } from '#domain/message.ts';

/** How far one side says it has got. */
export interface MarkMove {
  readonly party: 'customer' | 'agent';
  readonly delivered?: number | undefined;
  readonly read?: number | undefined;
}

/**
 * Marks after a move: only forward, never past the last message; what is read has been delivered.
 *
 * @returns Nothing when the move changes nothing.
 */
export function moveMarks(marks: Marks, move: MarkMove, lastNumber: number): Marks | undefined {
  const isCustomer = move.party === 'customer';
  const before = isCustomer
    ? { delivered: marks.customerDelivered, read: marks.customerRead }
    : { delivered: marks.agentDelivered, read: marks.agentRead };
  const read = Math.max(before.read, Math.min(move.read ?? 0, lastNumber));
  const delivered = Math.max(before.delivered, Math.min(move.delivered ?? 0, lastNumber), read);
  if (read === before.read && delivered === before.delivered) return undefined;
  return isCustomer
    ? { ...marks, customerDelivered: delivered, customerRead: read }
    : { ...marks, agentDelivered: delivered, agentRead: read };
}
