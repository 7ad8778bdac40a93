/** What is known here of an agent at their switch: part of the agent's status. */
import { z } from 'zod';
import { AgentId, CallId, Instant, SwitchId, WorkItemId } from '../ids.ts';

/** The reason of being not ready that only the interlock sets: who has another one set it themselves. */
export const INTERLOCK_REASON = 'interlock';

/** What the switch says an agent is. A driver translates the switch's own code for the interlock. */
export const SwitchAgentState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('ready') }),
  z.object({ state: z.literal('not-ready'), reason: z.string().max(64).optional() }),
  z.object({ state: z.literal('on-call') }),
  z.object({ state: z.literal('wrap-up') }),
  /** No call is given to them. */
  z.object({ state: z.literal('logged-off') }),
  /** Nothing was heard yet, or the link is down. */
  z.object({ state: z.literal('unknown') }),
]);
export type SwitchAgentState = z.infer<typeof SwitchAgentState>;

/** So many calls of an agent are remembered, the newest; nobody has more on one station. */
export const MOST_CALLS = 20;

export const AtSwitch = z.object({
  switch: SwitchId,
  now: SwitchAgentState,
  /** Calls at their device, ringing or connected, the oldest first. */
  calls: z.array(CallId).max(MOST_CALLS),
  /** They were asked to be not ready (`deadline`: until when the answer is awaited), or are. */
  interlock: z
    .object({
      request: z.int(),
      phase: z.enum(['asked', 'held']),
      /** The work it was asked for; what they are offered is decided when they are not ready. */
      item: WorkItemId.optional(),
      /** Who chose this agent for it by hand. */
      by: AgentId.optional(),
      deadline: Instant.optional(),
    })
    .optional(),
  /** They were asked to be ready again; asked once more at `deadline`. */
  restore: z.object({ request: z.int(), attempt: z.int(), deadline: Instant }).optional(),
  /** The interlock failed: they are not asked again before. */
  restsUntil: Instant.optional(),
  /** A call was sent to them and is expected to land until then. */
  routed: z.object({ call: CallId, until: Instant }).optional(),
});
export type AtSwitch = z.infer<typeof AtSwitch>;

/** Whether the switch gives them no call because we asked it to. */
export const isInterlocked = ({ now }: AtSwitch): boolean =>
  now.state === 'not-ready' && now.reason === INTERLOCK_REASON;

/** Whether a call rings or is connected at their device, as far as is known. */
export const isOnCall = ({ now, calls }: AtSwitch): boolean =>
  now.state === 'on-call' || calls.length > 0;
