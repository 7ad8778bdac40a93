/** What a switch tells. What follows from it is settled after each step, whatever the step was. */
import type { Instant } from '#base/time.ts';
import type { AgentId, SwitchId } from '#domain/ids.ts';
import { INTERLOCK_REASON, type AtSwitch } from '#domain/switch/at-switch.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from '../command.ts';
import type { DirectorState } from '../director-state.ts';
import { done, plan, type Rule } from '../plan.ts';
import { endOf, restoreOf } from './settle-interlocks.ts';

type Report = CommandParams['switchReports']['agents'][number];

export const switchReports: Rule<
  CommandParams['switchReports'],
  CommandReplies['switchReports']
> = (state, { switch: of, up, agents, isWhole = false }, { at }) => {
  const before = state.switches.links.get(of);
  const link: DirectorEvent[] =
    before === up ? [] : [{ type: 'switch-link-changed', switch: of, up }];
  if (!up) return plan(link, () => ({ isWholeWanted: false }));
  const told = agents.flatMap((report): DirectorEvent[] => {
    const known = keptOf(state, of, report.agent);
    if (known) return isNews(known, report) ? [stateEvent(of, report)] : [];
    return ofStranger(state, of, report, at);
  });
  const again = [...state.switches.owed.values()].flatMap((owed): DirectorEvent[] =>
    owed.switch === of && owed.deadline <= at && agents.every(({ agent }) => agent !== owed.agent)
      ? [restoreOf(state, owed.agent, { switch: of, restore: owed }, at)]
      : [],
  );
  const missing = isWhole ? unnamed(state, of, agents) : [];
  return plan([...link, ...told, ...again, ...missing], () => ({
    isWholeWanted: before !== true && !isWhole,
  }));
};

/** It was not heard of for too long. */
export const switchSilent: Rule<CommandParams['switchSilent'], CommandReplies['switchSilent']> = (
  state,
  { switch: of },
) =>
  done(
    state.switches.links.get(of) === false
      ? []
      : [{ type: 'switch-link-changed', switch: of, up: false }],
  );

export const callLanded: Rule<CommandParams['callLanded'], CommandReplies['callLanded']> = (
  state,
  { switch: of, agent, call },
) => {
  const known = keptOf(state, of, agent);
  return done(
    known && !known.calls.includes(call) ? [{ type: 'call-landed', agent, switch: of, call }] : [],
  );
};

export const callEnded: Rule<CommandParams['callEnded'], CommandReplies['callEnded']> = (
  state,
  { switch: of, agent, call },
) => {
  const known = keptOf(state, of, agent);
  const kept = state.switches.routes.get(call);
  return done([
    ...(kept === undefined ? [] : [{ type: 'call-not-landed', agent: kept, call } as const]),
    ...(known?.calls.includes(call)
      ? [{ type: 'call-ended', agent, switch: of, call } as const]
      : []),
  ]);
};

export const stateConfirmed: Rule<
  CommandParams['stateConfirmed'],
  CommandReplies['stateConfirmed']
> = (state, { switch: of, agent, request, outcome }, { at }) => {
  const owed = state.switches.owed.get(agent)?.request === request;
  if (owed && outcome === 'done') return done([{ type: 'restore-confirmed', agent, request }]);
  const interlock = keptOf(state, of, agent)?.interlock;
  const isAwaited = interlock?.phase === 'asked' && interlock.request === request;
  // Where it is done, the state was told before.
  return done(isAwaited && outcome === 'refused' ? [endOf(agent, request, 'refused', at)] : []);
};

/** Who left while they were held is let go, and asked for again until it is so: nobody else would do it. */
function ofStranger(
  state: DirectorState,
  of: SwitchId,
  report: Report,
  at: Instant,
): DirectorEvent[] {
  const owed = state.switches.owed.get(report.agent);
  if (!isHeld(report)) return owed ? [stateEvent(of, report)] : [];
  if (owed && at < owed.deadline) return [];
  return [restoreOf(state, report.agent, { switch: of, restore: owed }, at)];
}

/** What is known of an agent whom the switch tells of, where anything is kept of them. */
function keptOf(state: DirectorState, of: SwitchId, agent: AgentId): AtSwitch | undefined {
  const status = state.centre.agents.get(agent);
  const place = state.configuration.get('agent', agent)?.switch;
  if (!status || !place || place.mode === 'ours' || place.id !== of) return undefined;
  return status.atSwitch?.switch === of
    ? status.atSwitch
    : { switch: of, now: { state: 'unknown' }, calls: [] };
}

const isHeld = ({ state }: Report): boolean =>
  state.state === 'not-ready' && state.reason === INTERLOCK_REASON;

const stateEvent = (of: SwitchId, { agent, state: now, calls }: Report): DirectorEvent => ({
  type: 'switch-state-changed',
  agent,
  switch: of,
  now,
  calls,
});

function isNews(known: AtSwitch, { state, calls }: Report): boolean {
  const [a, b] = [known.now, state];
  const reason = (s: typeof a): string | undefined =>
    s.state === 'not-ready' ? s.reason : undefined;
  if (a.state !== b.state || reason(a) !== reason(b)) return true;
  return calls !== undefined && calls.join(' ') !== known.calls.join(' ');
}

/** Whom a whole report leaves out is not known of any more. */
function unnamed(state: DirectorState, of: SwitchId, agents: readonly Report[]): DirectorEvent[] {
  const named = new Set(agents.map((report) => report.agent));
  return state.switches.agentsOf(of).flatMap((agent): DirectorEvent[] => {
    const known = state.centre.agents.get(agent)?.atSwitch;
    if (!known || named.has(agent) || known.now.state === 'unknown') return [];
    return [stateEvent(of, { agent, state: { state: 'unknown' }, calls: [] })];
  });
}
