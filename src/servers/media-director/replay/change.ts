import type { Instant } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { AgentId } from '#domain/ids.ts';
import { ROUTING_KINDS } from '../rules/routing-kinds.ts';
import { commandOf } from '../rules/command.ts';
import type { DirectorState } from '../rules/director-state.ts';
import type { Happening } from './script.ts';

/** A whole configuration to be tried in place of the one that was. */
export interface Change {
  /** What differs, as it would have been heard; what the text has not is retired. */
  readonly documents: readonly StoredDocument[];
  /** Agents whom the text adds: nobody knows when they would have been there, so they are all the while. */
  readonly newAgents: readonly AgentId[];
}

/** What a configuration text changes on a state's configuration. */
export function changeTo(
  { configuration }: DirectorState,
  wanted: readonly DraftDocument[],
): Change {
  const revision = configuration.revision + 1;
  const kinds = [...ROUTING_KINDS];
  const documents = wanted
    .filter(({ kind }) => ROUTING_KINDS.has(kind))
    .map(({ kind, id, body }): StoredDocument => ({ kind, id, revision, retired: false, body }));
  const isWanted = (kind: DocumentKind, id: string): boolean =>
    documents.some((document) => document.kind === kind && document.id === id);
  const retired = kinds.flatMap((kind) =>
    [...configuration.all(kind).entries()]
      .filter(([id]) => !isWanted(kind, id))
      .map(([id, body]): StoredDocument => ({
        kind,
        id,
        revision,
        retired: true,
        body: { ...body },
      })),
  );
  const newAgents = documents.flatMap(({ kind, id, body }) => {
    if (kind !== 'agent' || configuration.has('agent', id)) return [];
    const { roles } = body;
    return Array.isArray(roles) && roles.includes('agent') ? [AgentId.parse(id)] : [];
  });
  return { documents: [...retired, ...documents], newAgents };
}

/** New agents log in and are ready as the stretch begins. */
export const arrivalsOf = ({ newAgents }: Change, at: Instant): Happening[] =>
  newAgents.flatMap((agent): Happening[] => [
    { type: 'command', at, command: commandOf('logIn', { agent, station: 'replay' }) },
    {
      type: 'command',
      at,
      command: commandOf('setReadiness', { agent, readiness: { state: 'ready' } }),
    },
  ]);
