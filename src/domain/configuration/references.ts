import type { DocumentBody, DocumentKind } from './documents.ts';

/** One document naming another, and where it does so. */
export interface Reference {
  readonly kind: DocumentKind;
  readonly id: string;
  /** Where in the body, as `serves.agents.3`. */
  readonly path: string;
}

type Finders = { readonly [K in DocumentKind]?: (body: DocumentBody<K>) => Reference[] };

const FINDERS: Finders = {
  agent: (agent) => keysOf('skill', agent.skills, 'skills'),
  queue: ({ serves }) => {
    if (serves.type === 'listed') return listOf('agent', serves.agents, 'serves.agents');
    return serves.type === 'skilled' ? keysOf('skill', serves.skills, 'serves.skills') : [];
  },
  'entry-point': ({ queue, schedule }) => [
    { kind: 'queue', id: queue, path: 'queue' },
    ...(schedule === undefined
      ? []
      : [{ kind: 'schedule', id: schedule, path: 'schedule' } as const]),
  ],
  code: ({ queues }) => listOf('queue', queues, 'queues'),
  'canned-text': ({ queues }) => listOf('queue', queues, 'queues'),
};

/** All that a document of `kind` refers to. */
export function referencesOf<K extends DocumentKind>(kind: K, body: DocumentBody<K>): Reference[] {
  return FINDERS[kind]?.(body) ?? [];
}

const listOf = (kind: DocumentKind, ids: readonly string[], path: string): Reference[] =>
  ids.map((id, at) => ({ kind, id, path: `${path}.${at}` }));

const keysOf = (kind: DocumentKind, record: object, path: string): Reference[] =>
  Object.keys(record).map((id) => ({ kind, id, path: `${path}.${id}` }));
