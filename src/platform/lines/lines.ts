/**
 * JSON Lines over TCP or TLS: what one component tells another as it happens. Who dials says hello first.
 *
 *     dialer: hands events out                  listener: takes them in
 *     {"hello":{token,stream,version}}       →
 *                                            ←  {"welcome":{"resume":P}}        P: the last number it holds
 *     {"n":P+1,"event":{…}} …                →
 *                                            ←  {"ack":N}                       all up to N are stored
 *                                            ←  {"ack":N,"refused":[{n,code,message}]}   … but these are not
 *     {"gap":N}                              →  (all up to N are no longer kept; N+1 is next)
 *     {"beat":true}                         ←→  {"beat":true}                   every 10 s; silence for 30 s ends it
 *                                            ←  {"error":{code,message}}        then closed
 *
 *     reader: follows                           feed: tells whoever connects
 *     {"hello":{token,stream,since?,filter?}} →
 *                                            ←  {"welcome":{}}
 *                                            ←  {"n":N,"event":{…}} …
 *     {"ack":N}, {"beat":true}               →  (both may be left out: `nc` and a token are enough)
 *                                            ←  {"beat":true} | {"end":true} | {"error":{code,message}}
 *
 * A certificate takes the place of the token where the connection is TLS. A line that is none of these ends
 * the session; an event that its taker refuses does not.
 */
import type { Milliseconds } from '#base/time.ts';

/** The side that takes events in. */
export interface LineListener {
  /** Roles that may come in. */
  readonly roles: readonly string[];
  /**
   * A dialer has said hello. Resolves with the session's handlers.
   * @throws {Refusal} To turn it away; the dialer is told code and message.
   */
  open(hello: { readonly role: string; readonly stream: string }): Promise<LineSession>;
}

/** One event and its number in its stream. */
export interface NumberedEvent {
  readonly n: number;
  readonly event: unknown;
}

export interface LineSession {
  /** The last number this side holds, durably. */
  readonly resume: number;
  /** Batches are taken at least so long after one another (default 0): what comes meanwhile goes together. */
  readonly apart?: Milliseconds;
  /**
   * Stores a batch and resolves with the last number stored; it is then acknowledged. Numbers rise by one,
   * and jump only where the dialer says that it no longer keeps what was between. Never called again before
   * it has resolved.
   *
   * @throws {Refusal} `bad-record`, with `{ n }` as data: this one event is unsound and nothing of the batch
   *   was stored. The batch comes again without it, in two parts; the dialer is told. Anything else that is
   *   thrown ends the session, and the dialer comes back later.
   */
  take(batch: readonly NumberedEvent[]): Promise<number>;
  /** The connection is over. */
  closed?(): void;
}

/** The side that hands events out. */
export interface LineDialer {
  /** Names what is sent; numbers rise by one within it. */
  readonly stream: string;
  /** Everything behind `since`, from store then live, until the signal. Asked anew on every connection. */
  events(since: number, signal: AbortSignal): AsyncIterable<NumberedEvent>;
  /** The other side holds all up to `n`. */
  acknowledged?(n: number): void;
  /** The other side will not have event `n`; it is acknowledged nevertheless. */
  refused?(n: number, refusal: { readonly code: string; readonly message: string }): void;
}

/** The side that tells events to whoever connects: consoles, wallboards, other programs. */
export interface LineFeed {
  /** Roles that may come in. */
  readonly roles: readonly string[];
  /**
   * Yields what the reader asked for until the signal, or ends. Numbers rise, not always by one: a filter
   * leaves some out. The next event is asked for only while the reader keeps up.
   *
   * @throws {Refusal} To turn it away; the reader is told code and message.
   */
  follow(request: FeedRequest, signal: AbortSignal): AsyncIterable<NumberedEvent>;
}

export interface FeedRequest {
  readonly role: string;
  readonly stream: string;
  /** The last number the reader holds; undefined: from now on, or what the feed says. */
  readonly since: number | undefined;
  /** As the reader gave it: not checked yet. */
  readonly filter: unknown;
  /** The reader has all up to `n`, if it says so at all. */
  readonly acknowledged: (heard: (n: number) => void) => void;
}
