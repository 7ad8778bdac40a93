/** What a document says where nothing was chosen. */
import { DOCUMENTS, type DocumentKind } from '#domain/configuration/documents.ts';
import { valueAt } from './field.ts';

/** The values that fields have when they are left out. */
export function usualOf(kind: DocumentKind): Record<string, unknown> {
  const usual: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(DOCUMENTS[kind].shape)) {
    const left = schema.safeParse(undefined);
    if (left.success && left.data !== undefined) usual[name] = left.data;
  }
  return usual;
}

/** Whether somebody chose something else at a path than is usual. */
export function isSet(
  body: Record<string, unknown>,
  usual: Record<string, unknown>,
  path: string,
): boolean {
  const value = valueAt(body, path);
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(valueAt(usual, path));
}
