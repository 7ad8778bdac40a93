/**
 * Small notices from one to many, at most once, in the order of each publisher.
 *
 * A notice says that something is there to be fetched ("the stream has reached 1042"): it is never the only
 * place where a fact stands, for whoever is away misses it.
 */
export interface Bus extends AsyncDisposable {
  /**
   * Tells all subscribers of `topic`, this process's own too, later. Never waits; what cannot be sent now is
   * sent when the bus is back, up to a bound, and then the oldest is dropped.
   *
   * @throws {RangeError} If topic and payload together are longer than `LONGEST_NOTICE` bytes, or the topic
   *   holds a line break.
   */
  publish(topic: string, payload: string): void;
  /**
   * Hears `topic` until disposed. Resolves once everything published from then on is heard.
   *
   * @throws {DatabaseGoneError} If the bus cannot be reached.
   */
  subscribe(topic: string, subscriber: Subscriber): Promise<AsyncDisposable>;
}

export interface Subscriber {
  heard(payload: string): void;
  /** Called when notices may have been missed: look for yourself what there is. */
  missed?(): void;
}

/** PostgreSQL takes 7999 bytes; some go to the frame around a notice. */
export const LONGEST_NOTICE = 7_000;

/** @throws {RangeError} As `Bus.publish`. Both buses refuse alike: what works in one process works in ten. */
export function checkNotice(topic: string, payload: string): void {
  const bytes = Buffer.byteLength(topic) + Buffer.byteLength(payload);
  if (bytes > LONGEST_NOTICE) {
    throw new RangeError(
      `Cannot publish to "${topic}": ${bytes} bytes are more than ${LONGEST_NOTICE}`,
    );
  }
  if (topic.includes('\n')) throw new RangeError('Cannot publish: the topic holds a line break');
}
