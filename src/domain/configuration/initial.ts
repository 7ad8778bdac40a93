import type { DocumentBody, DocumentKind } from './documents.ts';

/** The id of the only document of its kind: the organisation that this installation serves. */
export const ORGANISATION = 'organisation';

/** A document that is not stored yet. */
export interface DraftDocument<K extends DocumentKind = DocumentKind> {
  readonly kind: K;
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What a centre begins with beside its own organisation, queue and agents: the codes that agents choose
 * from. An administrator renames, adds and retires them like all others.
 */
export function initialDocuments(): DraftDocument<'code'>[] {
  return [
    code('solved', 'Solved', 'work'),
    code('follow-up', 'Follow-up needed', 'work'),
    code('no-reply', 'Customer did not reply', 'work'),
    code('spam', 'Spam', 'work'),
    code('break', 'Break', 'not-ready'),
    code('lunch', 'Lunch', 'not-ready'),
    code('meeting', 'Meeting', 'not-ready'),
    code('training', 'Training', 'not-ready'),
    code('busy', 'Busy with other work', 'decline'),
    code('not-my-subject', 'Not my subject', 'decline'),
  ];
}

const code = (
  id: string,
  name: string,
  use: DocumentBody<'code'>['use'],
): DraftDocument<'code'> => ({ kind: 'code', id, body: { name, use } });
