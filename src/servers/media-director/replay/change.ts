import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { AgentId } from '#domain/ids.ts';
import { ROUTING_KINDS } from '../rules/routing-kinds.ts';
import { commandOf } from '../rules/command.ts';
import type { DirectorState } from '../rules/director-state.ts';
import type { Happening } from './script.ts';

/** What a configuration text changes, as it would have been heard; what the text has not is retired. */
export function changeTo(
  { configuration }: DirectorState,
  wanted: readonly DraftDocument[],
): StoredDocument[] {
  const revision = configuration.revision + 1;
  const documents = wanted
    .filter(({ kind }) => ROUTING_KINDS.has(kind))
    .map(({ kind, id, body }): StoredDocument => ({ kind, id, revision, retired: false, body }));
  const keys = new Set(documents.map(({ kind, id }) => `${kind}/${id}`));
  const retired = [...ROUTING_KINDS].flatMap((kind) =>
    [...configuration.all(kind).entries()]
      .filter(([id]) => !keys.has(`${kind}/${id}`))
      .map(([id, body]): StoredDocument => ({
        kind,
        id,
        revision,
        retired: true,
        body: { ...body },
      })),
  );
  return [...retired, ...documents];
}

/** Agents of a text whom a configuration has not. */
export function newAgentsOf(
  { configuration }: DirectorState,
  wanted: readonly DraftDocument[],
): AgentId[] {
  return wanted.flatMap(({ kind, id, body: { roles } }) => {
    if (kind !== 'agent' || configuration.has('agent', id)) return [];
    return Array.isArray(roles) && roles.includes('agent') ? [AgentId.parse(id)] : [];
  });
}

/** Agents log in and are ready as the stretch begins. */
export const arrivalsOf = (agents: readonly AgentId[], at: Instant): Happening[] =>
  agents.flatMap((agent): Happening[] => [
    { type: 'command', at, command: commandOf('logIn', { agent, station: 'replay' }) },
    {
      type: 'command',
      at,
      command: commandOf('setReadiness', { agent, readiness: { state: 'ready' } }),
    },
  ]);
