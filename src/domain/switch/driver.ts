/**
 * What a switch is to Emcee: the interface of its driver. A driver translates, it decides nothing; the
 * media director decides, and whoever joins the two asks again after a loss of the link.
 */
import { z } from 'zod';
import { AgentId, CallId, Instant, SwitchId, type EntryPointId } from '../ids.ts';
import type { SwitchAgentState } from './at-switch.ts';
import type { AuthorityMode } from './authority.ts';

/** What the switch is asked about agents, each under a number that rises. Carried out in this order. */
export const AgentCommand = z.discriminatedUnion('type', [
  /**
   * Not ready with the reserved reason, if the agent is ready and has no call; else refused. After its
   * deadline it is not carried out any more.
   */
  z.object({
    type: z.literal('interlock'),
    request: z.int(),
    switch: SwitchId,
    agent: AgentId,
    deadline: Instant,
  }),
  /** Ready, if the agent is still not ready with the reserved reason; else nothing is to be done, and it is done. */
  z.object({ type: z.literal('restore'), request: z.int(), switch: SwitchId, agent: AgentId }),
  /** The agent's state and calls, which follow as a snapshot of that agent. */
  z.object({ type: z.literal('report'), request: z.int(), switch: SwitchId, agent: AgentId }),
]);
export type AgentCommand = z.infer<typeof AgentCommand>;

/** What the switch is asked about calls. */
export type CallCommand =
  /** `ours`: rings at the agent's device. */
  | { readonly type: 'connect'; readonly call: CallId; readonly agent: AgentId }
  /** `ours`: ends the call. */
  | { readonly type: 'release'; readonly call: CallId }
  /** `adjunct`: the answer to `route-requested`; without an agent the switch goes its own next step. */
  | { readonly type: 'route'; readonly call: CallId; readonly agent?: AgentId };

/** An agent at the switch, whole. */
export interface AgentAtSwitch {
  readonly agent: AgentId;
  readonly state: SwitchAgentState;
  readonly calls: readonly CallId[];
}

/** What the switch tells, in the order in which it happened there. */
export type SwitchEvent =
  | { readonly type: 'link-changed'; readonly up: boolean }
  | { readonly type: 'state-changed'; readonly agent: AgentId; readonly state: SwitchAgentState }
  | { readonly type: 'call-landed'; readonly agent: AgentId; readonly call: CallId }
  | { readonly type: 'call-ended'; readonly agent: AgentId; readonly call: CallId }
  /** The answer to `report`. */
  | ({ readonly type: 'agent-reported' } & AgentAtSwitch)
  /** `done`: it is so now, and the state that follows from it was told before. */
  | {
      readonly type: 'confirmed';
      readonly agent: AgentId;
      readonly request: number;
      readonly outcome: 'done' | 'refused';
    }
  /** `ours`: somebody calls, and waits until they are connected. */
  | { readonly type: 'call-arrived'; readonly call: CallId; readonly entryPoint: EntryPointId }
  /** `adjunct`: which agent? */
  | { readonly type: 'route-requested'; readonly call: CallId; readonly entryPoint: EntryPointId }
  /** The caller hung up before anybody had the call. */
  | { readonly type: 'caller-left'; readonly call: CallId };

/** What a switch can do: asked before it is asked to. */
export interface SwitchCapabilities {
  readonly authority: AuthorityMode;
  /** The commands it carries out. */
  readonly commands: ReadonlySet<(AgentCommand | CallCommand)['type']>;
}

/** A switch, as it is driven. */
export interface SwitchDriver {
  readonly capabilities: SwitchCapabilities;
  /** While the link is down nothing is told, and what is asked is lost. */
  readonly isUp: boolean;
  /**
   * Asks the switch. What becomes of an agent command is told as `confirmed`, once and after what it
   * changed, unless the link goes down before.
   */
  send(command: AgentCommand | CallCommand): void;
  /** Everything from now on, in order, until it is disposed. */
  follow(told: (event: SwitchEvent) => void): Disposable;
  /** All agents as they are now: what is told afterwards changes it. To be asked whenever the link comes up. */
  snapshot(): Promise<readonly AgentAtSwitch[]>;
}
