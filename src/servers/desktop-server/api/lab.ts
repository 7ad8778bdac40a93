import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { EmailAddress } from '#domain/email/email.ts';
import { Instant } from '#domain/ids.ts';
import { Nothing } from './common.ts';

/** The lab's own routes; no part of the public API, and not there where there is no lab. */
export const LAB_BASE = '/api/lab';

const Address = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/, {
    error: 'an address looks like "customer1@home.example"',
  });

/** A letter of the lab's customers, or to them. */
export const Letter = z.object({
  id: z.string(),
  /** Who wrote it: a customer, or the centre. */
  by: z.enum(['customer', 'centre']),
  from: EmailAddress,
  to: EmailAddress,
  subject: z.string(),
  text: z.string(),
  at: Instant,
  /** No person wrote it. */
  automatic: z.boolean(),
});
export type Letter = z.infer<typeof Letter>;

/** The customer's side of the lab, where a page cannot be one by itself. */
export const labApi = defineApi({
  letters: {
    method: 'GET',
    path: '/letters',
    result: z.object({ letters: z.array(Letter) }),
    roles: ['administrator'],
    summary: 'What customers have written and received since the lab was started, newest first.',
  },
  writeLetter: {
    method: 'POST',
    path: '/letters',
    body: z.object({
      name: z.string().trim().max(120),
      address: Address,
      to: Address,
      subject: z.string().trim().max(500),
      text: z.string().max(100_000),
      /** The letter that it answers. */
      answers: z.string().max(64).optional(),
    }),
    result: Nothing,
    roles: ['administrator'],
    summary: 'Sends a letter as a customer’s mail server would.',
    errors: { unreachable: 502 },
  },
});
export type LabApi = typeof labApi;
