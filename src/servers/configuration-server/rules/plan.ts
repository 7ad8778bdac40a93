import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Problem } from '#domain/configuration/problem.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';

/** What is stored now: the facts that every plan is made from. */
export interface Shelves {
  /** All documents, retired ones too, by `keyOf`. */
  readonly documents: ReadonlyMap<string, StoredDocument>;
  /** Those in use. */
  readonly configuration: Configuration;
}

/** A document as it shall be; its revision is given when it is stored. */
export type Draft = Omit<StoredDocument, 'revision'>;

/** What a plan comes to when it must not be carried out. */
export interface Invalid {
  readonly type: 'invalid';
  readonly problems: readonly Problem[];
}

/** What to store, in this order and all at once. Empty where nothing changes. */
export interface Changes {
  readonly type: 'changes';
  readonly drafts: readonly Draft[];
}

export const keyOf = (kind: DocumentKind, id: string): string => `${kind}/${id}`;

/** A problem of one document among several. There is one organisation, so its id says nothing. */
export function pathOf(kind: DocumentKind, id: string, path: string): string {
  return [kind, ...(kind === 'organisation' ? [] : [id]), ...(path === '' ? [] : [path])].join('.');
}
