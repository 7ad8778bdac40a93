import type { DocumentBody, Role } from '#domain/configuration/documents.ts';
import type { AgentId, Channel } from '#domain/ids.ts';
import type { Me } from '../api/session.ts';

/** Whoever makes a request: a person with a session, or a program with a token. */
export interface Caller {
  readonly name: string;
  /** What they may do here and now. */
  readonly roles: readonly Role[];
  /** Who they are, or whom the program acts for. */
  readonly agent?: AgentId;
  readonly channels: readonly Channel[];
  /** How the audit names them: the agent's id, or `integration:ID`. */
  readonly by: string;
}

/** A caller who is, or acts for, an agent. */
export type AgentCaller = Caller & { readonly agent: AgentId };

/** The caller whose session it is. */
export function personCaller(id: AgentId, agent: DocumentBody<'agent'>): AgentCaller {
  return { name: agent.name, roles: agent.roles, agent: id, channels: channelsOf(agent), by: id };
}

/**
 * The program whose token it is. With role `agent` it may act for an agent, and then does so in all it
 * does; without naming one it has its other roles only.
 */
export function programCaller(
  id: string,
  integration: DocumentBody<'integration'>,
  actsFor?: { readonly id: AgentId; readonly agent: DocumentBody<'agent'> },
): Caller {
  const others = integration.roles.filter((role) => role !== 'agent');
  return {
    name: integration.name,
    roles: actsFor ? ['agent', ...others] : others,
    channels: actsFor ? channelsOf(actsFor.agent) : [],
    by: `integration:${id}`,
    ...(actsFor && { agent: actsFor.id }),
  };
}

/** How the director's journal names the caller; a program that acts for nobody by its own id. */
export function actorOf(caller: Caller): AgentId {
  return caller.agent ?? (caller.by.replace(':', '.').slice(0, 64) as AgentId);
}

export function describeCaller(caller: Caller): Me {
  return {
    name: caller.name,
    roles: [...caller.roles],
    channels: [...caller.channels],
    ...(caller.agent !== undefined && { agent: caller.agent }),
  };
}

/** Whether `caller` has one of `roles`. */
export const hasRole = (caller: Caller, ...roles: readonly Role[]): boolean =>
  roles.some((role) => caller.roles.includes(role));

function channelsOf(agent: DocumentBody<'agent'>): Channel[] {
  return Object.entries(agent.capacity)
    .filter(([, capacity]) => capacity > 0)
    .map(([channel]) => channel as Channel);
}
