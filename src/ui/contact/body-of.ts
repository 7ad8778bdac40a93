import type { Contact, ContactBody } from '#domain/contact.ts';

/** What a person may change of a contact. */
export function bodyOf(contact: Contact): ContactBody {
  const { id: _, revision: __, createdAt: ___, changedAt: ____, ...body } = contact;
  return body;
}
