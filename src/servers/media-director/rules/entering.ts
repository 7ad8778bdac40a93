import type { Instant } from '#base/time.ts';
import type { Queue } from '#domain/configuration/documents.ts';
import type { QueueId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';

type Entered = DirectorEvent & { type: 'work-item-entered' };

/** A queue and what it says of work that comes in. */
export interface Into {
  readonly id: QueueId;
  readonly queue: Queue;
}

/** What the queue alone decides of a pass that begins in it now. */
type OfQueue =
  | 'type'
  | 'queue'
  | 'tier'
  | 'serviceLevelDeadline'
  | 'waitsForAgentUntil'
  | 'waitsForPreferredUntil';

/**
 * Work comes into a queue: under its tier, its service level and its patience for those it is for. It
 * asks for what the queue asks for where it does not ask for anything of its own.
 */
export function entering({ id, queue }: Into, work: Omit<Entered, OfQueue>, at: Instant): Entered {
  const { requirements = queue.requirements } = work;
  const isPreferring = work.preferredAgent !== undefined || work.accountOwner !== undefined;
  // every field by its name: copying what there is of them would take longer than all else that is decided of it
  return {
    type: 'work-item-entered',
    item: work.item,
    conversation: work.conversation,
    interaction: work.interaction,
    channel: work.channel,
    queue: id,
    priority: work.priority,
    entryPoint: work.entryPoint,
    contact: work.contact,
    enteredAt: work.enteredAt,
    serviceLevelDeadline: at + queue.serviceLevel.threshold,
    onlyAgent: work.onlyAgent,
    waitsForAgentUntil: work.onlyAgent === undefined ? undefined : at + queue.transferWait,
    preferredAgent: work.preferredAgent,
    accountOwner: work.accountOwner,
    waitsForPreferredUntil:
      isPreferring && queue.preferredWait > 0 ? at + queue.preferredWait : undefined,
    previous: work.previous,
    splitFrom: work.splitFrom,
    tier: queue.tier,
    requirements: requirements.length > 0 ? requirements : undefined,
    serviceObjective: work.serviceObjective,
    callback: work.callback,
    offline: work.offline,
    queuedAt: work.queuedAt,
    passed: work.passed,
    ifRefused: work.ifRefused,
    estimate: work.estimate,
    returns: work.returns,
  };
}

/**
 * What stays the same when a pass goes on as another one: whose it is, its age, its urgency, and what
 * it asks for by itself. What the queue it leaves asked for stays there.
 *
 * @param leaves The queue it leaves; left out where it stays in it.
 */
export function goingOn(
  item: OpenWorkItem,
  to: WorkItemId,
  leaves?: Queue,
): Omit<Entered, OfQueue> {
  const { conversation, interaction, channel, priority, entryPoint, contact, enteredAt } = item;
  const { preferredAgent, accountOwner, callback, offline, passed, requirements } = item;
  const { serviceObjective } = item;
  return {
    item: to,
    conversation,
    interaction,
    channel,
    priority,
    entryPoint,
    contact,
    enteredAt,
    preferredAgent,
    accountOwner,
    callback,
    offline,
    passed,
    returns: item.segment ? undefined : item.returns, // once somebody took it, all begin anew
    requirements: leaves && sameSteps(requirements, leaves) ? undefined : requirements,
    serviceObjective,
    previous: item.id,
  };
}

/** What else it keeps where it goes on in the same queue: its place there, and that its service level counts once. */
export const stayingThere = (
  item: OpenWorkItem,
): Pick<Entered, 'tier' | 'queuedAt' | 'serviceLevelDeadline'> => ({
  tier: item.tier,
  queuedAt: waitsSince(item),
  serviceLevelDeadline: item.serviceLevelCounted ? undefined : item.serviceLevelDeadline,
});

const sameSteps = (steps: OpenWorkItem['requirements'], { requirements }: Queue): boolean =>
  JSON.stringify(steps ?? []) === JSON.stringify(requirements);
