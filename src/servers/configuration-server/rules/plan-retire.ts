import { administratorsOf, checkDocument } from '#domain/configuration/check.ts';
import { DocumentKind } from '#domain/configuration/documents.ts';
import { referencesOf } from '#domain/configuration/references.ts';
import { type Changes, type Invalid, type Shelves, keyOf } from './plan.ts';

export interface DocumentName {
  readonly kind: DocumentKind;
  readonly id: string;
}

export type RetirePlan =
  | Changes
  | Invalid
  | { readonly type: 'unknown' }
  | { readonly type: 'in-use'; readonly by: readonly DocumentName[] }
  | { readonly type: 'needed' };

/** Plans to take a document out of use, or to bring it back. */
export function planRetire(shelves: Shelves, name: DocumentName, retired: boolean): RetirePlan {
  const { kind, id } = name;
  const document = shelves.documents.get(keyOf(kind, id));
  if (!document) return { type: 'unknown' };
  if (document.retired === retired) return { type: 'changes', drafts: [] };
  if (!retired) {
    const checked = checkDocument(kind, id, document.body, shelves.configuration);
    return checked.type === 'invalid'
      ? checked
      : { type: 'changes', drafts: [{ kind, id, retired, body: checked.body }] };
  }
  if (isNeeded(shelves, name)) return { type: 'needed' };
  const by = usersOf(shelves, name);
  return by.length > 0
    ? { type: 'in-use', by }
    : { type: 'changes', drafts: [{ kind, id, retired, body: document.body }] };
}

/** The documents in use that refer to one. */
export function usersOf({ configuration }: Shelves, { kind, id }: DocumentName): DocumentName[] {
  const users: DocumentName[] = [];
  for (const user of DocumentKind.options) {
    for (const [userId, body] of configuration.all(user)) {
      if (referencesOf(user, body).some((to) => to.kind === kind && to.id === id)) {
        users.push({ kind: user, id: userId });
      }
    }
  }
  return users;
}

function isNeeded({ configuration }: Shelves, { kind, id }: DocumentName): boolean {
  if (kind === 'organisation') return true;
  const administrators = administratorsOf(configuration);
  return kind === 'agent' && administrators.length === 1 && administrators[0] === id;
}
