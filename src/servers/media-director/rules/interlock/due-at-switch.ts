/** What falls due of agents at their switch: every interlock, every restoring and every route is a lease. */
import type { Instant } from '#base/time.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { isInterlocked } from '#domain/switch/at-switch.ts';
import type { CommandName, CommandParams, CommandReplies, DueCommand } from '../command.ts';
import { done, type Rule } from '../plan.ts';
import { endOf, restoreOf } from './settle-interlocks.ts';

type On<K extends CommandName> = Rule<CommandParams[K], CommandReplies[K]>;

interface Due {
  readonly key: string;
  readonly at: Instant;
  readonly by: 'elapsed';
  readonly command: DueCommand;
}

/** What falls due of an agent's interlock, restoring, rest and route. */
export function dueAtSwitch({ id: agent, atSwitch }: AgentStatus): Due[] {
  if (!atSwitch) return [];
  const { interlock, restore, restsUntil, routed } = atSwitch;
  const by = 'elapsed';
  const due: Due[] = [];
  if (interlock?.deadline !== undefined) {
    const command = {
      name: 'interlockDue',
      params: { agent, request: interlock.request },
    } as const;
    due.push({ key: `interlock ${agent}`, at: interlock.deadline, by, command });
  }
  if (restore) {
    const command = { name: 'restoreDue', params: { agent, request: restore.request } } as const;
    due.push({ key: `restore ${agent}`, at: restore.deadline, by, command });
  }
  if (restsUntil !== undefined) {
    const command = { name: 'interlockRested', params: { agent } } as const;
    due.push({ key: `rested ${agent}`, at: restsUntil, by, command });
  }
  if (routed) {
    const command = { name: 'routeDue', params: { agent, call: routed.call } } as const;
    due.push({ key: `route ${agent}`, at: routed.until, by, command });
  }
  return due;
}

/** The switch has not answered: the work has been anybody's all the while, and the agent is let alone. */
export const interlockDue: On<'interlockDue'> = (state, { agent, request }, { at }) => {
  const interlock = state.centre.agents.get(agent)?.atSwitch?.interlock;
  const isAwaited = interlock?.phase === 'asked' && interlock.request === request;
  return done(isAwaited ? [endOf(agent, request, 'no-answer', at)] : []);
};

/** They are still not ready by our doing: once more. */
export const restoreDue: On<'restoreDue'> = (state, { agent, request }, { at }) => {
  const known = state.centre.agents.get(agent)?.atSwitch;
  const isOwed = known?.restore?.request === request && isInterlocked(known);
  return done(isOwed ? [restoreOf(state, agent, known, at)] : []);
};

export const interlockRested: On<'interlockRested'> = (state, { agent }) =>
  done(
    state.centre.agents.get(agent)?.atSwitch?.restsUntil === undefined
      ? []
      : [{ type: 'interlock-rested', agent }],
  );

/** The call went elsewhere: its place is free again. */
export const routeDue: On<'routeDue'> = (state, { agent, call }) =>
  done(
    state.centre.agents.get(agent)?.atSwitch?.routed?.call === call
      ? [{ type: 'call-not-landed', agent, call }]
      : [],
  );
