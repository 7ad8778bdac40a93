import type { AgentId, Instant, WorkItemId } from '../ids.ts';
import { isTakenBack, type DirectorEvent } from './event.ts';
import { withReturn, type OpenWorkItem, type Participant } from './open-work-item.ts';
import { participantOf } from './participants.ts';

/** The open work items. What changes is replaced, never altered. */
export type OpenItems = Map<WorkItemId, OpenWorkItem>;

/** What the work items' part of the fold keeps. */
export interface ItemsOfCentre {
  readonly items: OpenItems;
  /** Among them all that wait for one agent alone, and perhaps some that did: looked through when somebody leaves. */
  readonly personal: Set<WorkItemId>;
}

/** What an event says of work items. One of an item that is not open changes nothing. */
export function applyToWorkItems(centre: ItemsOfCentre, at: Instant, event: DirectorEvent): void {
  switch (event.type) {
    case 'work-item-entered':
      if (event.onlyAgent !== undefined) centre.personal.add(event.item);
      centre.items.set(event.item, asWaiting(event, at));
      return;
    case 'work-item-transferred':
    case 'work-item-merged':
    case 'work-item-closed':
      centre.items.delete(event.item);
      centre.personal.delete(event.item);
      return;
    case 'agent-logged-out':
      // Who moves to another station is back at once; for everybody else nobody waits.
      if (event.reason !== 'taken-over') openToAll(centre, event.agent);
      return;
    default: {
      const item = 'item' in event ? centre.items.get(event.item) : undefined;
      const after = item && changed(item, at, event);
      if (after && after !== item) centre.items.set(after.id, after);
    }
  }
}

type Entered = DirectorEvent & { type: 'work-item-entered' };

/** None may be left out, set or not. */
type EveryField<T> = { [K in keyof Required<T>]: T[K] };

/** The work item as it waits after it has come in. All have the same fields in the same order: making and reading them stays quick. */
export const asWaiting = (event: Entered, at: Instant): EveryField<OpenWorkItem> => ({
  id: event.item,
  conversation: event.conversation,
  interaction: event.interaction,
  channel: event.channel,
  queue: event.queue,
  priority: event.priority,
  entryPoint: event.entryPoint,
  contact: event.contact,
  state: 'queued',
  enteredAt: event.enteredAt,
  queuedAt: event.queuedAt ?? at,
  waitingSince: undefined,
  since: at,
  agent: undefined,
  segment: undefined,
  offer: undefined,
  deadline: undefined,
  parkedUntil: undefined,
  onlyAgent: event.onlyAgent,
  waitsForAgentUntil: event.waitsForAgentUntil,
  preferredAgent: event.preferredAgent,
  accountOwner: event.accountOwner,
  waitsForPreferredUntil: event.waitsForPreferredUntil,
  tier: event.tier,
  requirements: event.requirements,
  serviceObjective: event.serviceObjective,
  step: undefined,
  callback: event.callback,
  offline: event.offline,
  passed: event.passed,
  ifRefused: event.ifRefused,
  splitFrom: event.splitFrom,
  estimate: event.estimate,
  isReleased: undefined,
  participants: undefined,
  serviceLevelDeadline: event.serviceLevelDeadline,
  serviceLevelCounted: false,
  returns: event.returns,
});

/** An open item after an event of it: itself, where nothing of it changed. */
function changed(item: OpenWorkItem, at: Instant, event: DirectorEvent): OpenWorkItem {
  switch (event.type) {
    case 'work-item-offered': {
      // By hand it goes to anybody: the agent it was to go to is not waited for any more.
      const isMeant = item.onlyAgent === event.agent;
      return {
        ...item,
        onlyAgent: isMeant ? item.onlyAgent : undefined,
        waitsForAgentUntil: isMeant ? item.waitsForAgentUntil : undefined,
        ifRefused: isMeant ? item.ifRefused : undefined,
        state: 'offered',
        since: at,
        agent: event.agent,
        offer: event.offer,
        deadline: event.deadline,
      };
    }
    case 'work-item-requeued':
      return {
        ...item,
        ...UNOWNED,
        ...(STANDS_IN_LINE.has(item.state) ? {} : { waitingSince: at, step: undefined }),
        // Whoever refused it is not waited for again; an offer taken back was no refusal.
        ...(isTakenBack(event.reason) ? {} : ANYBODYS),
        state: 'queued',
        since: at,
        preferredAgent: event.preferredAgent,
        waitsForPreferredUntil: event.waitsForPreferredUntil ?? item.waitsForPreferredUntil,
        returns: withReturn(item, {
          agent: item.agent,
          at,
          reason: event.reason,
          offer: item.offer,
        }),
      };
    case 'work-item-accepted':
      return {
        ...item,
        onlyAgent: undefined, // whom it was to go to has it
        waitsForAgentUntil: undefined,
        ifRefused: undefined,
        state: 'accepted',
        since: at,
        agent: event.agent,
        segment: event.segment,
        offer: event.offer,
        deadline: undefined,
        serviceLevelCounted: true,
      };
    case 'work-item-awaits-customer':
      return { ...item, state: 'awaiting-customer', since: at };
    case 'customer-replied':
      return { ...item, state: 'accepted', since: at, isReleased: undefined };
    case 'capacity-released':
      return { ...item, isReleased: true };
    case 'work-item-parked':
      return {
        ...item,
        ...UNOWNED,
        state: 'parked',
        since: at,
        agent: event.by,
        parkedUntil: event.until,
        preferredAgent: event.preferredAgent,
      };
    case 'requirement-relaxed':
      return { ...item, step: event.step };
    case 'work-item-reordered':
      return { ...item, priority: event.priority, tier: event.tier };
    case 'segment-ended':
      // At once, not with what follows: whoever begins to read here must not count it as a contact.
      return item.segment === event.segment ? { ...item, segment: undefined } : item;
    case 'service-level-missed':
      return { ...item, serviceLevelCounted: true };
    case 'participant-invited': {
      const { agent, role, invitation, deadline, by: invitedBy } = event;
      const invited = { agent, role, since: at, invitation, deadline, invitedBy };
      return { ...item, participants: [...othersThan(item, agent), invited] };
    }
    case 'participant-joined': {
      const { agent, role, segment } = event;
      const { invitation = event.invitation } = participantOf(item, agent) ?? {};
      const joined = { agent, role, segment, since: at, invitation };
      return { ...item, participants: [...othersThan(item, agent), joined] };
    }
    case 'participant-role-changed': {
      const { agent, role } = event;
      const { participants = [] } = item;
      return {
        ...item,
        participants: participants.map((p) => (p.agent === agent ? { ...p, role } : p)),
      };
    }
    case 'invitation-ended':
      if (event.ending === 'accepted') return item; // that they joined follows
      return { ...item, participants: othersThan(item, event.agent) };
    case 'participant-left':
      return { ...item, participants: othersThan(item, event.agent) };
    case 'owner-changed': {
      const { agent, segment } = event;
      return { ...item, agent, segment, participants: othersThan(item, agent) };
    }
    default:
      return item; // of agents alone, or what follows says what became of the item
  }
}

/** Items that waited for this agent alone are anybody's now. */
function openToAll({ items, personal }: ItemsOfCentre, agent: AgentId): void {
  for (const id of personal) {
    const item = items.get(id);
    if (item?.onlyAgent !== agent) continue;
    personal.delete(id);
    items.set(item.id, { ...item, ...ANYBODYS, preferredAgent: agent });
  }
}

const othersThan = (item: OpenWorkItem, agent: AgentId): Participant[] =>
  (item.participants ?? []).filter((p) => p.agent !== agent);

/** In these it waits for an agent: what comes back from others begins its wait anew. */
const STANDS_IN_LINE: ReadonlySet<OpenWorkItem['state']> = new Set(['queued', 'offered']);

/** It waits for no agent alone. */
const ANYBODYS = {
  onlyAgent: undefined,
  waitsForAgentUntil: undefined,
  ifRefused: undefined,
} satisfies Partial<OpenWorkItem>;

const UNOWNED = {
  agent: undefined,
  segment: undefined,
  offer: undefined,
  deadline: undefined,
  parkedUntil: undefined,
  isReleased: undefined,
  participants: undefined,
} satisfies Partial<OpenWorkItem>;
