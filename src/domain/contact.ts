/** People and organisations in the contact directory. */
import { z } from 'zod';
import { ContactId, Instant } from './ids.ts';

export const AddressKind = z.enum(['phone', 'email', 'chat', 'sms', 'xmpp', 'other']);

/** One way to reach somebody. */
export const ContactAddress = z.object({
  kind: AddressKind,
  value: z.string().trim().min(1).max(254),
  /** What it is: "work", "home". */
  label: z.string().max(40).optional(),
});
export type ContactAddress = z.infer<typeof ContactAddress>;

export const ContactBody = z.object({
  kind: z.enum(['person', 'organisation']),
  name: z.string().trim().min(1).max(200),
  /** The organisation a person belongs to. */
  organisation: ContactId.optional(),
  addresses: z.array(ContactAddress).max(50),
  note: z.string().max(8_000).default(''),
  /** Whatever an integrator keeps: customer number, link into a CRM. */
  fields: z.record(z.string().max(60), z.string().max(2_000)).default({}),
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
