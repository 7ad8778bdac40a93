/**
 * Text beside calls that the switch gives out. What an agent should be follows from what they have and
 * from what the switch says they are, whatever happened in between: an answer that comes late, a link
 * that was lost or a director that begins anew need no rule of their own.
 *
 * ```
 *            reach                 the switch: not ready, interlock
 *   (free) ────────▶ asked ───────────────────▶ held ── nothing at hand ──▶ restored ─▶ (free)
 *                      │ a call, another state,   │ a call, another state, link lost:
 *                      ▼ refused, no answer       ▼ an offer that rings is withdrawn
 *                    (rests, or free)           (free; nobody restores what somebody changed)
 * ```
 */
import { seconds, type Instant, type Milliseconds } from '#base/time.ts';
import type { AgentId, Channel, SwitchId } from '#domain/ids.ts';
import { isInterlocked, isOnCall, type AtSwitch } from '#domain/switch/at-switch.ts';
import type { DirectorEvent, InterlockEnding } from '#domain/work-item/event.ts';
import { endOffer } from '../answer-offer.ts';
import type { AgentFacts } from '../agent-facts.ts';
import { obstacleTo, unableTo } from '../availability.ts';
import type { DirectorState, Touched } from '../director-state.ts';
import { offerOf } from '../match.ts';
import { obstacleAtSwitch, toldOf } from './at-the-switch.ts';

type Take = (event: DirectorEvent) => void;

const NOBODY: ReadonlySet<AgentId> = new Set();
const NOT_CONFIGURED: Partial<AgentFacts> = {};

/** A switch answers in milliseconds; meanwhile the work waits on, and anybody free may take it. */
export const ANSWERS_WITHIN: Milliseconds = seconds(5);

/** Who was asked in vain is not asked again at once: neither they nor the switch are to be worn out. */
export const INTERLOCK_REST: Milliseconds = seconds(10);

/** Endings after which the same would happen again if they were asked at once. */
const RESTS_AFTER: ReadonlySet<InterlockEnding> = new Set([
  'refused',
  'no-answer',
  'changed',
  'in-vain',
]);

/** A restore that has no effect is repeated, ever more seldom up to this. */
const LONGEST_BETWEEN_RESTORES: Milliseconds = seconds(300);

/**
 * Before work is given out: who is held, whose interlock is lost, and offers that must not ring on.
 *
 * @returns Who is held from now on, and has nothing yet.
 */
export function settleBeforeMatch(
  state: DirectorState,
  touched: Touched,
  at: Instant,
  take: Take,
): ReadonlySet<AgentId> {
  const ids = concerned(state, touched);
  if (ids.size === 0) return NOBODY; // nearly always
  const held = new Set<AgentId>();
  for (const id of ids) {
    askForReport(state, id, at, take);
    if (settleHold(state, id, at, take)) held.add(id);
    withdrawOffers(state, id, take);
  }
  return held;
}

/** After work was given out: who is held and has nothing at hand is let go. @param held Those who were not held before. */
export function settleAfterMatch(
  state: DirectorState,
  { touched, held }: { readonly touched: Touched; readonly held: ReadonlySet<AgentId> },
  at: Instant,
  take: Take,
): void {
  if (state.switches.isEmpty) return;
  for (const id of new Set([...touched.agents, ...held])) {
    const known = state.centre.agents.get(id)?.atSwitch;
    if (known?.interlock?.phase !== 'held' || isOnCall(known)) continue;
    const facts = state.agent(id);
    if (facts && isHeldBy(facts)) continue;
    take(endOf(id, known.interlock.request, held.has(id) ? 'in-vain' : 'over', at));
    take(restoreOf(state, id, known, at));
  }
}

/** Whom it may concern: those with a switch who are touched, or asked for what is touched. Few, in most centres nobody. */
function concerned(state: DirectorState, { agents, items }: Touched): ReadonlySet<AgentId> {
  const { centre, switches } = state;
  let found: Set<AgentId> | undefined;
  for (const id of agents) {
    const { agent, status = centre.agents.get(id) } = state.agent(id) ?? NOT_CONFIGURED;
    if (status?.atSwitch || agent?.switch) (found ??= new Set()).add(id);
  }
  if (switches.askedFor.size === 0) return found ?? NOBODY;
  for (const item of items) {
    const asked = switches.askedFor.get(item);
    if (asked !== undefined) (found ??= new Set()).add(asked);
  }
  return found ?? NOBODY;
}

/** An agent who is here and whom their switch has not told of. */
function askForReport(state: DirectorState, agent: AgentId, at: Instant, take: Take): void {
  const facts = state.agent(agent);
  const place = facts?.agent.switch;
  if (!place || place.mode === 'ours' || toldOf(facts)) return;
  const { atSwitch: another } = facts.status;
  if (another && isInterlocked(another)) take(restoreOf(state, agent, another, at));
  take({ type: 'switch-report-requested', agent, switch: place.id, request: state.position + 1 });
}

/** @returns Whether they are held from now on. */
function settleHold(state: DirectorState, id: AgentId, at: Instant, take: Take): boolean {
  const known = state.centre.agents.get(id)?.atSwitch;
  if (!known) return false;
  const { interlock } = known;
  if (isInterlocked(known)) {
    const isNew = interlock === undefined && known.restore === undefined;
    if (interlock?.phase !== 'asked' && !isNew) return false;
    // Nobody asked, or not any more: it is taken up, and let go again where nothing needs it.
    const request = interlock?.request ?? state.position + 1;
    take({ type: 'interlock-confirmed', agent: id, request });
    if (interlock) offerByHand(state, id, interlock, { at, take });
    return true;
  }
  if (!interlock) return false;
  const ending = interlock.phase === 'held' ? lostBy(known) : failedBy(state, id, known);
  if (ending) take(endOf(id, interlock.request, ending, at));
  return false;
}

/** What a supervisor chose them for is theirs, if nobody has it yet and they can still have it. */
function offerByHand(
  state: DirectorState,
  agent: AgentId,
  { item: id, by }: NonNullable<AtSwitch['interlock']>,
  { at, take }: { readonly at: Instant; readonly take: Take },
): void {
  const item = id && state.item(id);
  const facts = state.agent(agent);
  if (by === undefined || item?.state !== 'queued' || !facts) return;
  if (unableTo(item.channel, facts)) return;
  const { revision: configuration } = state.configuration;
  const choice = { by: 'supervisor', rule: 'assigned', candidates: 1, configuration } as const;
  take(offerOf(state, item, { agent, choice }, at));
}

/** Why somebody who is held is not any more. */
function lostBy(known: AtSwitch): InterlockEnding {
  if (known.now.state === 'unknown') return 'link-lost';
  return isOnCall(known) ? 'call-landed' : 'changed';
}

/** Why asking for somebody has become pointless; nothing where the answer is still worth waiting for. */
function failedBy(state: DirectorState, id: AgentId, known: AtSwitch): InterlockEnding | undefined {
  if (known.now.state !== 'ready' || isOnCall(known)) return lostBy(known);
  const item = known.interlock?.item && state.item(known.interlock.item);
  const facts = state.agent(id);
  if (!item || item.state !== 'queued' || !facts) return 'not-needed';
  const { by } = known.interlock ?? {};
  const obstacle = by ? unableTo(item.channel, facts) : obstacleTo(item.channel, facts);
  return obstacle === 'interlock-under-way' ? undefined : 'not-needed';
}

/** Offers that a call may cross: the item keeps its age and goes to somebody else, or back to them later. */
function withdrawOffers(state: DirectorState, id: AgentId, take: Take): void {
  const facts = state.agent(id);
  for (const item of facts?.work ?? []) {
    if (item.state !== 'offered' || !facts || !obstacleAtSwitch(item.channel, facts)) continue;
    for (const event of endOffer(item, 'withdrawn', 'interlock-lost')) take(event);
  }
}

/** Who leaves with this event while their switch keeps calls from them, or was asked to: nobody else would let them go. */
export function heldLeaver(
  { centre }: DirectorState,
  event: DirectorEvent,
): { readonly id: AgentId; readonly atSwitch: AtSwitch } | undefined {
  if (event.type !== 'agent-logged-out') return undefined;
  const { id, atSwitch } = centre.agents.get(event.agent) ?? {};
  const isHeld = atSwitch && (atSwitch.interlock !== undefined || isInterlocked(atSwitch));
  return id && isHeld ? { id, atSwitch } : undefined;
}

/** The end of an interlock, with the rest that follows it. */
export const endOf = (
  agent: AgentId,
  request: number,
  ending: InterlockEnding,
  at: Instant,
): DirectorEvent => ({
  type: 'interlock-ended',
  agent,
  request,
  ending,
  restsUntil: RESTS_AFTER.has(ending) ? at + INTERLOCK_REST : undefined,
});

type Restore = Pick<NonNullable<AtSwitch['restore']>, 'attempt'>;

/** The switch is to make them ready again, if nobody else does anything about it. */
export function restoreOf(
  { position }: DirectorState,
  agent: AgentId,
  { switch: of, restore }: { readonly switch: SwitchId; readonly restore?: Restore | undefined },
  at: Instant,
): DirectorEvent {
  const attempt = restore ? restore.attempt + 1 : 0;
  const wait = Math.min(ANSWERS_WITHIN * 2 ** attempt, LONGEST_BETWEEN_RESTORES);
  return {
    type: 'restore-requested',
    agent,
    switch: of,
    request: position + 1,
    attempt,
    deadline: at + wait,
  };
}

/** Whether they have anything at hand that calls may not interrupt; a customer who is awaited keeps nobody from calls. */
function isHeldBy({ work, parts, status, agent, routing }: AgentFacts): boolean {
  if (agent.switch?.mode !== 'switch-acd') return false;
  const interruptible = routing.interrupts.voice ?? [];
  const holds = (channel: Channel | undefined): boolean =>
    channel !== undefined && channel !== 'voice' && !interruptible.includes(channel);
  return (
    work.some(
      ({ state, channel, isReleased }) =>
        state === 'offered' || (state === 'accepted' && !isReleased && holds(channel)),
    ) ||
    parts.some(
      ({ item, participant }) => participant.segment !== undefined && holds(item.channel),
    ) ||
    status.wrapUps.some(({ channel }) => holds(channel))
  );
}
