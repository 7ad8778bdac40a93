/** What must hold around the interlock at every moment, whatever happened before. Only tests import this file. */
import type { AgentId } from '#domain/ids.ts';
import { INTERLOCK_REASON } from '#domain/switch/at-switch.ts';
import type { SwitchAgentState } from '#domain/switch/at-switch.ts';
import { violationsOf } from '../rules/invariants.ts';
import { isResting } from '../rules/rest.ts';
import { POLICY } from './centre.ts';
import { VOICE, waitsSince, type InterlockModel, type ModelState } from './interlock-model.ts';
import type { SwitchedCentre, Told } from './switched-centre.ts';

const isHeld = (state: SwitchAgentState): boolean =>
  state.state === 'not-ready' && state.reason === INTERLOCK_REASON;

/** What is wrong at this moment. */
export function faultsNow(centre: SwitchedCentre): string[] {
  const { rules, sim } = centre;
  const { items, agents } = rules.state.centre;
  const faults = violationsOf(rules.state).map(({ what }) => what);
  for (const { id, state, agent, enteredAt, channel } of items.values()) {
    if (enteredAt !== waitsSince(id)) faults.push(`${id} lost its age`);
    if (channel === 'voice' && state !== 'queued') faults.push('voice was given out');
    if (channel === 'voice' || state !== 'offered' || agent === undefined) continue;
    const known = agents.get(agent)?.atSwitch;
    const really = sim.agents.find((a) => a.id === agent);
    if (!known || !isHeld(known.now) || known.calls.length > 0) {
      faults.push(
        `${id} is offered to ${agent}, who is ${known?.now.state} with a call or without`,
      );
    }
    // In truth too, but for what the director is about to hear.
    const mayNotKnow = centre.toDirector.some((told) => concerns(told, agent));
    const isFree = really && isHeld(really.state) && really.calls.length === 0 && sim.isUp;
    if (!isFree && !mayNotKnow && knowsLink(centre)) {
      faults.push(`${id} is offered to ${agent}, whom calls can reach`);
    }
  }
  for (const { id, atSwitch } of agents.values()) {
    const work = rules.state.workOf(id);
    const { interlock, restore, calls = [] } = atSwitch ?? {};
    if (interlock?.phase === 'asked' && interlock.deadline === undefined) {
      faults.push(`P08: ${id} is asked for without a deadline`);
    }
    if (interlock?.phase === 'held' && work.length === 0 && calls.length === 0) {
      faults.push(`${id} is held with nothing at hand`);
    }
    const isOwed = atSwitch && isHeld(atSwitch.now) && calls.length === 0 && work.length === 0;
    if (isOwed && !restore) faults.push(`${id} is kept from calls and nobody restores them`);
  }
  return faults;
}

/** A director that took the switch for lost, or has not heard that it is, is told soon. */
const knowsLink = ({ rules, sim }: SwitchedCentre): boolean =>
  [...rules.state.switches.links.values()].every((isUp) => isUp === sim.isUp);

const concerns = (told: Told, agent: AgentId): boolean =>
  told.type === 'link-changed' ||
  told.type === 'whole' ||
  ('agent' in told && told.agent === agent);

/** What is wrong once everything that is under way has arrived, and everybody has done what they had to do. */
export function faultsInTheEnd(model: InterlockModel, from: ModelState): string[] {
  const centre = model.at(from);
  for (const call of centre.sim.calls) centre.happens({ type: 'hang-up', call: call.id });
  centre.happens({ type: 'link', up: true });
  const faults: string[] = [];
  for (let rounds = 0; !finishOne(model, from, centre); rounds++) {
    faults.push(...faultsNow(centre));
    if (rounds > 60) return [...faults, 'it never comes to rest'];
  }
  const { items, agents } = centre.rules.state.centre;
  for (const { id, state } of centre.sim.agents) {
    if (isHeld(state)) faults.push(`${id} is kept from calls in the end`);
    const own = from.own[id] === 'lunch' ? 'not-ready' : 'ready';
    if (!isHeld(state) && state.state !== own)
      faults.push(`${id} is ${state.state} and wants ${own}`);
    const waits = [...items.values()].some((item) => item.channel !== 'voice');
    if (waits && own === 'ready' && agents.has(id))
      faults.push(`R02: text waits and ${id} is free`);
  }
  if (items.get(VOICE)?.state !== 'queued') faults.push('voice was given out');
  return faults;
}

/** One thing that must happen sooner or later. @returns True where there is none left. */
function finishOne(model: InterlockModel, from: ModelState, centre: SwitchedCentre): boolean {
  const { moment } = centre;
  const none = { ...from.budget };
  for (const key of Object.keys(none) as (keyof typeof none)[]) none[key] = 0;
  const names = ['the switch speaks', 'the switch obeys', 'the director hears'];
  const deeds = model
    .deeds({ ...from, moment, budget: none })
    .filter(({ name }) => !/sets|hangs up|is here|logs out/.test(name));
  const next =
    names.map((name) => deeds.find((deed) => deed.name === name)).find(Boolean) ?? deeds[0];
  if (!next) return true;
  next.run(centre);
  return false;
}

/** Equal texts stand for moments from which the same can happen: numbers and times are left out. */
export function keyOf({ moment, budget, own }: ModelState): string {
  const { director, sim, toSwitch, toDirector, links, owed, now } = moment;
  const numbers = new Map<number, number>();
  const short = (request: number | undefined): number | undefined => {
    if (request === undefined) return undefined;
    if (!numbers.has(request)) numbers.set(request, numbers.size);
    return numbers.get(request);
  };
  const items = director.items
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((item) => [
      item.id,
      item.state,
      item.agent,
      director.agents.map(({ id }) => isResting(POLICY, item, id, now)),
      item.returns?.map((r) => [r.agent, r.reason]).slice(-2),
    ]);
  const agents = director.agents
    .toSorted((a, b) => a.idleSince - b.idleSince || (a.id < b.id ? -1 : 1))
    .map(({ id, readiness, pending, atSwitch: at }) => [
      id,
      readiness.state,
      pending,
      at && [
        at.now,
        at.calls,
        at.interlock && [at.interlock.phase, at.interlock.item, short(at.interlock.request)],
        at.restore && short(at.restore.request),
        at.restsUntil !== undefined,
      ],
    ]);
  const { isUp, agents: there, calls } = sim;
  const commands = toSwitch.map((c) => [
    c.type,
    c.agent,
    short(c.request),
    'deadline' in c && c.deadline < now,
  ]);
  const told = toDirector.map((t) => ('request' in t ? { ...t, request: short(t.request) } : t));
  const rest = [isUp, there, calls, commands, told, [...links], [...owed.keys()], budget, own];
  return JSON.stringify([items, agents, ...rest]);
}
