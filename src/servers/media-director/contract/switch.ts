/** What a switch tells the director through its xml-server, and what it is asked. */
import { z } from 'zod';
import { MOST_CALLS, SwitchAgentState } from '#domain/switch/at-switch.ts';
import { AgentCommand } from '#domain/switch/driver.ts';
import { AgentId, CallId, Instant, QueueId, SwitchId, WorkItemId } from '#domain/ids.ts';
import { RequirementSteps } from '#domain/requirement/requirement.ts';
import { nothing } from './common.ts';

const XML_SERVER = ['xml-server'] as const;

/** Of agents who are not logged in here, or work at another switch, nothing is kept. */
export const SWITCH_METHODS = {
  /**
   * The link, and what agents are. To be said at least every 5 s, with whoever has changed: a switch that
   * is not heard of for 15 s is taken for lost, and nobody's state is known any more. `isWhole`, with
   * everybody there is, whenever the link comes up, and when the answer to the report before wants it.
   */
  switchReports: {
    params: z.object({
      switch: SwitchId,
      up: z.boolean(),
      agents: z
        .array(
          z.object({
            agent: AgentId,
            state: SwitchAgentState,
            calls: z.array(CallId).max(MOST_CALLS).optional(),
          }),
        )
        .max(10_000),
      /** Who is not named is not known of. */
      isWhole: z.boolean().optional(),
    }),
    result: z.object({ isWholeWanted: z.boolean() }),
    roles: XML_SERVER,
    idempotent: true,
  },
  /** A call rings at an agent's device, or the agent began one: an unanswered offer of text is withdrawn. */
  callLanded: {
    params: z.object({ switch: SwitchId, agent: AgentId, call: CallId }),
    result: nothing,
    roles: XML_SERVER,
    idempotent: true,
  },
  callEnded: {
    params: z.object({ switch: SwitchId, agent: AgentId, call: CallId }),
    result: nothing,
    roles: XML_SERVER,
    idempotent: true,
  },
  /** What became of a command: `done`, it is so now; `refused`, nothing changed. One that is over changes nothing more. */
  stateConfirmed: {
    params: z.object({
      switch: SwitchId,
      agent: AgentId,
      request: z.int(),
      outcome: z.enum(['done', 'refused']),
    }),
    result: nothing,
    roles: XML_SERVER,
    idempotent: true,
  },
  /**
   * An `adjunct` switch asks who should have a call, and is answered at once: an agent with a place for it,
   * kept free until it lands or for 10 s, or that it should go its own next step. No answer by `deadline`
   * means the same; nothing waits here. Asking again of the same call gives the same answer.
   */
  routeRequest: {
    params: z.object({
      switch: SwitchId,
      call: CallId,
      /** As of a work item: whoever asks has decided by the entry point. */
      queue: QueueId,
      deadline: Instant,
      /** What its call data asks for; left out: what the queue says. */
      requirements: RequirementSteps.optional(),
      preferredAgent: AgentId.optional(),
    }),
    result: z.discriminatedUnion('type', [
      z.object({
        type: z.literal('agent'),
        agent: AgentId,
        /** Where they are logged in, and what their calls ring at there. */
        station: z.string(),
        device: z.enum(['softphone', 'desk-phone']).optional(),
      }),
      z.object({
        type: z.literal('next-step'),
        why: z.enum(['nobody-free', 'too-late', 'unknown-queue']),
      }),
    ]),
    roles: XML_SERVER,
    idempotent: true,
  },
} as const;

/** Calls that queue here are work items like any other; what only a call has. */
export const CALL_METHODS = {
  /**
   * The call of a work item is over, whoever hung up. Nobody has accepted it: as `abandon`. Else its
   * owner's part ends as handled, and wrap-up follows: an item lives as long as its call. Twice has the
   * effect of once.
   */
  callOver: {
    params: z.object({ item: WorkItemId }),
    result: nothing,
    roles: ['voice-media-store'],
    idempotent: true,
  },
} as const;

export const SWITCH_STREAMS = {
  /**
   * What one switch is asked about agents, in order, once it is durable. Without `since`: from now on.
   * Read behind a gap it is still safe: a command of which the time is over is refused by the switch, and
   * restoring changes nothing where somebody else has.
   */
  interlocks: {
    params: z.object({ switch: SwitchId }),
    event: AgentCommand,
    cursor: z.int().min(0),
    roles: XML_SERVER,
  },
} as const;
