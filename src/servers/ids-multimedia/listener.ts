import type { Latest } from '#base/latest.ts';
import { Refusal } from '#base/refusal.ts';
import type { LineListener, NumberedEvent } from '#platform/lines/lines.ts';
import type { Platform } from '#platform/platform.ts';
import { FollowedStream, STREAMS } from './contract.ts';

/** What takes a journal in. */
export interface Follower {
  resume(): Promise<{ position: number; generation: number }>;
  take(generation: number, events: readonly NumberedEvent[]): Promise<number>;
}

/** Takes the journals of director and stores in: each from its own writer only. */
export function journalListener(options: {
  readonly platform: Pick<Platform, 'health' | 'trace'>;
  readonly followers: Readonly<Record<FollowedStream, Follower>>;
  /** Set to the director's position when something new is stored. */
  readonly version: Latest<number>;
  /** How many writers of each stream are connected. */
  readonly connected: Map<FollowedStream, number>;
}): LineListener {
  const { platform, followers, version, connected } = options;
  const change = (stream: FollowedStream, by: number): void => {
    connected.set(stream, (connected.get(stream) ?? 0) + by);
  };
  return {
    roles: STREAMS,
    async open({ role, stream: asked }) {
      const stream = FollowedStream.safeParse(asked);
      if (!stream.success || asked !== role) {
        throw new Refusal('forbidden', `"${role}" cannot send the stream "${asked}"`);
      }
      const follower = followers[stream.data];
      const { position, generation } = await follower.resume();
      change(stream.data, 1);
      platform.trace.info('journal.resumed', { stream: asked, position });
      return {
        resume: position,
        async take(batch) {
          try {
            const reached = await follower.take(generation, batch);
            platform.health.report(asked, 'good');
            if (stream.data === 'media-director') version.set(reached);
            return reached;
          } catch (error) {
            if (error instanceof Refusal) {
              platform.health.report(
                asked,
                'degraded',
                `An event of "${asked}" could not be read and is missing from figures: is that program newer than this one?`,
              );
            } else {
              platform.trace.warning('journal.interrupted', { stream: asked }, error);
            }
            throw error;
          }
        },
        closed: () => change(stream.data, -1),
      };
    },
  };
}
