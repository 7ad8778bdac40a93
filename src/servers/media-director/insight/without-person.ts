import type { StoredDocument } from '#domain/configuration/documents.ts';

/** A document as the past keeps it: routing needs no names, logins or addresses of people, and they can be erased. */
export function withoutPerson(document: StoredDocument): StoredDocument {
  if (document.kind !== 'agent') return document;
  const { email: _, ...body } = document.body;
  return { ...document, body: { ...body, name: document.id, login: document.id } };
}
