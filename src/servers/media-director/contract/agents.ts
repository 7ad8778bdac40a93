/** What agents say of themselves: log in, ready or not, there or not. */
import { z } from 'zod';
import { Readiness } from '#domain/agent/state.ts';
import { AgentId, Channel, CodeId, WorkItemId } from '#domain/ids.ts';
import { AgentStatus, Device } from '#domain/agent/agent-status.ts';
import { isStorable } from '#base/storable.ts';
import { DESKTOP, nothing, agentErrors } from './common.ts';

export const AGENT_METHODS = {
  /**
   * Logs an agent in at a station, not ready with reason `logged-in`. Logging in again at the same
   * station changes nothing, unless it names another device; at another station it is refused, unless
   * `takeOver` is set. Media for which no seat is left they are logged in without: `without` in the
   * answer.
   */
  logIn: {
    params: z.object({
      agent: AgentId,
      station: z
        .string()
        .min(1)
        .max(64)
        .refine(isStorable, { error: 'a station is text without control characters' }),
      takeOver: z.boolean().optional(),
      /** What their calls ring at. */
      device: Device.optional(),
    }),
    result: z.object({ agent: AgentStatus }),
    errors: {
      'logged-in-elsewhere': z.object({ agent: AgentId, station: z.string() }),
      'unknown-agent': z.object({ agent: AgentId }),
      'no-seat': z.object({ agent: AgentId, limit: z.int() }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Takes effect before the next offer; logging out twice has the effect of once. Work still owned is refused
   * unless `by` is a supervisor forcing it: then it is requeued. Contacts whose customer has been silent for so
   * long that they take up no room are no hindrance: they are parked until the customer writes, and prefer the agent.
   */
  logOut: {
    params: z.object({ agent: AgentId, by: AgentId.optional() }),
    result: nothing,
    errors: {
      ...agentErrors,
      'has-work': z.object({ agent: AgentId, items: z.array(WorkItemId) }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Ready or not; the newest wins. Not ready while there is work is kept as pending: no more offers, and
   * it takes effect when the work ends. A contact that has given up its room, and listening in on a colleague,
   * is no work here. Everything else takes effect at once.
   */
  setReadiness: {
    params: z.object({ agent: AgentId, readiness: Readiness, by: AgentId.optional() }),
    result: z.object({ agent: AgentStatus }),
    errors: { ...agentErrors, 'unknown-code': z.object({ code: CodeId }) },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * What a channel needs at the agent's station works, or does not (`fault`): then they are offered none
   * of it, an offer of it that rings goes on, and everything else stays as it is.
   */
  reportDevice: {
    params: z.object({ agent: AgentId, channel: Channel, fault: CodeId.optional() }),
    result: nothing,
    errors: agentErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  /** The desktops that are there now; to be said every 5 s. One not named for the grace time has vanished. */
  present: {
    params: z.object({ agents: z.array(AgentId).max(10_000) }),
    result: nothing,
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
