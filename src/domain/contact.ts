/** People and organisations in the contact directory. */
import { z } from 'zod';
import { isStorable } from '#base/storable.ts';
import { AgentId, ContactId, Instant } from './ids.ts';

const text = (longest: number) =>
  z.string().max(longest).refine(isStorable, { error: 'it holds a character that no text has' });

/** Fields an integrator keeps with one contact. */
const MOST_FIELDS = 50;

export const AddressKind = z.enum(['phone', 'email', 'chat', 'sms', 'xmpp', 'other']);
export type AddressKind = z.infer<typeof AddressKind>;

/** One way to reach somebody. */
export const ContactAddress = z.object({
  kind: AddressKind,
  value: text(254).trim().min(1),
  /** What it is: "work", "home". */
  label: text(40).optional(),
});
export type ContactAddress = z.infer<typeof ContactAddress>;

export const ContactBody = z.object({
  kind: z.enum(['person', 'organisation']),
  name: text(200).trim().min(1),
  /** The organisation a person belongs to. */
  organisation: ContactId.optional(),
  /** Whose account it is: work of theirs prefers this agent. A person without one has their organisation's. */
  accountOwner: AgentId.optional(),
  addresses: z.array(ContactAddress).max(50),
  note: text(8_000).default(''),
  /** Whatever an integrator keeps: customer number, link into a CRM. */
  fields: z
    .record(text(60), text(2_000))
    .refine((fields) => Object.keys(fields).length <= MOST_FIELDS, {
      error: `a contact has at most ${MOST_FIELDS} fields`,
    })
    .default({}),
});
export type ContactBody = z.infer<typeof ContactBody>;

export const Contact = ContactBody.extend({
  id: ContactId,
  /** Rises with each change of this contact. */
  revision: z.int(),
  createdAt: Instant,
  changedAt: Instant,
});
export type Contact = z.infer<typeof Contact>;
