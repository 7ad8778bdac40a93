import { administratorsOf, checkDocument } from '#domain/configuration/check.ts';
import { DOCUMENTS, type DocumentKind } from '#domain/configuration/documents.ts';
import { type Changes, type Invalid, type Shelves, keyOf } from './plan.ts';
import { isSame } from '#base/sorted.ts';
import { unknownFields } from './unknown-fields.ts';

export interface Put {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly body: unknown;
  /** The revision the writer saw; 0: the document must be new. */
  readonly expected?: number | undefined;
}

/** Plans to create or replace a document. */
export function planPut(
  shelves: Shelves,
  put: Put,
): Changes | Invalid | { readonly type: 'conflict'; readonly revision: number } {
  const { kind, id, expected } = put;
  const before = shelves.documents.get(keyOf(kind, id));
  const revision = before?.revision ?? 0;
  if (expected !== undefined && expected !== revision) return { type: 'conflict', revision };

  const checked = checkDocument(kind, id, put.body, shelves.configuration);
  const unknown = unknownFields(DOCUMENTS[kind], put.body);
  if (checked.type === 'invalid' || unknown.length > 0) {
    const problems = checked.type === 'invalid' ? checked.problems : [];
    return { type: 'invalid', problems: [...problems, ...unknown] };
  }
  const { body } = checked;
  if (kind === 'agent' && 'roles' in body && !body.roles.includes('administrator')) {
    const administrators = administratorsOf(shelves.configuration);
    if (administrators.length === 1 && administrators.some((last) => last === id)) {
      const problem = 'this is the last administrator: make another one first';
      return { type: 'invalid', problems: [{ path: 'roles', problem }] };
    }
  }
  return before && !before.retired && isSame(before.body, body)
    ? { type: 'changes', drafts: [] }
    : { type: 'changes', drafts: [{ kind, id, retired: false, body }] };
}
