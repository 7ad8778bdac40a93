/** What the contact directory promises: who writes and calls, found by name, address or digits. */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { isStorable } from '#base/storable.ts';
import { Contact, ContactAddress, ContactBody } from '#domain/contact.ts';
import { AgentId, ContactId } from '#domain/ids.ts';

const STORES = ['simple-messaging-media-store', 'email-media-store', 'task-media-store'] as const;
const DESKTOP = ['desktop-server'] as const;
const nothing = z.object({});
const unknownContact = { 'unknown-contact': z.object({ contact: ContactId }) };
const By = z
  .string()
  .min(1)
  .max(80)
  .refine(isStorable, { error: 'it holds a character that no text has' });

export const contactDirectory = defineContract({
  name: 'contact-directory',
  version: 1,
  methods: {
    /**
     * Who is at this address? The contact that has it, else a new person, made under the id `otherwise`
     * when a name or address was given. E-mail compares without case, numbers by their digits. An
     * address that several contacts share matches none of them for certain: the one last changed wins.
     */
    match: {
      params: z.object({
        address: ContactAddress,
        name: z.string().max(200).default(''),
        otherwise: ContactId,
      }),
      result: z.object({ contact: ContactId, isNew: z.boolean() }),
      roles: STORES,
      idempotent: true,
    },
    get: {
      params: z.object({ contact: ContactId }),
      result: z.object({ contact: Contact }),
      errors: unknownContact,
      roles: [...DESKTOP, ...STORES],
      idempotent: true,
    },
    /** Whose account a contact is: their own, else their organisation's; nothing where it is nobody's. */
    accountOwner: {
      params: z.object({ contact: ContactId }),
      result: z.object({ agent: AgentId.optional() }),
      roles: STORES,
      idempotent: true,
    },
    /** Several at once; unknown ids are left out. */
    names: {
      params: z.object({ contacts: z.array(ContactId).max(1_000) }),
      result: z.object({ names: z.array(z.object({ contact: ContactId, name: z.string() })) }),
      roles: DESKTOP,
      idempotent: true,
    },
    /**
     * By the beginnings of words of names, by any part of an address, or by at least three digits in a row.
     * Case, accents and the punctuation of numbers do not matter. Best first: names that begin with the
     * text, then names with such words, then addresses. At most 1,000 are found and counted: who wants
     * fewer types more. Fewer than `limit` may come where they are large.
     */
    search: {
      params: z.object({
        text: z.string().max(200),
        limit: z.int().min(1).max(200).default(50),
        offset: z.int().min(0).max(100_000).default(0),
      }),
      result: z.object({ contacts: z.array(Contact), total: z.int() }),
      roles: DESKTOP,
      idempotent: true,
    },
    put: {
      params: z.object({
        contact: ContactId,
        body: ContactBody,
        expected: z.int().optional(),
        by: By,
      }),
      result: z.object({ contact: Contact }),
      errors: {
        conflict: z.object({ revision: z.int() }),
        'unknown-organisation': z.object({ contact: ContactId }),
      },
      roles: DESKTOP,
    },
    /** Erases the person for good: their conversations stay, without a name. */
    erase: {
      params: z.object({ contact: ContactId, by: By }),
      result: nothing,
      roles: DESKTOP,
      idempotent: true,
    },
    /** A page of CSV with a header row; go on behind `next` until there is none. */
    exportCsv: {
      params: z.object({ after: ContactId.optional() }),
      result: z.object({ csv: z.string(), next: ContactId.optional() }),
      roles: DESKTOP,
      idempotent: true,
    },
    /** Takes rows in; each bad row is reported by its line and left out, the rest goes in. A row whose id or address is known changes that contact. */
    importCsv: {
      params: z.object({ csv: z.string().max(800_000), dryRun: z.boolean(), by: By }),
      result: z.object({
        created: z.int(),
        changed: z.int(),
        problems: z.array(z.object({ line: z.int(), problem: z.string() })),
      }),
      roles: DESKTOP,
    },
  },
  streams: {
    /** Ids of contacts that changed or went. */
    changes: {
      event: z.object({ contact: ContactId, erased: z.boolean() }),
      cursor: z.int().min(0),
      roles: [...DESKTOP, ...STORES],
    },
  },
});
