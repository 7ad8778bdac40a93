import type { Expression, RequirementSteps } from '../requirement/requirement.ts';
import type { DocumentBody, DocumentKind, Queue } from './documents.ts';

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
  queue: ({ serves, requirements, overflow, schedule, mailbox }) => [
    ...ofServes(serves),
    ...ofSteps(requirements),
    ...one('queue', overflow, 'overflow'),
    ...one('schedule', schedule, 'schedule'),
    ...one('mailbox', mailbox, 'mailbox'),
  ],
  'entry-point': ({ queue, schedule, requirements = [], mail }) => [
    ...one('queue', queue, 'queue'),
    ...one('schedule', schedule, 'schedule'),
    ...ofSteps(requirements),
    ...listOf('mailbox', mail?.mailboxes ?? [], 'mail.mailboxes'),
    ...one('mail-template', mail?.acknowledgement, 'mail.acknowledgement'),
  ],
  code: ({ queues }) => listOf('queue', queues, 'queues'),
  'canned-text': ({ queues }) => listOf('queue', queues, 'queues'),
  'mail-template': ({ queues }) => listOf('queue', queues, 'queues'),
};

/** All that a document of `kind` refers to. */
export function referencesOf<K extends DocumentKind>(kind: K, body: DocumentBody<K>): Reference[] {
  return FINDERS[kind]?.(body) ?? [];
}

function ofServes(serves: Queue['serves']): Reference[] {
  switch (serves.type) {
    case 'everyone':
      return [];
    case 'listed':
      return listOf('agent', serves.agents, 'serves.agents');
    case 'skilled':
      return keysOf('skill', serves.skills, 'serves.skills');
    case 'matching':
      return ofExpression(serves.must, 'serves.must');
  }
}

const ofSteps = (steps: RequirementSteps): Reference[] =>
  steps.flatMap(({ requirement: { must, preferred } }, at) => [
    ...(must ? ofExpression(must, `requirements.${at}.requirement.must`) : []),
    ...(preferred ? ofExpression(preferred, `requirements.${at}.requirement.preferred`) : []),
  ]);

function ofExpression(expression: Expression, path: string): Reference[] {
  if (expression.type === 'skill') return one('skill', expression.skill, `${path}.skill`);
  if (expression.type === 'attribute') return [];
  return expression.of.flatMap((part, at) => ofExpression(part, `${path}.of.${at}`));
}

const one = (kind: DocumentKind, id: string | undefined, path: string): Reference[] =>
  id === undefined ? [] : [{ kind, id, path }];

const listOf = (kind: DocumentKind, ids: readonly string[], path: string): Reference[] =>
  ids.map((id, at) => ({ kind, id, path: `${path}.${at}` }));

const keysOf = (kind: DocumentKind, record: object, path: string): Reference[] =>
  Object.keys(record).map((id) => ({ kind, id, path: `${path}.${id}` }));
