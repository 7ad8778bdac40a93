/**
 * What application management promises: who runs where, and how well. Every component publishes itself
 * and says so again before its lease ends; all of it is soft state, rebuilt within a lease after a restart.
 */
import { z } from 'zod';
import { COMPONENTS } from '#base/component-name.ts';
import { defineContract } from '#base/contract.ts';
import { seconds } from '#base/time.ts';
import { Instant } from '#domain/ids.ts';

/** How long a component counts as running that says nothing more; it renews three times in that. */
export const LEASE = seconds(15);
export const RENEW_EVERY = seconds(5);

export const HealthState = z.enum(['good', 'degraded', 'bad']);
export type HealthState = z.infer<typeof HealthState>;

/** Where a row of the port matrix can be reached, as `ws://127.0.0.1:29087` or `tcp://127.0.0.1:29081`. */
export const Address = z.object({
  row: z.string().min(1).max(64),
  url: z.string().min(1).max(300),
  /** When it was opened there, by the clock of its machine. */
  since: Instant.optional(),
});
export type Address = z.infer<typeof Address>;

/** One part of a component's health. */
export const HealthPart = z.object({
  part: z.string().min(1).max(80),
  state: HealthState,
  /** What is wrong and what to do, in one sentence. */
  detail: z.string().max(500).optional(),
});
export type HealthPart = z.infer<typeof HealthPart>;

/** What a component says of itself. */
export const Publication = z.object({
  component: z.string().min(1).max(64),
  /** This running copy, new at every start. */
  instance: z.string().min(1).max(64),
  /** Of the program. */
  version: z.string().max(40),
  addresses: z.array(Address).max(100),
  parts: z.array(HealthPart).max(100),
});
export type Publication = z.infer<typeof Publication>;

/** An application as others see it. */
export const Application = Publication.extend({
  /** When this copy was first heard of. */
  since: Instant,
  renewedAt: Instant,
  /** The worst of its parts; `gone` once its lease has ended. It is forgotten ten minutes later. */
  state: z.enum([...HealthState.options, 'gone']),
});
export type Application = z.infer<typeof Application>;

export const applicationManagement = defineContract({
  name: 'application-management',
  version: 1,
  methods: {
    /** Publishes or renews, to be said every `RENEW_EVERY` and at each change of health. */
    publish: {
      params: Publication,
      /** How long it holds, in milliseconds. */
      result: z.object({ lease: z.int() }),
      errors: {
        /** A component publishes under its own name only. */
        'not-yours': z.object({ component: z.string() }),
      },
      roles: [...COMPONENTS, 'command-line'],
      idempotent: true,
    },
    /** Says goodbye: it is gone at once. */
    withdraw: {
      params: z.object({ instance: z.string().max(64) }),
      result: z.object({}),
      roles: [...COMPONENTS, 'command-line'],
      idempotent: true,
    },
    /**
     * Where the running copies of a component can be reached. Of copies that stand by for each other only the
     * one in office has addresses; the one that opened them last comes first, for one before it may be dead.
     */
    find: {
      params: z.object({ component: z.string().max(64) }),
      result: z.object({ addresses: z.array(Address) }),
      roles: [...COMPONENTS, 'command-line'],
      idempotent: true,
    },
    /** Everything that runs or was just lost, with the worst state of all and why. */
    list: {
      params: z.object({}),
      result: z.object({
        applications: z.array(Application),
        state: HealthState,
        /** `component: sentence`, worst first. */
        problems: z.array(z.string()),
      }),
      roles: [...COMPONENTS, 'command-line'],
      idempotent: true,
    },
  },
  streams: {
    /** Every application as it is, then each as it changes, comes or goes (`state: 'gone'`). Renewals that change nothing are not told. */
    changes: { event: Application, roles: [...COMPONENTS, 'command-line'] },
  },
});
