/** What an administrator may set of how work finds an agent: for the whole centre, and per queue. */
import { z } from 'zod';
import { Channel, Duration, QueueId, ScheduleId } from '../ids.ts';
import { RequirementSteps } from '../requirement/requirement.ts';

const PerChannel = z.partialRecord(Channel, z.int().min(0).max(1_000));

/** How heavily a contact counts against an agent's budget where nothing else is said. */
export const USUAL_WEIGHTS: Readonly<Record<Channel, number>> = {
  voice: 100,
  'web-chat': 30,
  sms: 20,
  xmpp: 30,
  email: 40,
  preview: 100,
  task: 40,
};

/** Routing, for the whole centre. */
export const CentreRouting = z.object({
  /**
   * What one class of priority is worth, in milliseconds of waiting where the service objective is a minute, and in
   * proportion to the objective elsewhere: work ages into higher classes, and among work of one class the need
   * decides as if nothing aged. 0: it never does, the more urgent class always comes first.
   */
  ageing: Duration.default(0),
  /**
   * An agent stays with the queue they served last, unless another's need is greater by so many percent of
   * what their own queue's work has waited: who changes the subject all the time serves nobody well. Between
   * queues of the same service objective nobody stays: there what is older always goes first.
   */
  hysteresis: z.int().min(0).max(100).default(10),
  /** When an agent begins to be idle: the only place where it is defined. */
  idle: z
    .object({
      /** What ends idleness: a contact of any channel, or only one of the channel that is asked about. */
      resetBy: z.enum(['any-channel', 'same-channel']).default('any-channel'),
      /** Whether coming back from not ready begins it anew. */
      notReadyResets: z.boolean().default(false),
    })
    .prefault({}),
  /** What a contact weighs against the agent's budget; a channel that is missing weighs the usual. */
  weights: PerChannel.default({}),
  /** What may interrupt what: a channel → those whose contacts do not count when it is offered. */
  interrupts: z.partialRecord(Channel, z.array(Channel)).default({}),
  /** Nobody has more contacts of a channel than this, whatever their own capacity says. */
  mostPerAgent: PerChannel.default({}),
  /** After so long without a word from the customer a contact no longer takes up room. 0: it always does. */
  idleContactReleases: Duration.default(0),
});
export type CentreRouting = z.infer<typeof CentreRouting>;

/** Which of several agents who could have it gets a contact. */
export const AgentOrder = z.enum([
  'longest-idle',
  'least-occupied',
  'most-skilled',
  'most-spare-capacity',
  'round-robin',
]);
export type AgentOrder = z.infer<typeof AgentOrder>;

/** Within which time work is meant to be served: the need of what waits is measured against it. */
export const ServiceObjective = Duration.min(1_000);

/** Routing, per queue: fields of its document. */
export const QUEUE_ROUTING = {
  /** Hard tiers stand above all: while work of a lower number waits that an agent can take, no other is looked at. */
  tier: z.int().min(0).max(9).default(5),
  /** How long customers should wait at most; what is nearest to it, in proportion, is in greatest need. */
  serviceObjective: ServiceObjective.default(60_000),
  agentOrder: AgentOrder.default('longest-idle'),
  /** What its work asks for where its entry point says nothing. */
  requirements: RequirementSteps.default([]),
  /** How long work waits for a preferred agent who is there but busy; an agent who is away is never waited for. */
  preferredWait: Duration.default(0),
  /**
   * How long a transfer to an agent who is busy waits for them; then it goes on to the place that was named,
   * or to anybody. Who is away or not ready is never waited for.
   */
  transferWait: Duration.min(1_000).default(60_000),
  /** An agent has at most so many contacts of this queue at once; left out: their capacity says. */
  mostPerAgent: z.int().min(0).max(100).optional(),
  /** Offers are accepted by themselves after so many milliseconds; left out: the agent does it. */
  autoAcceptAfter: Duration.max(60_000).optional(),
  /** Where new work finds the queue full or its hours over, or waits too long, it goes to `overflow`. */
  limits: z
    .object({
      /** At most so many wait. */
      waiting: z.int().min(0).max(1_000_000).optional(),
      /** Nobody waits longer here. */
      longestWait: Duration.min(1_000).optional(),
    })
    .default({}),
  overflow: QueueId.optional(),
  /** Opening hours; left out: always open. What came in before it closed is still served. */
  schedule: ScheduleId.optional(),
  /** A brake: at most so many offers a minute, so that a morning's backlog does not bury everybody. */
  offersPerMinute: z.int().min(1).max(60_000).optional(),
  /**
   * What waiting customers are told; `{place}`, `{least}` and `{most}` (minutes) are filled in, and `{wait}`
   * with both and their unit, as in `2–5 minutes`. '' tells nothing.
   */
  announcements: z
    .object({ place: z.string().max(500).default(''), wait: z.string().max(500).default('') })
    .prefault({}),
};
