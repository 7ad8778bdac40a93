import { z } from 'zod';
import { AgentId, Channel, CodeId, Instant, QueueId, SegmentId, WorkItemId } from '../ids.ts';
import { AtSwitch } from '../switch/at-switch.ts';
import { Readiness } from './state.ts';

/** What an agent's calls ring at: a telephone of its own, or the browser. */
export const Device = z.enum(['softphone', 'desk-phone']);
export type Device = z.infer<typeof Device>;

/** An agent who is logged in, at whichever station: who moves to another stays logged in. */
export const AgentStatus = z.object({
  id: AgentId,
  loggedInSince: Instant,
  station: z.string(),
  channels: z.array(Channel),
  device: Device.optional(),
  /** Channels of theirs that they are logged in without: no seat was left. */
  without: z.array(Channel).optional(),
  /** Channels whose device does not work, and why. */
  faults: z.partialRecord(Channel, CodeId).optional(),
  readiness: Readiness,
  /** Takes effect when work ends. */
  pending: Readiness.optional(),
  /** When `readiness` last changed. */
  since: Instant,
  present: z.boolean(),
  /** Since when no browser of theirs is there. */
  absentSince: Instant.optional(),
  /** When the agent last had nothing to do: the last contact ended, or they logged in. */
  idleSince: Instant,
  /** The same per channel, where a contact of it has ended. */
  idleSinceOf: z.partialRecord(Channel, Instant).optional(),
  /** When they were last offered anything, and of which queue. */
  lastOfferAt: Instant.optional(),
  lastQueue: QueueId.optional(),
  /** How long they had contacts or wrap-ups since they logged in, up to `idleSince`, in milliseconds. */
  occupied: z.int().optional(),
  /** Since when they have had work without a break. */
  busySince: Instant.optional(),
  /** Segments in wrap-up, and until when it may last. */
  wrapUps: z.array(
    z.object({
      item: WorkItemId,
      segment: SegmentId,
      since: Instant,
      until: Instant.optional(),
      queue: QueueId.optional(),
      channel: Channel.optional(),
      codeRequired: z.boolean().optional(),
    }),
  ),
  /** What the switch told of them; left out: nothing since they logged in. */
  atSwitch: AtSwitch.optional(),
});
export type AgentStatus = z.infer<typeof AgentStatus>;
