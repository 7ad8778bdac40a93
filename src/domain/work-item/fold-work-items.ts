import type { AgentId, Instant, WorkItemId } from '../ids.ts';
import { isTakenBack, type DirectorEvent } from './event.ts';
import { withReturn, type OpenWorkItem, type Participant } from './open-work-item.ts';

/** The open work items. What changes is replaced, never altered. */
export type OpenItems = Map<WorkItemId, OpenWorkItem>;

/** What the work items' part of the fold keeps. */
export interface ItemsOfCentre {
  readonly items: OpenItems;
  /** Among them all that wait for one agent alone, and perhaps some that did: looked through when somebody leaves. */
  readonly personal: Set<WorkItemId>;
}

/** What an event says of work items. One of an item that is not open changes nothing. */
export function applyToWorkItems(
  { items, personal }: ItemsOfCentre,
  at: Instant,
  event: DirectorEvent,
): void {
  const change = (to: Partial<OpenWorkItem>): void => {
    const item = 'item' in event ? items.get(event.item) : undefined;
    if (item) items.set(item.id, { ...item, ...to });
  };
  const moveTo = (state: OpenWorkItem['state'], to: Partial<OpenWorkItem> = {}): void => {
    const item = 'item' in event ? items.get(event.item) : undefined;
    if (item) items.set(item.id, { ...item, ...to, state, since: at });
  };

  switch (event.type) {
    case 'work-item-entered': {
      const { type: _, item: id, previous: __, ...known } = event;
      if (event.onlyAgent !== undefined) personal.add(id);
      items.set(id, {
        ...UNSET, // all items have the same fields in the same order: reading them stays quick
        ...known,
        id,
        state: 'queued',
        queuedAt: event.queuedAt ?? at,
        since: at,
        serviceLevelCounted: false,
      });
      return;
    }
    case 'work-item-offered':
      return moveTo('offered', {
        // By hand it goes to anybody: the agent it was to go to is not waited for any more.
        ...(items.get(event.item)?.onlyAgent === event.agent ? {} : ANYBODYS),
        agent: event.agent,
        offer: event.offer,
        deadline: event.deadline,
      });
    case 'work-item-requeued': {
      const before = items.get(event.item);
      return moveTo('queued', {
        ...UNOWNED,
        ...(before && STANDS_IN_LINE.has(before.state)
          ? {}
          : { waitingSince: at, step: undefined }),
        // Whoever refused it is not waited for again; an offer taken back was no refusal.
        ...(isTakenBack(event.reason) ? {} : ANYBODYS),
        preferredAgent: event.preferredAgent,
        waitsForPreferredUntil: event.waitsForPreferredUntil ?? before?.waitsForPreferredUntil,
        returns: withReturn(before, {
          agent: before?.agent,
          at,
          reason: event.reason,
          offer: before?.offer,
        }),
      });
    }
    case 'work-item-accepted':
      return moveTo('accepted', {
        ...ANYBODYS, // whom it was to go to has it
        agent: event.agent,
        segment: event.segment,
        offer: event.offer,
        deadline: undefined,
        serviceLevelCounted: true,
      });
    case 'work-item-awaits-customer':
      return moveTo('awaiting-customer');
    case 'customer-replied':
      return moveTo('accepted', { isReleased: undefined });
    case 'capacity-released':
      return change({ isReleased: true });
    case 'work-item-parked':
      return moveTo('parked', {
        ...UNOWNED,
        agent: event.by,
        parkedUntil: event.until,
        preferredAgent: event.preferredAgent,
      });
    case 'requirement-relaxed':
      return change({ step: event.step });
    case 'work-item-reordered':
      return change({ priority: event.priority, tier: event.tier });
    case 'work-item-transferred':
    case 'work-item-merged':
    case 'work-item-closed':
      items.delete(event.item);
      personal.delete(event.item);
      return;
    case 'segment-ended': {
      // At once, not with what follows: whoever begins to read here must not count it as a contact.
      const isOwners = items.get(event.item)?.segment === event.segment;
      return isOwners ? change({ segment: undefined }) : undefined;
    }
    case 'service-level-missed':
      return change({ serviceLevelCounted: true });
    case 'participant-invited': {
      const { agent, role, invitation, deadline, by: invitedBy } = event;
      const invited = { agent, role, since: at, invitation, deadline, invitedBy };
      return change({ participants: [...othersThan(items.get(event.item), agent), invited] });
    }
    case 'participant-joined': {
      const { agent, role, segment } = event;
      const { invitation = event.invitation } = participantOf(items.get(event.item), agent) ?? {};
      const joined = { agent, role, segment, since: at, invitation };
      return change({ participants: [...othersThan(items.get(event.item), agent), joined] });
    }
    case 'participant-role-changed': {
      const { participants = [] } = items.get(event.item) ?? {};
      const { agent, role } = event;
      return change({
        participants: participants.map((p) => (p.agent === agent ? { ...p, role } : p)),
      });
    }
    case 'invitation-ended':
      if (event.ending === 'accepted') return; // that they joined follows
      return change({ participants: othersThan(items.get(event.item), event.agent) });
    case 'participant-left':
      return change({ participants: othersThan(items.get(event.item), event.agent) });
    case 'owner-changed': {
      const { agent, segment } = event;
      return change({ agent, segment, participants: othersThan(items.get(event.item), agent) });
    }
    case 'agent-logged-out':
      // Who moves to another station is back at once; for everybody else nobody waits.
      if (event.reason !== 'taken-over') openToAll({ items, personal }, event.agent);
      return;
    default:
      return; // of agents alone, or what follows says what became of the item
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

const participantOf = (item: OpenWorkItem | undefined, agent: AgentId): Participant | undefined =>
  item?.participants?.find((p) => p.agent === agent);

const othersThan = (item: OpenWorkItem | undefined, agent: AgentId): Participant[] =>
  (item?.participants ?? []).filter((p) => p.agent !== agent);

/** In these it waits for an agent: what comes back from others begins its wait anew. */
const STANDS_IN_LINE: ReadonlySet<OpenWorkItem['state']> = new Set(['queued', 'offered']);

const UNSET = {
  entryPoint: undefined,
  contact: undefined,
  waitingSince: undefined,
  agent: undefined,
  segment: undefined,
  offer: undefined,
  deadline: undefined,
  parkedUntil: undefined,
  onlyAgent: undefined,
  waitsForAgentUntil: undefined,
  preferredAgent: undefined,
  accountOwner: undefined,
  waitsForPreferredUntil: undefined,
  tier: undefined,
  requirements: undefined,
  step: undefined,
  callback: undefined,
  offline: undefined,
  passed: undefined,
  ifRefused: undefined,
  splitFrom: undefined,
  estimate: undefined,
  isReleased: undefined,
  participants: undefined,
  serviceLevelDeadline: undefined,
  returns: undefined,
} satisfies Partial<OpenWorkItem>;

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
