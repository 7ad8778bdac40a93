import { z } from 'zod';
import {
  AgentId,
  Channel,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
} from '../ids.ts';
import { ServiceObjective } from '../configuration/routing.ts';
import { RequirementSteps } from '../requirement/requirement.ts';
import { ParticipantRole, Place, WorkItemReturn } from './event.ts';
import { WorkItemState } from './state.ts';

/** An item remembers so many of its returns: enough to see whose hands it went through. */
const LONGEST_MEMORY = 20;

/** Somebody beside the owner: there, or asked to come. */
export const Participant = z.object({
  agent: AgentId,
  role: ParticipantRole,
  since: Instant,
  segment: SegmentId.optional(),
  invitation: z.int().optional(),
  deadline: Instant.optional(),
  invitedBy: AgentId.optional(),
});
export type Participant = z.infer<typeof Participant>;

export const OpenWorkItem = z.object({
  id: WorkItemId,
  conversation: ConversationId,
  interaction: InteractionId,
  channel: Channel,
  queue: QueueId,
  priority: z.int().min(0).max(9),
  entryPoint: EntryPointId.optional(),
  contact: ContactId.optional(),
  state: WorkItemState,
  /** When the customer began to wait. */
  enteredAt: Instant,
  /** When it came into this queue. */
  queuedAt: Instant,
  /** Since when it waits in it, where somebody had it meanwhile: what it waited before that is over. */
  waitingSince: Instant.optional(),
  /** When it came into its present state. */
  since: Instant,
  /** The owner, or whom it is offered to; of a parked item, who parked it. */
  agent: AgentId.optional(),
  segment: SegmentId.optional(),
  offer: z.int().optional(),
  deadline: Instant.optional(),
  parkedUntil: Instant.optional(),
  onlyAgent: AgentId.optional(),
  waitsForAgentUntil: Instant.optional(),
  preferredAgent: AgentId.optional(),
  accountOwner: AgentId.optional(),
  waitsForPreferredUntil: Instant.optional(),
  /** 0 stands above all. */
  tier: z.int().min(0).max(9).optional(),
  requirements: RequirementSteps.optional(),
  /** Within which time it is meant to be served; left out: what its queue says. */
  serviceObjective: ServiceObjective.optional(),
  /** Which of its requirements it asks for now, from 0. */
  step: z.int().optional(),
  callback: z.boolean().optional(),
  /** A message that was left: nobody is at the other end. */
  offline: z.boolean().optional(),
  /** The queues that passed it on by overflow: it does not come back to them in this way. */
  passed: z.array(QueueId).optional(),
  ifRefused: Place.optional(),
  /** The work item it was split from, which went on beside it. */
  splitFrom: WorkItemId.optional(),
  estimate: z.object({ least: z.int(), most: z.int() }).optional(),
  /** It takes up no room of its owner's while their customer is silent. */
  isReleased: z.boolean().optional(),
  /** Who else is there, the longest first; those who are only invited have no segment yet. */
  participants: z.array(Participant).optional(),
  serviceLevelDeadline: Instant.optional(),
  /** True once answered, abandoned or late: its service level is counted once. */
  serviceLevelCounted: z.boolean(),
  /** How it came back to its queue, the newest last; at most the last 20. */
  returns: z.array(WorkItemReturn).max(LONGEST_MEMORY).optional(),
});
export type OpenWorkItem = z.infer<typeof OpenWorkItem>;

/** Since when it has waited in its queue without anybody having it: what time there is counted from, but its age. */
export const waitsSince = ({
  queuedAt,
  waitingSince = queuedAt,
}: Pick<OpenWorkItem, 'queuedAt' | 'waitingSince'>): Instant => waitingSince;

/** What an item remembers after one more return. */
export const withReturn = (
  item: OpenWorkItem | undefined,
  last: WorkItemReturn,
): WorkItemReturn[] => [...(item?.returns ?? []).slice(1 - LONGEST_MEMORY), last];
