/**
 * What happens to work items and agents, as the media director's journal keeps it. Ids, times and
 * codes, never personal data: a person can be erased without touching a journal.
 */
import { z } from 'zod';
import {
  AgentId,
  CallId,
  Channel,
  CodeId,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  QueueId,
  SegmentId,
  SwitchId,
  WorkItemId,
} from '../ids.ts';
import { Device } from '../agent/agent-status.ts';
import { Readiness } from '../agent/state.ts';
import { SwitchAgentState } from '../switch/at-switch.ts';
import { ServiceObjective } from '../configuration/routing.ts';
import { RequirementSteps } from '../requirement/requirement.ts';

/** Why an item is back in its queue. */
export const RequeueReason = z.enum([
  'declined',
  'no-answer',
  'device-error',
  'withdrawn',
  'agent-vanished',
  'pulled-back',
  'woken',
  /** The owner left and no participant could own it. */
  'owner-left',
  /** The customer wrote again, and its owner had no room for it any more, or was not ready. */
  'owner-full',
  /** A contact of a medium that the switch gives out came first. */
  'interlock-lost',
]);
export type RequeueReason = z.infer<typeof RequeueReason>;

/** A return to the queue: from whom, when and why. */
export const WorkItemReturn = z.object({
  agent: AgentId.optional(),
  at: Instant,
  reason: RequeueReason,
  /** The offer it came back from, where it was one. */
  offer: z.int().optional(),
});
export type WorkItemReturn = z.infer<typeof WorkItemReturn>;

/** Whether an offer was taken back: nobody refused it, and whom it is for stays as it was. */
export const isTakenBack = (reason: RequeueReason): boolean =>
  reason === 'withdrawn' || reason === 'interlock-lost';

/** How an offer ended; distinct, so that a missed offer never looks like a declined one. */
export const OfferEnding = z.enum([
  'accepted',
  'declined',
  'no-answer',
  'abandoned',
  'withdrawn',
  'device-error',
]);
export type OfferEnding = z.infer<typeof OfferEnding>;

/** How a work item's pass ended. */
export const CloseEnding = z.enum(['handled', 'abandoned', 'forced']);
export type CloseEnding = z.infer<typeof CloseEnding>;

/** How an agent's part ended. */
export const SegmentEnding = z.enum([
  'closed',
  'transferred',
  'parked',
  'merged',
  'pulled-back',
  'agent-vanished',
  'forced',
  /** A participant left, or an owner whom somebody followed. */
  'left',
  'owner-full',
]);
export type SegmentEnding = z.infer<typeof SegmentEnding>;

/** Why this agent: enough to recompute everybody else's reason from the journal. */
export const Choice = z.object({
  /**
   * `director`: by the rules; `supervisor`: assigned by hand; `transfer`: to a named agent; `agent`: they took
   * it from the list.
   */
  by: z.enum(['director', 'supervisor', 'transfer', 'agent']),
  /** The rule that broke the tie, as `longest-idle`. */
  rule: z.string(),
  /** How many agents could have taken it. */
  candidates: z.int(),
  /** The revision of the configuration that the decision saw. */
  configuration: z.int(),
});
export type Choice = z.infer<typeof Choice>;

/** Why a pass goes on as another one. */
export const TransferCause = z.enum(['asked', 'overflow', 'refused', 'callback']);
export type TransferCause = z.infer<typeof TransferCause>;

/** How an interlock ended. */
export const InterlockEnding = z.enum([
  /** What it was for is done. */
  'over',
  /** The work was taken or went away, or the agent could not have it any more. */
  'not-needed',
  /** The agent was held, and there was nothing for them any more. */
  'in-vain',
  'call-landed',
  /** Somebody set another state at the switch. */
  'changed',
  'refused',
  /** The switch did not answer in time. */
  'no-answer',
  'link-lost',
]);
export type InterlockEnding = z.infer<typeof InterlockEnding>;

/** Where something goes: a queue, or an agent. */
export const Place = z.union([z.object({ queue: QueueId }), z.object({ agent: AgentId })]);
export type Place = z.infer<typeof Place>;

/** What an agent who does not own a work item does there. */
export const ParticipantRole = z.enum(['consulted', 'conferee', 'coach', 'monitor']);
export type ParticipantRole = z.infer<typeof ParticipantRole>;

const of = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

const item = WorkItemId;
const agent = AgentId;
const queue = QueueId;

export const DirectorEvent = z.discriminatedUnion('type', [
  of('work-item-entered', {
    item,
    conversation: ConversationId,
    interaction: InteractionId,
    channel: Channel,
    queue,
    /** 0 is most urgent, 9 least. */
    priority: z.int().min(0).max(9),
    entryPoint: EntryPointId.optional(),
    contact: ContactId.optional(),
    /** When the customer began to wait: its age, kept through every return and transfer. */
    enteredAt: Instant,
    /** When waiting longer misses the queue's service level; from its entry into this queue. */
    serviceLevelDeadline: Instant.optional(),
    /** The only agent it may go to, for a transfer to an agent. */
    onlyAgent: AgentId.optional(),
    /** Until then it waits for that agent; then it goes on to `ifRefused`, or to anybody. */
    waitsForAgentUntil: Instant.optional(),
    /** Whom to prefer while they are there. */
    preferredAgent: AgentId.optional(),
    /** The other agent to prefer: whose account it is. */
    accountOwner: AgentId.optional(),
    /** Until then it waits for a preferred agent who is there but busy. */
    waitsForPreferredUntil: Instant.optional(),
    /** The work item whose transfer made this one. */
    previous: WorkItemId.optional(),
    /** The work item it was split from, which goes on. */
    splitFrom: WorkItemId.optional(),
    /** 0 stands above all; its queue's when it came in. */
    tier: z.int().min(0).max(9).optional(),
    requirements: RequirementSteps.optional(),
    /** Within which time it is meant to be served; left out: what its queue says. */
    serviceObjective: ServiceObjective.optional(),
    /** The customer keeps a place in line, and is called when it comes up. */
    callback: z.boolean().optional(),
    /** A message that was left: nobody is at the other end. */
    offline: z.boolean().optional(),
    /** When it came into this queue, where that was as another pass. */
    queuedAt: Instant.optional(),
    /** The queues that passed it on by overflow, the first first. */
    passed: z.array(QueueId).optional(),
    /** Where it goes when the agent it was transferred to does not take it. */
    ifRefused: Place.optional(),
    /** How long the customer was told to expect to wait, in milliseconds, at least and at most. */
    estimate: z.object({ least: z.int(), most: z.int() }).optional(),
    /** How it came back before, where nobody has taken it since: in an earlier pass. */
    returns: z.array(WorkItemReturn).optional(),
  }),
  /** It asks for less from now on: for the step of that number, from 0. */
  of('requirement-relaxed', { item, queue, step: z.int().min(0) }),
  of('work-item-reordered', {
    item,
    queue,
    priority: z.int().min(0).max(9),
    tier: z.int().min(0).max(9),
    by: AgentId,
  }),
  /** So long without a word from the customer that it takes up no more room; until they write. */
  of('capacity-released', { item, agent }),
  of('work-item-offered', {
    item,
    agent,
    queue,
    /** The fencing token: accept and decline must present it. Rises within the whole centre. */
    offer: z.int(),
    deadline: Instant,
    choice: Choice,
  }),
  of('offer-ended', {
    item,
    agent,
    queue,
    offer: z.int(),
    ending: OfferEnding,
    reason: CodeId.optional(),
  }),
  of('work-item-requeued', {
    item,
    queue,
    reason: RequeueReason,
    preferredAgent: AgentId.optional(),
    /** Left out: as long as before. */
    waitsForPreferredUntil: Instant.optional(),
    by: AgentId.optional(),
  }),
  of('work-item-accepted', { item, agent, queue, segment: SegmentId, offer: z.int() }),
  of('work-item-awaits-customer', { item, agent }),
  of('customer-replied', { item }),
  of('work-item-parked', {
    item,
    by: AgentId.optional(),
    until: Instant.optional(),
    preferredAgent: AgentId.optional(),
  }),
  of('work-item-transferred', {
    item,
    to: WorkItemId,
    /** Left out where the director did it by itself: `cause` says why. */
    by: AgentId.optional(),
    queue: QueueId.optional(),
    agent: AgentId.optional(),
    cause: TransferCause.optional(),
  }),
  of('work-item-merged', { item, into: WorkItemId, by: AgentId }),
  of('work-item-closed', {
    item,
    queue,
    ending: CloseEnding,
    code: CodeId.optional(),
    by: AgentId.optional(),
  }),
  of('segment-ended', { item, agent, segment: SegmentId, ending: SegmentEnding }),
  of('service-level-missed', { item, queue }),
  /** A colleague or supervisor is asked to take part. */
  of('participant-invited', {
    item,
    agent,
    role: ParticipantRole,
    by: AgentId,
    /** As an offer's number: whoever answers must present it. */
    invitation: z.int(),
    deadline: Instant,
  }),
  of('invitation-ended', { item, agent, invitation: z.int(), ending: OfferEnding }),
  of('participant-joined', {
    item,
    agent,
    role: ParticipantRole,
    segment: SegmentId,
    /** The one they came by, where that was to the pass before. */
    invitation: z.int().optional(),
  }),
  of('participant-role-changed', { item, agent, role: ParticipantRole }),
  of('participant-left', { item, agent, segment: SegmentId, ending: SegmentEnding }),
  /** Ownership passes on: the new owner's part goes on under its segment. */
  of('owner-changed', { item, from: AgentId, agent, segment: SegmentId }),
  of('wrap-up-started', {
    agent,
    item,
    segment: SegmentId,
    until: Instant.optional(),
    /** Whose wrap-up it is, and where it takes up room. */
    queue: QueueId.optional(),
    channel: Channel.optional(),
    /** The contact was closed without a work code, and one is a must. */
    codeRequired: z.boolean().optional(),
  }),
  of('wrap-up-ended', { agent, item, segment: SegmentId, code: CodeId.optional() }),
  of('agent-logged-in', {
    agent,
    station: z.string(),
    channels: z.array(Channel),
    /** Channels of theirs for which no seat was left: they work without. */
    without: z.array(Channel).optional(),
    /** What their calls ring at; left out: none was chosen. */
    device: Device.optional(),
  }),
  /** A device the channel needs works again, or does not: then why. */
  of('agent-device-changed', { agent, channel: Channel, fault: CodeId.optional() }),
  of('agent-logged-out', {
    agent,
    reason: z.enum(['asked', 'forced', 'vanished', 'retired', 'taken-over']),
    by: AgentId.optional(),
  }),
  /** Ready or not, per channel; `pending` takes effect when work ends, the newest wins. */
  of('agent-readiness-changed', {
    agent,
    readiness: Readiness,
    pending: Readiness.optional(),
    by: AgentId.optional(),
  }),
  of('agent-presence-changed', { agent, present: z.boolean() }),
  /** The link to a switch. Down: nobody knows any more what its agents are. */
  of('switch-link-changed', { switch: SwitchId, up: z.boolean() }),
  /** An agent of that switch is here: what are they there? */
  of('switch-report-requested', { agent, switch: SwitchId, request: z.int() }),
  /** What the switch says of an agent; `calls`: all of theirs, where it told them. */
  of('switch-state-changed', {
    agent,
    switch: SwitchId,
    now: SwitchAgentState,
    calls: z.array(CallId).optional(),
  }),
  of('call-landed', { agent, switch: SwitchId, call: CallId }),
  of('call-ended', { agent, switch: SwitchId, call: CallId }),
  /** The switch is asked to make the agent not ready, so that they can be offered text. */
  of('interlock-requested', {
    agent,
    switch: SwitchId,
    /** Rises within the whole centre: the position of this event. */
    request: z.int(),
    item: WorkItemId,
    deadline: Instant,
    /** A supervisor wants them to have it. */
    by: AgentId.optional(),
  }),
  of('interlock-confirmed', { agent, request: z.int() }),
  of('interlock-ended', {
    agent,
    request: z.int(),
    ending: InterlockEnding,
    /** Until then they are not asked again. */
    restsUntil: Instant.optional(),
  }),
  of('interlock-rested', { agent }),
  /** The switch is asked to make the agent ready again, unless somebody has changed the state. */
  of('restore-requested', {
    agent,
    switch: SwitchId,
    request: z.int(),
    /** How often it was asked before without success. */
    attempt: z.int().min(0),
    /** When it is asked again. */
    deadline: Instant,
  }),
  /** Nothing of ours keeps calls from the agent any more. */
  of('restore-confirmed', { agent, request: z.int() }),
  /** The switch asked who should have a call, and it was this agent. */
  of('call-routed', { agent, switch: SwitchId, call: CallId, queue, until: Instant }),
  /** It did not land in time. */
  of('call-not-landed', { agent, call: CallId }),
  /** From here on decisions see this revision of the configuration. */
  of('configuration-taken', { revision: z.int() }),
]);
export type DirectorEvent = z.infer<typeof DirectorEvent>;

/** A numbered event of the director's journal. */
export const DirectorRecord = z.object({ position: z.int(), at: Instant, body: DirectorEvent });
export type DirectorRecord = z.infer<typeof DirectorRecord>;
