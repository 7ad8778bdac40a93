/**
 * What the license director promises: a live register of seats, and limits on them where a signed file
 * names any. Limits are refused only to new logins, and only when their grace is over; nothing that
 * routes ever waits for it. A caller that gets no answer goes on as if the seat were granted.
 */
import { z } from 'zod';
import { COMPONENTS } from '#base/component-name.ts';
import { defineContract } from '#base/contract.ts';
import { seconds } from '#base/time.ts';
import { AgentId, Channel, Instant } from '#domain/ids.ts';

const MANAGERS = ['desktop-server', 'command-line'] as const;

/** A holder says so often that it is still there; after three it has missed, its seats are free. */
export const CHECK_IN_EVERY = seconds(180);

/** Who sits: an agent at work in some media, or a running component. */
export const SeatHolder = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('agent'),
    agent: AgentId,
    /** Each medium counts against its own limit, `agents.MEDIUM`; the agent against `agents`. */
    media: z.array(Channel),
    station: z.string().max(64),
  }),
  z.object({
    type: z.literal('component'),
    /** Counts against `components` and `components.NAME`. */
    component: z.string().min(1).max(64),
    instance: z.string().min(1).max(64),
  }),
]);
export type SeatHolder = z.infer<typeof SeatHolder>;

export const Seat = z.object({
  holder: SeatHolder,
  /** The component that took it. */
  through: z.string(),
  since: Instant,
  checkedInAt: Instant,
});
export type Seat = z.infer<typeof Seat>;

/**
 * How a limit stands. `free`: no limit. `good`: room left. `warning`: nine tenths are taken, or the file
 * ends soon. `grace`: over the limit, and new logins still come in until `graceEnds`. `full`: they do not.
 */
export const LimitState = z.enum(['free', 'good', 'warning', 'grace', 'full']);
export type LimitState = z.infer<typeof LimitState>;

export const Limit = z.object({
  /** `agents`, `agents.web-chat`, `components.media-director` … */
  name: z.string(),
  used: z.int(),
  /** Left out: as many as you like. */
  limit: z.int().optional(),
  state: LimitState,
  graceEnds: Instant.optional(),
  /** The most that were in use at once in the last 30 days. */
  peak: z.int(),
});
export type Limit = z.infer<typeof Limit>;

export const licenseDirector = defineContract({
  name: 'license-director',
  version: 1,
  methods: {
    /**
     * Takes a seat for somebody who begins. Taking one that the holder has already has the effect of
     * checking in. `warning` is one sentence for an administrator, where a limit is near or over.
     */
    takeSeat: {
      params: z.object({ holder: SeatHolder }),
      result: z.object({ seat: Seat, warning: z.string().optional() }),
      errors: {
        /** The limit `name` is full and its grace over. */
        'no-seat': z.object({ name: z.string(), limit: z.int(), used: z.int() }),
      },
      roles: COMPONENTS,
      idempotent: true,
    },
    /** The caller still holds these, to be said every `CHECK_IN_EVERY`. Those unknown are taken (the register was lost); never refused. Those not named lapse by themselves. */
    checkIn: {
      params: z.object({ holders: z.array(SeatHolder).max(4_000) }),
      result: z.object({ seats: z.int() }),
      roles: COMPONENTS,
      idempotent: true,
    },
    /** Frees a seat; one that is free already changes nothing. */
    releaseSeat: {
      params: z.object({
        holder: z.union([
          z.object({ agent: AgentId }),
          z.object({ component: z.string(), instance: z.string() }),
        ]),
      }),
      result: z.object({}),
      roles: COMPONENTS,
      idempotent: true,
    },
    /** Who sits where now, oldest first, at most 1,000 behind `after`. */
    seats: {
      params: z.object({ after: z.int().min(0).default(0) }),
      result: z.object({ seats: z.array(Seat), next: z.int().optional() }),
      roles: MANAGERS,
      idempotent: true,
    },
    /** Every limit and every name that has seats, and what is known of the file. */
    limits: {
      params: z.object({}),
      result: z.object({
        limits: z.array(Limit),
        file: z.discriminatedUnion('state', [
          /** None: everything is free. */
          z.object({ state: z.literal('none') }),
          z.object({
            state: z.enum(['valid', 'expired']),
            issuedTo: z.string(),
            expires: Instant.optional(),
          }),
          /** There is one, and `reason` says why it does not count: its limits are not known, so there are none. */
          z.object({ state: z.literal('unreadable'), reason: z.string() }),
        ]),
      }),
      roles: MANAGERS,
      idempotent: true,
    },
  },
});
