import type { AgentStatus } from '../agent/agent-status.ts';
import type { AgentId, SwitchId } from '../ids.ts';
import type { DirectorEvent } from '../work-item/event.ts';
import { isInterlocked, MOST_CALLS, type AtSwitch } from './at-switch.ts';

/** What an event says of agents at their switch. What changes is replaced, never altered. */
export function applyToSwitch(agents: Map<AgentId, AgentStatus>, event: DirectorEvent): void {
  switch (event.type) {
    case 'switch-link-changed':
      if (!event.up) forget(agents, event.switch);
      return;
    case 'switch-report-requested':
      return change(agents, event.agent, event.switch, (at) => at);
    case 'switch-state-changed':
      return change(agents, event.agent, event.switch, (at) => {
        const after = { ...at, now: event.now, calls: event.calls?.slice(-MOST_CALLS) ?? at.calls };
        return isInterlocked(after) ? after : { ...after, restore: undefined };
      });
    case 'call-landed':
      return change(agents, event.agent, event.switch, (at) => ({
        ...(at.routed?.call === event.call ? withoutRoute(at) : at),
        calls: [...at.calls.filter((call) => call !== event.call), event.call].slice(-MOST_CALLS),
      }));
    case 'call-ended':
      return change(agents, event.agent, event.switch, (at) => ({
        ...at,
        calls: at.calls.filter((call) => call !== event.call),
      }));
    case 'interlock-requested': {
      const { request, item, deadline, by } = event;
      return change(agents, event.agent, event.switch, (at) => ({
        ...at,
        interlock: { request, phase: 'asked', item, by, deadline },
      }));
    }
    case 'interlock-confirmed':
      return change(agents, event.agent, undefined, (at) => ({
        ...at,
        interlock: { request: event.request, phase: 'held' },
      }));
    case 'interlock-ended':
      return change(agents, event.agent, undefined, (at) => ({
        ...at,
        interlock: undefined,
        restsUntil: event.restsUntil ?? at.restsUntil,
      }));
    case 'interlock-rested':
      return change(agents, event.agent, undefined, (at) => ({
        ...at,
        restsUntil: undefined,
      }));
    case 'restore-requested': {
      const { request, attempt, deadline } = event;
      return change(agents, event.agent, undefined, (at) =>
        at.switch === event.switch ? { ...at, restore: { request, attempt, deadline } } : at,
      );
    }
    case 'call-routed': {
      const { call, until } = event;
      return change(agents, event.agent, event.switch, (at) => ({
        ...at,
        routed: { call, until },
      }));
    }
    case 'call-not-landed':
      return change(agents, event.agent, undefined, withoutRoute);
    default:
      return;
  }
}

/** The link is down: what an agent is and does there is not known any more. */
function forget(agents: Map<AgentId, AgentStatus>, of: SwitchId): void {
  for (const { id, atSwitch } of agents.values()) {
    if (atSwitch?.switch !== of) continue;
    change(agents, id, of, (at) => ({
      ...at,
      restore: undefined,
      now: { state: 'unknown' },
      calls: [],
    }));
  }
}

/** The agent is no longer kept free for a call. */
const withoutRoute = (at: AtSwitch): AtSwitch => ({ ...at, routed: undefined });

/** @param of The switch that the event is from, where it says so: what another told before is void. */
function change(
  agents: Map<AgentId, AgentStatus>,
  id: AgentId,
  of: SwitchId | undefined,
  to: (at: AtSwitch) => AtSwitch,
): void {
  const agent = agents.get(id);
  if (!agent) return;
  const known = agent.atSwitch;
  const before = of === undefined || known?.switch === of ? known : nothingKnown(of);
  if (before) agents.set(id, { ...agent, atSwitch: to(before) });
}

const nothingKnown = (of: SwitchId): AtSwitch => ({
  switch: of,
  now: { state: 'unknown' },
  calls: [],
});
