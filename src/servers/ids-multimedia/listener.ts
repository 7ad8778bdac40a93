import { Refusal } from '#base/refusal.ts';
import { type Milliseconds, seconds } from '#base/time.ts';
import type { LineListener, NumberedEvent } from '#platform/lines/lines.ts';
import type { Platform } from '#platform/platform.ts';
import { FollowedStream, STREAMS } from './contract.ts';

/** A writer that restarts is back sooner. */
const MISSED_AFTER: Milliseconds = seconds(30);

/** Figures may be so old; many small transactions would hold up those that somebody waits for. */
const APART: Milliseconds = 50;

/** What takes a journal in. */
export interface Follower {
  resume(): Promise<{ position: number; generation: number }>;
  take(generation: number, events: readonly NumberedEvent[]): Promise<number>;
}

interface ListenerParts {
  readonly platform: Pick<Platform, 'health' | 'trace' | 'clock'>;
  readonly followers: Readonly<Record<FollowedStream, Follower>>;
  readonly writers: Writers;
  /** Something new is stored, up to a position. */
  readonly stored: (stream: FollowedStream, position: number) => void;
}

/** Takes the journals of director and stores in: each from its own writer only. */
export function journalListener({
  platform,
  followers,
  writers,
  stored,
}: ListenerParts): LineListener {
  const { health, trace } = platform;
  return {
    roles: STREAMS,
    async open({ role, stream: asked }) {
      const stream = FollowedStream.safeParse(asked);
      if (!stream.success || asked !== role) {
        throw new Refusal('forbidden', `"${role}" cannot send the stream "${asked}"`);
      }
      const follower = followers[stream.data];
      const { position, generation } = await follower.resume();
      writers.came(stream.data);
      trace.info('journal.resumed', { stream: asked, position });
      return {
        resume: position,
        apart: APART,
        async take(batch) {
          try {
            const reached = await follower.take(generation, batch);
            stored(stream.data, reached);
            return reached;
          } catch (error) {
            if (error instanceof Refusal) health.report('records', 'degraded', UNREADABLE(asked));
            else trace.warning('journal.interrupted', { stream: asked }, error);
            throw error;
          }
        },
        closed: () => writers.went(stream.data),
      };
    },
  };
}

const UNREADABLE = (stream: string): string =>
  `An event of "${stream}" could not be read and is missing from figures: bring this program to the same version and rebuild`;

/** Which writers are connected; one that is missed is reported. */
export class Writers implements Disposable {
  readonly #platform: Pick<Platform, 'health' | 'clock'>;
  readonly #connected = new Map<FollowedStream, number>();
  readonly #missing = new Map<FollowedStream, Disposable>();

  constructor(platform: Pick<Platform, 'health' | 'clock'>) {
    this.#platform = platform;
    for (const stream of STREAMS) this.#expect(stream);
  }

  isConnected(stream: FollowedStream): boolean {
    return (this.#connected.get(stream) ?? 0) > 0;
  }

  came(stream: FollowedStream): void {
    this.#connected.set(stream, (this.#connected.get(stream) ?? 0) + 1);
    this.#missing.get(stream)?.[Symbol.dispose]();
    this.#platform.health.report(stream, 'good');
  }

  went(stream: FollowedStream): void {
    this.#connected.set(stream, (this.#connected.get(stream) ?? 1) - 1);
    if (!this.isConnected(stream)) this.#expect(stream);
  }

  #expect(stream: FollowedStream): void {
    const report = (): void =>
      this.#platform.health.report(
        stream,
        'degraded',
        `"${stream}" sends nothing, so figures stand still: see whether it runs`,
      );
    this.#missing.set(stream, this.#platform.clock.after(MISSED_AFTER, report));
  }

  [Symbol.dispose](): void {
    for (const timer of this.#missing.values()) timer[Symbol.dispose]();
  }
}
