/** The live board: what a supervisor sees of this moment and of today. */
import { z } from 'zod';
import { Readiness } from '../agent/state.ts';
import { AgentId, Channel, CodeId, Instant, QueueId } from '../ids.ts';
import { Figures } from './metric.ts';

/** What an agent is doing, most engaged first: has contacts, wraps up, else as their readiness says. */
export const AGENT_ACTIVITIES = ['busy', 'wrap-up', 'ready', 'not-ready'] as const;
export const AgentActivity = z.enum(AGENT_ACTIVITIES);
export type AgentActivity = z.infer<typeof AgentActivity>;

/** How many logged-in agents do what. */
export const AgentsByActivity = z.record(AgentActivity, z.int());
export type AgentsByActivity = z.infer<typeof AgentsByActivity>;

export const BoardQueue = z.object({
  queue: QueueId,
  /** Contacts that wait for an agent now, those being offered among them. */
  waiting: z.int(),
  /** Since when the oldest of them waits; null when none does. */
  oldestWaitingSince: Instant.nullable(),
  /** Contacts with agents now. */
  withAgents: z.int(),
  parked: z.int(),
  /** How long a customer would wait who came in now, in milliseconds; left out where nobody can tell. */
  expectedWait: z.object({ least: z.int(), most: z.int() }).optional(),
  /** Logged-in agents who serve this queue. */
  agents: AgentsByActivity,
  /** Of today. */
  figures: Figures,
});
export type BoardQueue = z.infer<typeof BoardQueue>;

export const BoardAgent = z.object({
  agent: AgentId,
  activity: AgentActivity,
  /** Why not ready. */
  reason: CodeId.optional(),
  /** When the activity began. */
  since: Instant,
  readiness: Readiness,
  /** Takes effect when work ends. */
  pending: Readiness.optional(),
  loggedInSince: Instant,
  station: z.string(),
  channels: z.array(Channel),
  /** Channels whose device does not work, and why. */
  faults: z.partialRecord(Channel, CodeId).optional(),
  /** Channels of theirs that they are logged in without: no seat was left. */
  without: z.array(Channel).optional(),
  /** False when their browser is gone. */
  present: z.boolean(),
  /** Contacts they have now. */
  contacts: z.int(),
  /** Of today. */
  figures: Figures,
});
export type BoardAgent = z.infer<typeof BoardAgent>;

/**
 * In = closed + open, counted apart: `entered` and `ended` add up what the journal says since its
 * beginning, `open` is how many items are open now. `difference` is entered − ended − open: always 0.
 */
export const Balance = z.object({
  entered: z.int(),
  ended: z.int(),
  open: z.int(),
  difference: z.int(),
});
export type Balance = z.infer<typeof Balance>;

export const Board = z.object({
  /** Rises with every change; the journal's position that this reflects. */
  version: z.int(),
  at: Instant,
  /** When today began, in the organisation's time zone. */
  dayBegan: Instant,
  timeZone: z.string(),
  queues: z.array(BoardQueue),
  agents: z.array(BoardAgent),
  balance: Balance,
});
export type Board = z.infer<typeof Board>;
