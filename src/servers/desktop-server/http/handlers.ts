import type { ApiDefinition, RouteDefinition, RouteInput, RouteResult } from '#base/http-api.ts';
import type { AgentCaller, Caller } from '../rules/caller.ts';

/** What a handler may know and do beside its input: little more than the session needs. */
export interface Exchange {
  /** Where the request comes from. */
  readonly address: string;
  /** How the caller's browser addresses this server, as `https://centre.example`. */
  readonly origin: string;
  /** The session's secret, where there is one. */
  readonly session: string | undefined;
  /** Lets the browser keep the session, or forget it. */
  keepSession(token: string | undefined): void;
}

type CallerOf<R extends RouteDefinition> = 'nobody-yet' extends R['roles'][number]
  ? Caller | undefined
  : Exclude<R['roles'][number], 'agent'> extends never
    ? AgentCaller
    : Caller;

/** Bytes for a browser to show or to keep. What comes from outside is shown only where that is safe. */
export interface FileAnswer {
  /** Of the file; quotes and control characters do no harm. */
  readonly name: string;
  readonly type: string;
  /** Bytes, where that is known. */
  readonly size?: number;
  /** Shown in the page instead of being kept. */
  readonly inline: boolean;
  /** What the shown thing may load and do, as `Content-Security-Policy`; left out: nothing. */
  readonly policy?: string;
  readonly content: AsyncIterable<Uint8Array | string>;
}

/** Text may come in pieces, so that a long export never is in memory as a whole. */
type ResultOf<R extends RouteDefinition> = R['result'] extends 'file'
  ? FileAnswer
  : R['result'] extends string
    ? RouteResult<R> | AsyncIterable<string>
    : RouteResult<R>;

/** Answers one route. Refuses by throwing a `Refusal`. */
export type Handler<R extends RouteDefinition> = (
  input: RouteInput<R>,
  caller: CallerOf<R>,
  exchange: Exchange,
) => Promise<ResultOf<R>> | ResultOf<R>;

/** A handler for each route of `A`: one that is missing does not compile. */
export type Handlers<A extends ApiDefinition> = { readonly [K in keyof A]: Handler<A[K]> };
