/**
 * A component's interface as a value. Types are inferred from it, the wire is derived from it, and
 * `emcee contracts` prints it as JSON Schema for programs in other languages.
 */
import type { z } from 'zod';

type Schema = z.ZodType;

/** One request and its answer. */
export interface MethodDefinition {
  readonly params: Schema;
  readonly result: Schema;
  /** Codes a caller may be refused with, beside the common ones, and the shape of their data. */
  readonly errors?: Readonly<Record<string, Schema>>;
  /** Who may call it. A role is a component's name, or what a certificate or token names. */
  readonly roles: readonly string[];
  /** True where calling twice has the effect of calling once: the client then repeats a lost call by itself. */
  readonly idempotent?: boolean;
}

/** Events in order. A reader that names the last cursor it holds misses nothing. */
export interface StreamDefinition {
  readonly params?: Schema;
  readonly event: Schema;
  /** Left out where events are only of the moment (typing), and lost with the connection. */
  readonly cursor?: Schema;
  readonly roles: readonly string[];
}

export interface ContractDefinition {
  /** The component that serves it: the name others look it up by. */
  readonly name: string;
  /** Rises when a change is not backward compatible. */
  readonly version: number;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
  readonly streams?: Readonly<Record<string, StreamDefinition>>;
}

/** Gives a contract its exact type. */
export function defineContract<const C extends ContractDefinition>(contract: C): C {
  return contract;
}

/** Who calls, and until when the answer is wanted. */
export interface Call {
  /** The caller's role, proven by its token or certificate. */
  readonly role: string;
  /** Aborts when the caller hangs up or the deadline passes. */
  readonly signal: AbortSignal;
}

export interface StreamItem<Event, Cursor = unknown> {
  /** Whoever gives it to a reader changes it no more: for others it may not be looked at again. */
  readonly event: Event;
  /** Where this event stands; the reader hands it back to go on behind it. */
  readonly cursor: Cursor;
}

type Methods<C extends ContractDefinition> = C['methods'];
type Streams<C extends ContractDefinition> = NonNullable<C['streams']>;
type ParamsOf<S extends StreamDefinition> = S['params'] extends Schema
  ? z.infer<S['params']>
  : undefined;
type CursorOf<S extends StreamDefinition> = S['cursor'] extends Schema
  ? z.infer<S['cursor']>
  : undefined;

/** What a component must provide to serve `C`. A method refuses by throwing a `Refusal`. */
export interface Implementation<C extends ContractDefinition> {
  readonly methods: {
    readonly [K in keyof Methods<C>]: (
      params: z.infer<Methods<C>[K]['params']>,
      call: Call,
    ) => Promise<z.infer<Methods<C>[K]['result']>>;
  };
  readonly streams: {
    readonly [K in keyof Streams<C>]: (
      request: { params: ParamsOf<Streams<C>[K]>; since: CursorOf<Streams<C>[K]> | undefined },
      call: Call,
    ) => AsyncIterable<StreamItem<z.infer<Streams<C>[K]['event']>, CursorOf<Streams<C>[K]>>>;
  };
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the answer; 10 s when left out. */
  readonly timeout?: number;
}

export interface FollowOptions<Params, Cursor> {
  readonly params?: Params;
  /** The last cursor the reader holds; left out: from now on, or what the stream's comment says. */
  readonly since?: Cursor | undefined;
  readonly signal?: AbortSignal;
}

/** How a component calls another: the same whether that one runs in this process or elsewhere. */
export interface Client<C extends ContractDefinition> extends AsyncDisposable {
  /** Fields that have a default may be left out of `params`. */
  readonly call: {
    readonly [K in keyof Methods<C>]: (
      params: z.input<Methods<C>[K]['params']>,
      options?: CallOptions,
    ) => Promise<z.infer<Methods<C>[K]['result']>>;
  };
  /** Follows a stream; reconnects by itself and goes on behind the last cursor. Ends with its signal. */
  readonly follow: {
    readonly [K in keyof Streams<C>]: (
      options?: FollowOptions<ParamsOf<Streams<C>[K]>, CursorOf<Streams<C>[K]>>,
    ) => AsyncIterable<StreamItem<z.infer<Streams<C>[K]['event']>, CursorOf<Streams<C>[K]>>>;
  };
}
