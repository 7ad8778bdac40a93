/**
 * JSON Lines over TCP or TLS, in one direction, with acknowledgement by number.
 *
 *     dialer                                    listener
 *     {"hello":{token,stream,version}}       →
 *                                            ←  {"welcome":{"resume":P}}        P: the last number it holds
 *     {"n":P+1,"event":{…}} …                →
 *                                            ←  {"ack":N}                       all up to N are stored
 *     {"beat":true}                         ←→  {"beat":true}                   every 10 s; silence for 30 s ends it
 *                                            ←  {"error":{code,message}}        then closed
 */

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

export interface LineSession {
  /** The last number this side holds, durably. */
  readonly resume: number;
  /** Stores a batch (numbers rise by one) and resolves with the last number stored; it is then acknowledged. */
  take(batch: readonly { readonly n: number; readonly event: unknown }[]): Promise<number>;
  /** The connection is over. */
  closed?(): void;
}

/** The side that hands events out. */
export interface LineDialer {
  /** Names what is sent; numbers rise by one within it. */
  readonly stream: string;
  /** Everything behind `since`, from store then live, until the signal. Asked anew on every connection. */
  events(since: number, signal: AbortSignal): AsyncIterable<{ readonly n: number; readonly event: unknown }>;
  /** The other side holds all up to `n`. */
  acknowledged?(n: number): void;
}
