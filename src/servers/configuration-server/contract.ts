/**
 * What the configuration server promises: every set-up document with all its revisions, credentials
 * of people and programs, and settings of desktops; changes are pushed at once to whoever follows.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { isStorable } from '#base/storable.ts';
import { DocumentKind, Role, StoredDocument } from '#domain/configuration/documents.ts';
import { AgentId, Instant } from '#domain/ids.ts';

const EVERYONE = [
  'application-management',
  'license-director',
  'ttrace-server',
  'media-director',
  'simple-messaging-media-store',
  'email-media-store',
  'task-media-store',
  'web-chat-gateway',
  'contact-directory',
  'ids-multimedia',
  'ids-view',
  'desktop-server',
  'command-line',
] as const;
/** Desktops, and the administrator of the machine by `emcee user`. */
const DESKTOP = ['desktop-server', 'command-line'] as const;
const nothing = z.object({});
const DocumentId = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, {
  error: 'an id is 1 to 64 of a-z, 0-9, ".", "_" and "-"',
});
const Password = z.string().min(10, { error: 'a password has at least 10 characters' }).max(200);

/** Who changed something: an agent, an integration (`integration:ID`) or the system (`system`). */
const By = z
  .string()
  .min(1)
  .max(80)
  .refine(isStorable, { error: 'it holds a character that no text has' });

/** What is done to credentials. */
const Act = z.enum([
  'password-set',
  'link-issued',
  'link-used',
  'token-issued',
  'webhook-secret-made',
  'set-up',
]);
export type Act = z.infer<typeof Act>;

const Problems = z.object({
  problems: z.array(z.object({ path: z.string(), problem: z.string() })),
});

/** For whom a set of desktop settings holds. The more particular wins: machine, agent, role, everyone. */
export const Scope = z.union([
  z.literal('everyone'),
  z.templateLiteral(['role:', Role]),
  z.templateLiteral(['agent:', z.string()]),
  z.templateLiteral(['machine:', z.string()]),
]);
export type Scope = z.infer<typeof Scope>;

export const configurationServer = defineContract({
  name: 'configuration-server',
  version: 1,
  methods: {
    /** Documents in use, and retired ones when asked for, with the revision they reflect. */
    list: {
      params: z.object({ kind: DocumentKind.optional(), retired: z.boolean().default(false) }),
      result: z.object({ documents: z.array(StoredDocument), revision: z.int() }),
      roles: EVERYONE,
      idempotent: true,
    },
    /**
     * Creates or replaces a document, and brings it back where it was retired. With `expected`, only if
     * that is still its revision (0: must be new). It has no field that its kind has not. Every reference it makes must exist and be in use;
     * logins, addresses and text keys are unique; the last administrator stays one. What changes nothing
     * makes no revision.
     */
    put: {
      params: z.object({
        kind: DocumentKind,
        id: DocumentId,
        body: z.record(z.string(), z.unknown()),
        expected: z.int().optional(),
        by: By,
      }),
      result: z.object({ document: StoredDocument }),
      errors: {
        /** `problems`: what is wrong, where (a path as `serviceLevel.target`), one sentence each. */
        invalid: Problems,
        /** Somebody changed it meanwhile: `revision` is the present one. */
        conflict: z.object({ revision: z.int() }),
      },
      roles: DESKTOP,
    },
    /** Retires a document, or brings it back. What still refers to it is listed when that forbids it. */
    retire: {
      params: z.object({
        kind: DocumentKind,
        id: DocumentId,
        retired: z.boolean().default(true),
        by: By,
      }),
      result: z.object({ document: StoredDocument }),
      errors: {
        'unknown-document': z.object({ kind: DocumentKind, id: z.string() }),
        'in-use': z.object({ by: z.array(z.object({ kind: DocumentKind, id: z.string() })) }),
        /** The centre cannot do without it: the organisation, the last administrator. */
        needed: nothing,
        /** It cannot come back as it is: what it refers to is gone, or its login is taken. */
        invalid: Problems,
      },
      roles: DESKTOP,
      idempotent: true,
    },
    /** Every change, newest first: who, when, before and after. */
    history: {
      params: z.object({
        kind: DocumentKind.optional(),
        id: z.string().optional(),
        before: z.int().optional(),
        limit: z.int().min(1).max(500).default(100),
      }),
      result: z.object({
        changes: z.array(
          z.object({
            document: StoredDocument,
            at: Instant,
            by: z.string(),
            before: z.record(z.string(), z.unknown()).nullable(),
          }),
        ),
      }),
      roles: DESKTOP,
      idempotent: true,
    },
    /** The whole configuration as one text that people can read, compare and put under version control. Never secrets. */
    exportText: {
      params: nothing,
      result: z.object({ text: z.string() }),
      roles: DESKTOP,
      idempotent: true,
    },
    /**
     * Brings the configuration to what the text says, all or nothing: what is not in it is retired.
     * `dryRun` only tells what would change. Settings are left alone where the text has none.
     */
    importText: {
      params: z.object({ text: z.string().max(20_000_000), dryRun: z.boolean(), by: By }),
      result: z.object({
        changes: z.array(
          z.object({
            kind: DocumentKind,
            id: z.string(),
            change: z.enum(['new', 'changed', 'retired']),
          }),
        ),
        /** The scopes whose settings change. */
        settings: z.array(Scope),
      }),
      errors: {
        invalid: Problems,
      },
      roles: DESKTOP,
    },

    /** Whether the wizard has been through. */
    setUpState: {
      params: nothing,
      result: z.object({ done: z.boolean() }),
      roles: DESKTOP,
      idempotent: true,
    },
    /** A link that works once. `set-up` only while set-up is not done; `sign-in` signs `agent` in (lab, forgotten password). A new one ends the old of the same purpose and agent. */
    issueLink: {
      params: z.object({
        purpose: z.enum(['set-up', 'sign-in']),
        agent: AgentId.optional(),
        by: By.optional(),
      }),
      result: z.object({ token: z.string(), expires: Instant }),
      errors: { 'set-up-done': nothing, 'unknown-agent': z.object({ agent: z.string() }) },
      roles: DESKTOP,
    },
    /** Looks at a link without using it up. */
    checkLink: {
      params: z.object({ token: z.string().max(100) }),
      result: z.object({ purpose: z.enum(['set-up', 'sign-in']) }),
      errors: { 'bad-link': nothing },
      roles: DESKTOP,
      idempotent: true,
    },
    /** Uses a sign-in link up. */
    redeemLink: {
      params: z.object({ token: z.string().max(100) }),
      result: z.object({ agent: AgentId }),
      errors: { 'bad-link': nothing },
      roles: DESKTOP,
    },
    /** The wizard's end: everything at once, or nothing. Uses the set-up link up. */
    setUp: {
      params: z.object({
        token: z.string().max(100),
        organisation: z.record(z.string(), z.unknown()),
        documents: z
          .array(
            z.object({
              kind: DocumentKind,
              id: DocumentId,
              body: z.record(z.string(), z.unknown()),
            }),
          )
          .max(100),
        passwords: z.array(z.object({ agent: AgentId, password: Password })).max(10),
      }),
      result: nothing,
      errors: {
        'bad-link': nothing,
        invalid: Problems,
      },
      roles: DESKTOP,
    },

    setPassword: {
      params: z.object({ agent: AgentId, password: Password, by: By }),
      result: nothing,
      errors: { 'unknown-agent': z.object({ agent: AgentId }) },
      roles: DESKTOP,
    },
    /** Checks login and password in the same time whether the login exists or not. Too many wrong ones are slowed down per login. */
    checkPassword: {
      params: z.object({ login: z.string().max(120), password: z.string().max(200) }),
      result: z.object({ agent: AgentId }),
      errors: { 'wrong-credentials': nothing, 'too-many-tries': z.object({ retryAt: Instant }) },
      roles: DESKTOP,
    },
    /** A new bearer token of an integration, shown this once; the one before stops working. */
    issueToken: {
      params: z.object({ integration: z.string(), by: By }),
      result: z.object({ token: z.string() }),
      errors: { 'unknown-document': z.object({ kind: DocumentKind, id: z.string() }) },
      roles: DESKTOP,
    },
    checkToken: {
      params: z.object({ token: z.string().max(200) }),
      result: z.object({ integration: z.string() }),
      errors: { 'wrong-credentials': nothing },
      roles: DESKTOP,
      idempotent: true,
    },
    /** The signing secret of a webhook as Standard Webhooks write it (`whsec_…`); made when first asked for. */
    webhookSecret: {
      params: z.object({
        webhook: z.string(),
        renew: z.boolean().default(false),
        by: By.optional(),
      }),
      result: z.object({ secret: z.string() }),
      errors: { 'unknown-document': z.object({ kind: DocumentKind, id: z.string() }) },
      roles: DESKTOP,
    },

    /** What was done to credentials, newest first: who, when, what, for whom. Never a secret. */
    audit: {
      params: z.object({
        before: z.int().optional(),
        limit: z.int().min(1).max(500).default(100),
      }),
      result: z.object({
        acts: z.array(
          z.object({ number: z.int(), at: Instant, by: z.string(), act: Act, subject: z.string() }),
        ),
      }),
      roles: DESKTOP,
      idempotent: true,
    },

    /** Settings of desktops: sets one scope's values; null removes one. */
    putSettings: {
      params: z.object({ scope: Scope, values: z.record(z.string().max(80), z.unknown()), by: By }),
      result: z.object({ revision: z.int() }),
      errors: { invalid: Problems },
      roles: DESKTOP,
    },
    /** The values that hold for somebody, and which scope each came from. */
    effectiveSettings: {
      params: z.object({
        agent: AgentId.optional(),
        roles: z.array(Role).default([]),
        machine: z
          .string()
          .refine(isStorable, { error: 'it holds a character that no text has' })
          .optional(),
      }),
      result: z.object({
        values: z.record(z.string(), z.object({ value: z.unknown(), scope: z.string() })),
      }),
      roles: EVERYONE,
      idempotent: true,
    },
  },
  streams: {
    /** Every document as it changes. Since 0: first all there is, retired ones too; without `since`: from now on. */
    changes: { event: StoredDocument, cursor: z.int().min(0), roles: EVERYONE },
    /** Settings of desktops as they change: what was set in a scope, null where a value was removed. */
    settings: {
      event: z.object({ scope: Scope, values: z.record(z.string(), z.unknown()) }),
      cursor: z.int().min(0),
      roles: EVERYONE,
    },
  },
});
