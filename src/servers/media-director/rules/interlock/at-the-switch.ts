/** What the switch leaves of an agent: whether text can be offered to them, and how. */
import type { Agent } from '#domain/configuration/documents.ts';
import type { Channel } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { isInterlocked, isOnCall, type AtSwitch } from '#domain/switch/at-switch.ts';

/** An agent, with the switch that gives them calls. */
interface Placed {
  readonly agent: Agent;
  readonly status: AgentStatus;
}

/** Why an agent may not be offered a contact now, on account of their switch. */
export type SwitchObstacle =
  /** The switch gives them their calls, or asks for each of them. */
  | 'given-out-by-switch'
  /** A call is on or about to land, they are not ready there by their own will, or nobody knows. */
  | 'at-switch'
  /** They are ready for calls: they may be offered it once the switch has let go of them. */
  | 'not-interlocked'
  /** The switch was asked and has not answered, or they are on their way back to ready. */
  | 'interlock-under-way';

/** What the agent's present switch told of them. */
export const toldOf = ({ agent, status }: Placed): AtSwitch | undefined =>
  agent.switch && status.atSwitch?.switch === agent.switch.id ? status.atSwitch : undefined;

/** Why the switch keeps an agent from a contact of `channel`; nothing where it does not. */
export function obstacleAtSwitch(channel: Channel, placed: Placed): SwitchObstacle | undefined {
  const { switch: place } = placed.agent;
  if (!place || place.mode === 'ours') return undefined;
  if (channel === 'voice') return 'given-out-by-switch';
  const at = toldOf(placed);
  if (place.mode === 'adjunct') return at?.routed ? 'at-switch' : undefined;
  if (!at || at.now.state === 'unknown') {
    return place.whileUnknown === 'text' ? undefined : 'at-switch';
  }
  if (isOnCall(at)) return 'at-switch';
  if (isInterlocked(at)) return at.interlock?.phase === 'held' ? undefined : 'interlock-under-way';
  if (at.now.state === 'logged-off') return undefined; // no call can land that was not meant for them alone
  if (at.now.state !== 'ready') return 'at-switch';
  const isUnderWay = at.interlock !== undefined || at.restsUntil !== undefined;
  return isUnderWay ? 'interlock-under-way' : 'not-interlocked';
}

/** Calls at the agent's device, or about to be, that they have by our word and that no work item stands for. */
export function callsThere(placed: Placed): number {
  if (placed.agent.switch?.mode !== 'adjunct') return 0;
  const at = toldOf(placed);
  return (at?.calls.length ?? 0) + (at?.routed ? 1 : 0);
}
