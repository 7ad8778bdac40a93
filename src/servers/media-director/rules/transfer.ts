import { SegmentId, type AgentId, type Channel } from '#domain/ids.ts';
import { hasJoined, participantOf, ROLES } from '#domain/work-item/participants.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, Place } from '#domain/work-item/event.ts';
import { offerEnded } from './answer-offer.ts';
import { isAtMostBusy } from './availability.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { entering, goingOn } from './entering.ts';
import { offerOf } from './match.ts';
import { partEnded, partsEnded, wrapUpsOfParts } from './participants/parts-ended.ts';
import {
  forbids,
  plan,
  refuse,
  unknownItem,
  wrongState,
  type Facts,
  type Refused,
  type Rule,
} from './plan.ts';
import { segmentEnded, wrapUpAfter } from './segments.ts';

/**
 * One pass ends and another begins, with the age of the first. The old owner is free of it in the same
 * breath. A colleague who was consulted has it at once. Any other agent who is at most busy is waited for,
 * for a while, and where they do not take it, it goes on to `ifRefused`; one who is away or not ready is
 * preferred, and anybody may take it.
 */
export const transfer: Rule<CommandParams['transfer'], CommandReplies['transfer']> = (
  state,
  params,
  facts,
) => {
  const { item: id, agent, target, to, by = agent } = params;
  const answer = (): { item: typeof to } => ({ item: to });
  const item = state.item(id);
  if (!item) {
    return state.endings.get(id)?.to === to ? plan([], answer) : unknownItem(id);
  }
  const refused =
    params.by === undefined
      ? forbids(item, 'transfer', 'owner', agent)
      : forbids(item, 'transfer', 'supervisor');
  if (refused) return refused;
  const taken = state.item(to) ?? (state.endings.has(to) && { id: to, state: 'closed' as const });
  if (taken) return wrongState(taken);
  const bad = [target, params.ifRefused].map((place) => place && unknownPlace(state, place));
  const firstBad = bad.find((each) => each !== undefined);
  if (firstBad) return firstBad;

  const colleague = 'agent' in target ? target.agent : undefined;
  const consulted = colleague === undefined ? undefined : participantOf(item, colleague);
  const pass = isConsulted(consulted)
    ? consultedPass(state, item, { ...params, by, consulted }, facts)
    : blindPass(state, item, { ...params, by }, facts);
  return pass && 'code' in pass ? pass : plan(pass, answer);
};

type Params = CommandParams['transfer'] & { readonly by: AgentId };

/** Into a queue, or to an agent who has not been asked. */
function blindPass(
  state: DirectorState,
  item: OpenWorkItem,
  { target, to, by, ifRefused }: Params,
  { at }: Facts,
): DirectorEvent[] | Refused {
  const id = 'queue' in target ? target.queue : item.queue;
  const queue = state.queue(id);
  if (!queue) return unknownQueue(id);
  const colleague = 'agent' in target ? target.agent : undefined;
  const waitsFor = colleague !== undefined && isWorthWaiting(state, colleague, item.channel);
  const place: Place | undefined =
    ifRefused ?? (item.segment && item.agent && { agent: item.agent });
  // Who is not there for it cannot be asked: where somebody said what is to become of it then, it goes there.
  const instead = colleague !== undefined && !waitsFor ? ifRefused : undefined;
  const goes = instead && 'queue' in instead ? instead.queue : id;
  const definition = state.queue(goes) ?? queue;
  const preferred = instead ? ('agent' in instead ? instead.agent : undefined) : colleague;
  const entered = entering(
    { id: goes, queue: definition },
    {
      ...goingOn(item, to, goes === item.queue ? undefined : state.queue(item.queue)),
      passed: undefined, // somebody wants it there, whatever passed it on before
      onlyAgent: waitsFor ? colleague : undefined,
      preferredAgent: waitsFor ? undefined : preferred,
      ifRefused: waitsFor ? place : undefined,
    },
    at,
  );
  return [
    ...offerEnded(item, 'withdrawn'),
    ...partsEnded(item, 'transferred'),
    ...segmentEnded(item, 'transferred'),
    {
      type: 'work-item-transferred',
      item: item.id,
      to,
      by,
      ...(instead ?? target),
      cause: instead ? 'refused' : 'asked',
    },
    entered,
    ...wrapUpAfter(state, item, at, false),
    ...wrapUpsOfParts(state, item, at),
  ];
}

/** To a colleague who is in the conversation already: the next pass is theirs before anybody can call. Who else is there stays. */
function consultedPass(
  state: DirectorState,
  item: OpenWorkItem,
  { target, to, by, consulted }: Params & { readonly consulted: Participant },
  { at, segment, newItem }: Facts,
): DirectorEvent[] | Refused {
  const { agent } = consulted;
  const queue = state.queue(item.queue);
  if (!queue) return unknownQueue(item.queue);
  const entered = entering(
    { id: item.queue, queue },
    { ...goingOn(item, to), onlyAgent: agent, preferredAgent: undefined },
    at,
  );
  const { revision: configuration } = state.configuration;
  const choice = { by: 'transfer', rule: 'consulted', candidates: 1, configuration } as const;
  const offered = offerOf(state, { ...item, id: to }, { agent, choice }, at);
  const others = (item.participants ?? []).filter((p) => p !== consulted);
  return [
    ...others.flatMap((other) => partEnded(item, other, 'transferred')),
    ...partEnded(item, consulted, 'transferred'),
    ...segmentEnded(item, 'transferred'),
    { type: 'work-item-transferred', item: item.id, to, by, ...target, cause: 'asked' },
    entered,
    offered,
    {
      type: 'offer-ended',
      item: to,
      agent,
      queue: item.queue,
      offer: offered.offer,
      ending: 'accepted',
    },
    {
      type: 'work-item-accepted',
      item: to,
      agent,
      queue: item.queue,
      segment,
      offer: offered.offer,
    },
    ...others.filter(hasJoined).map(({ agent: other, role, invitation }) => ({
      type: 'participant-joined' as const,
      item: to,
      agent: other,
      role,
      segment: SegmentId.parse(newItem()),
      invitation,
    })),
    ...wrapUpAfter(state, item, at, false),
  ];
}

/** Whether they are there and could own it: being asked is not yet a yes. */
const isConsulted = (participant: Participant | undefined): participant is Participant =>
  participant !== undefined && hasJoined(participant) && ROLES[participant.role].isContact;

function unknownPlace(state: DirectorState, place: Place): Refused | undefined {
  if ('queue' in place) {
    return state.configuration.get('queue', place.queue) ? undefined : unknownQueue(place.queue);
  }
  if (state.configuration.get('agent', place.agent)) return undefined;
  return refuse('unknown-agent', `Cannot transfer to agent "${place.agent}": there is none`, {
    agent: place.agent,
  });
}

const unknownQueue = (queue: OpenWorkItem['queue']): Refused =>
  refuse('unknown-queue', `Cannot transfer to queue "${queue}": there is none`, { queue });

/** Whether the agent would take it if they had nothing else; whether there is room now does not matter. */
function isWorthWaiting(state: DirectorState, id: AgentId, channel: Channel): boolean {
  const facts = state.agent(id);
  return facts !== undefined && isAtMostBusy(channel, facts);
}
