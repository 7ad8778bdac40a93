/**
 * Who comes first, and who has to wait for whom, asked from first principles: one comparison after the
 * other of everything with everything. Only tests import this file.
 */
import { doesServe } from '#domain/agent/eligible.ts';
import { idleSince } from '#domain/agent/idle.ts';
import type { AgentId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import type { Expression } from '#domain/requirement/requirement.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, OfferEnding } from '#domain/work-item/event.ts';
import { refusedBy } from '../rules/rest.ts';
import { POLICY, type RuleCentre } from './centre.ts';
import { usesOf, type Moment } from './moment.ts';
import { spareRoom } from './room-oracle.ts';

/** Whether an agent serves the item's queue and is what it asks for, in its step or another. */
export function isOfUse(
  { state: { configuration } }: RuleCentre,
  id: AgentId,
  item: OpenWorkItem,
  step = item.step ?? 0,
): boolean {
  const agent = configuration.get('agent', id);
  const queue = configuration.get('queue', item.queue);
  const must = item.requirements?.[step]?.requirement.must;
  return !!agent && !!queue && doesServe(id, agent, queue.serves) && (!must || meets(agent, must));
}

/** Whether the item waits for one of those it prefers, who is there and busy. */
export function isKeptFor(
  centre: RuleCentre,
  then: Moment,
  item: OpenWorkItem,
  id: AgentId,
): boolean {
  const { waitsForPreferredUntil: until = 0, preferredAgent, accountOwner, channel } = item;
  if (item.onlyAgent !== undefined || centre.now < waitsSince(item) || centre.now >= until) {
    return false;
  }
  if (id !== preferredAgent && id !== accountOwner) return false;
  const status = then.agents.get(id);
  return (
    status?.present === true &&
    status.readiness.state === 'ready' &&
    status.readiness.except?.[channel] === undefined &&
    status.faults?.[channel] === undefined &&
    !status.without?.includes(channel) &&
    status.pending?.state !== 'not-ready' &&
    (centre.state.configuration.get('agent', id)?.capacity[channel] ?? 0) > 0 &&
    isOfUse(centre, id, item) &&
    !refusedBy(item).has(id)
  );
}

/** Whether its queue has just given something of its own accord, and waits before it gives more. */
export function isHeldBack(
  { state, journal, now }: RuleCentre,
  { position }: Moment,
  { queue, onlyAgent }: OpenWorkItem,
): boolean {
  const offersPerMinute = state.queue(queue)?.offersPerMinute;
  if (offersPerMinute === undefined || onlyAgent !== undefined) return false;
  const last = journal.findLast(
    ({ position: p, body }) =>
      p <= position &&
      body.type === 'work-item-offered' &&
      body.queue === queue &&
      body.choice.by === 'director',
  );
  return last !== undefined && now < last.at + 60_000 / offersPerMinute;
}

/** Whether `agent` must have been given `a` and not `b`, where they could have had both. */
export function mustComeBefore(
  centre: RuleCentre,
  then: Moment,
  agent: AgentId,
  a: OpenWorkItem,
  b: OpenWorkItem,
): boolean {
  const { ageing, hysteresis } = centre.state.routing;
  const queueOf = ({ queue }: OpenWorkItem) => centre.state.queue(queue);
  const tierOf = (item: OpenWorkItem): number => item.tier ?? queueOf(item)?.tier ?? 5;
  if (tierOf(a) !== tierOf(b)) return tierOf(a) < tierOf(b);
  if (ageing === 0 && a.priority !== b.priority) return a.priority < b.priority;
  const objectiveOf = (item: OpenWorkItem): number =>
    item.serviceObjective ?? queueOf(item)?.serviceObjective ?? 60_000;
  const waitedOf = ({ enteredAt }: OpenWorkItem): number => centre.now - enteredAt;
  const needOf = (item: OpenWorkItem): number => {
    const worth = Math.round((ageing * objectiveOf(item)) / 60_000);
    return (waitedOf(item) + (9 - item.priority) * worth) / objectiveOf(item);
  };
  const isOther = objectiveOf(a) !== objectiveOf(b);
  const stays = isOther && b.queue === then.agents.get(agent)?.lastQueue;
  const margin = (waitedOf(b) / objectiveOf(b)) * (hysteresis / 100);
  if (stays && needOf(a) - needOf(b) <= margin) return false;
  if (needOf(a) !== needOf(b)) return needOf(a) > needOf(b);
  return a.enteredAt === b.enteredAt ? a.id < b.id : a.enteredAt < b.enteredAt;
}

/** What is wrong with the choice of `agent` among all who were `able` to take the item. */
export function faultsOfChoice(
  centre: RuleCentre,
  then: Moment,
  item: OpenWorkItem,
  agent: AgentId,
  able: readonly AgentId[],
): string[] {
  const refused = refusedBy(item);
  const fresh = able.filter((id) => !refused.has(id));
  if (fresh.length > 0 && refused.has(agent)) return [`${agent} refused it, and others could`];
  const preferred = [item.preferredAgent, item.accountOwner].find((id) => id && fresh.includes(id));
  if (preferred !== undefined) {
    return preferred === agent ? [] : [`${agent} has it and not the preferred agent`];
  }
  const order = centre.state.queue(item.queue)?.agentOrder ?? 'longest-idle';
  const better = (fresh.length > 0 ? fresh : able).filter((id) => {
    const [theirs, chosens] = [id, agent].map((who) => keysOf(centre, then, item, who, order));
    const differs = theirs?.findIndex((key, n) => key !== chosens?.[n]) ?? -1;
    return (theirs?.[differs] ?? 0) < (chosens?.[differs] ?? 0);
  });
  return better.map((id) => `${id} came before ${agent} by ${order}`);
}

/** What an agent is compared by, the most important first: less is better. */
function keysOf(
  centre: RuleCentre,
  then: Moment,
  item: OpenWorkItem,
  id: AgentId,
  order: string,
): number[] {
  const agent = centre.state.configuration.get('agent', id);
  const status = then.agents.get(id);
  if (!agent || !status) return [];
  const requirement = item.requirements?.[item.step ?? 0]?.requirement;
  const prefers = requirement?.preferred;
  const isPreferred = prefers !== undefined && meets(agent, prefers);
  const serves = centre.state.queue(item.queue)?.serves;
  const named = new Set([
    ...skillsNamedIn(requirement?.must),
    ...skillsNamedIn(prefers),
    ...(serves?.type === 'skilled' ? Object.keys(serves.skills) : []),
    ...(serves?.type === 'matching' ? skillsNamedIn(serves.must) : []),
  ]);
  const levels = Object.entries(agent.skills).filter(([skill]) => named.has(skill));
  const has = usesOf(then, id);
  const { busySince = status.idleSince, loggedInSince, occupied = 0 } = status;
  const time = busySince - loggedInSince;
  const keys: Readonly<Record<string, number[]>> = {
    'least-occupied': [has.length, time > 0 ? Math.min(occupied / time, 1) : 0],
    'most-skilled': [-levels.reduce((sum, [, level = 0]) => sum + level, 0)],
    'most-spare-capacity': [-spareRoom(centre, then, id, item.channel)],
    'round-robin': [status.lastOfferAt ?? 0],
  };
  const idle = idleSince(status, item.channel, centre.state.routing.idle);
  return [isPreferred ? 0 : 1, ...(keys[order] ?? []), has.length, idle];
}

function skillsNamedIn(expression: Expression | undefined): string[] {
  if (!expression || expression.type === 'attribute') return [];
  return expression.type === 'skill' ? [expression.skill] : expression.of.flatMap(skillsNamedIn);
}

/** What is wrong with the steps of waiting items: too early nothing, too late something. */
export function faultsOfSteps(centre: RuleCentre): string[] {
  const { agents, items } = centre.state.centre;
  return [...items.values()].flatMap((item): string[] => {
    const { requirements = [], step = 0, state, onlyAgent, id } = item;
    if (state !== 'queued' || onlyAgent !== undefined) return [];
    const isOfUseTo = (n: number): boolean =>
      [...agents.keys()].some((agent) => isOfUse(centre, agent, item, n));
    const later = requirements.flatMap((_, n) => (n > step ? [n] : []));
    const late = later.some((n) => waitsSince(item) + (requirements[n]?.after ?? 0) <= centre.now);
    if (late) return [`${id} asks for step ${step} though a later one is in force`];
    return requirements.length > 0 && !isOfUseTo(step) && later.some(isOfUseTo)
      ? [`${id} asks in step ${step} for what nobody can do, though somebody could do less`]
      : [];
  });
}

/** Whether the agent has just refused the pass that goes on as this one: the journal alone says. */
export function refusedInPassBefore(
  { journal, now }: RuleCentre,
  { item, agent }: DirectorEvent & { type: 'work-item-offered' },
): boolean {
  const entered = journal.findLast(
    ({ body }) => body.type === 'work-item-entered' && body.item === item,
  )?.body;
  const previous = entered?.type === 'work-item-entered' ? entered.previous : undefined;
  if (previous === undefined) return false;
  const last = journal.findLast(
    ({ body }) => body.type === 'offer-ended' && body.item === previous,
  );
  if (last?.body.type !== 'offer-ended') return false;
  const { agent: refuser, ending } = last.body;
  const rests = last.at <= now && now < last.at + POLICY.restAfterReturn;
  return rests && refuser === agent && REFUSED.has(ending);
}

const REFUSED: ReadonlySet<OfferEnding> = new Set(['declined', 'no-answer', 'device-error']);
