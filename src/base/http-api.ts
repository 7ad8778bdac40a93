/** An HTTP interface as a value: server, typed client and OpenAPI document are derived from it. */
import type { z } from 'zod';

export interface RouteDefinition {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Beneath the API's base, with `{name}` for parameters: `/work-items/{id}`. */
  readonly path: string;
  readonly params?: z.ZodObject;
  /** Values arrive as text: use coercing schemas for numbers. */
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A schema for JSON, the media type of a text answer, or `file`: bytes of whatever type they are. */
  readonly result: z.ZodType | 'text/csv' | 'text/plain' | 'file';
  /** Who may call it: any of these roles; `everybody` signed in; `nobody-yet` needs no sign-in. */
  readonly roles: readonly (
    | 'agent'
    | 'supervisor'
    | 'administrator'
    | 'everybody'
    | 'nobody-yet'
  )[];
  /** How long callers wait for the answer, in milliseconds; left out: as for most. */
  readonly within?: number;
  /** One sentence for the document. */
  readonly summary: string;
  /** Refusal codes beside the common ones, with the HTTP status each is sent with. */
  readonly errors?: Readonly<Record<string, number>>;
}

export type ApiDefinition = Readonly<Record<string, RouteDefinition>>;

/** Gives an API its exact type. */
export function defineApi<const A extends ApiDefinition>(api: A): A {
  return api;
}

type InferOr<S, Otherwise> = S extends z.ZodType ? z.infer<S> : Otherwise;
type InputOr<S, Otherwise> = S extends z.ZodType ? z.input<S> : Otherwise;

/** What a route's handler is given, validated. */
export interface RouteInput<R extends RouteDefinition> {
  readonly params: InferOr<R['params'], Record<string, never>>;
  readonly query: InferOr<R['query'], Record<string, never>>;
  readonly body: InferOr<R['body'], undefined>;
}

/** What a caller hands in; what has a default may be left out. */
export type RouteRequest<R extends RouteDefinition> = (R['params'] extends z.ZodType
  ? { readonly params: InputOr<R['params'], never> }
  : { readonly params?: undefined }) &
  (R['query'] extends z.ZodType
    ? { readonly query?: InputOr<R['query'], never> }
    : { readonly query?: undefined }) &
  (R['body'] extends z.ZodType
    ? { readonly body: InputOr<R['body'], never> }
    : { readonly body?: undefined });

export type RouteResult<R extends RouteDefinition> = R['result'] extends z.ZodType
  ? z.infer<R['result']>
  : string;
