import { minutes, seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';

/** What one connection may use up. Both sides keep the bounds; neither relies on the other for it. */
export interface RpcLimits {
  /**
   * The largest frame, in bytes. Content is chunked by its store; the largest messages are lists of a big
   * centre: a board of 10,000 agents, a configuration of 20,000 documents.
   */
  readonly frameBytes: number;
  /** Calls that one connection may have under way; the client holds back what is over it. */
  readonly callsInFlight: number;
  /** Calls that a client holds back while there is no connection or no room. */
  readonly callsWaiting: number;
  /** Streams that one connection may follow. */
  readonly streams: number;
  /** Events sent to a reader that it has not read yet: more, and the producer is not asked for the next. */
  readonly unreadEvents: number;
  /** The same in characters, so that few large events weigh as many small ones. */
  readonly unreadCharacters: number;
  /** Bytes that wait for a slow peer: more, and no further call is read from it. */
  readonly unsentBytes: number;
  /** How long a first message may take; a connection without one costs a stranger nothing. */
  readonly helloWithin: Milliseconds;
  /** A peer that says nothing is asked for a sign of life this often … */
  readonly beatEvery: Milliseconds;
  /** … and given up after this silence: three beats, so that one lost packet ends nothing. */
  readonly silence: Milliseconds;
  /**
   * A client that has heard nothing for so long, though it asked, looks whether the component is in office
   * elsewhere: it may be hung, and another copy in its place.
   */
  readonly doubtAfter: Milliseconds;
  /** The longest time a caller may ask for. */
  readonly longestCall: Milliseconds;
}

export const RPC_LIMITS: RpcLimits = {
  frameBytes: 8 * 1024 * 1024,
  callsInFlight: 1024,
  callsWaiting: 16_384,
  streams: 1024,
  unreadEvents: 256,
  unreadCharacters: 512 * 1024,
  unsentBytes: 4 * 1024 * 1024,
  helloWithin: seconds(5),
  beatEvery: seconds(10),
  silence: seconds(30),
  doubtAfter: 1_500,
  longestCall: minutes(10),
};

/** How long a caller waits when it does not say. */
export const DEFAULT_TIMEOUT: Milliseconds = seconds(10);
