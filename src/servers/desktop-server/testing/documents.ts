/** A small centre: two queues and four people, for tests of this room. */
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';

const agent = (id: string, roles: string[]): DraftDocument => ({
  kind: 'agent',
  id,
  body: { name: id, login: id, roles, skills: {}, capacity: { 'web-chat': 3, task: 1 } },
});

const queue = (id: string, agents: string[]): DraftDocument => ({
  kind: 'queue',
  id,
  body: { name: id, serves: { type: 'listed', agents } },
});

export const PASSWORD = 'correct horse';

export const SMALL_CENTRE: readonly DraftDocument[] = [
  { kind: 'organisation', id: 'organisation', body: { name: 'Test' } },
  agent('admin', ['administrator', 'supervisor']),
  agent('boss', ['supervisor']),
  agent('agent-1', ['agent']),
  agent('agent-2', ['agent']),
  queue('sales', ['agent-1']),
  queue('support', ['agent-2']),
  { kind: 'integration', id: 'bot', body: { name: 'Bot', roles: ['agent', 'supervisor'] } },
  { kind: 'integration', id: 'board', body: { name: 'Board', roles: ['supervisor'] } },
];

/** The same as the configuration server keeps it. */
export const storedCentre = (): StoredDocument[] =>
  SMALL_CENTRE.map((draft, index) => ({
    ...draft,
    body: { ...draft.body },
    revision: index + 1,
    retired: false,
  }));
