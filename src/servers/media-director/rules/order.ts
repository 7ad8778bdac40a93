/** Who comes first: the two orders that every choice goes by. */
import type { AgentId } from '#domain/ids.ts';
import type { Instant } from '#base/time.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** What the order of agents goes by. */
export interface Candidate {
  readonly agent: AgentId;
  /** Offers, contacts and wrap-ups at hand. */
  readonly load: number;
  readonly idleSince: Instant;
}

/** The most urgent work first, of equal priority the oldest, counted from when the customer began to wait. */
export function compareWork(a: OpenWorkItem, b: OpenWorkItem): number {
  return a.priority - b.priority || a.enteredAt - b.enteredAt || compareText(a.id, b.id);
}

/**
 * Idle agents first, the longest idle at the head; then those with least at hand. Nobody who is busy is
 * idle, however long ago their last contact ended.
 */
export function compareAgents(a: Candidate, b: Candidate): number {
  return a.load - b.load || a.idleSince - b.idleSince || compareText(a.agent, b.agent);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
