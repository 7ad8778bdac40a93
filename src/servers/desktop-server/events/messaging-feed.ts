import type { Platform } from '#platform/platform.ts';
import type { MessagingEvent, Typing } from '#servers/simple-messaging-media-store/contract.ts';
import type { Rooms } from '../rooms.ts';
import { type KeptEvent, StoreFeed } from './store-feed.ts';

export type KeptMessage = KeptEvent<MessagingEvent>;
export type MessagingFeed = StoreFeed<MessagingEvent, Typing>;

/** What happens in conversations of short messages. */
export function createMessagingFeed(
  { messaging: { call, follow } }: Rooms,
  platform: Pick<Platform, 'health' | 'clock'>,
  kept: number,
): MessagingFeed {
  const store = {
    part: 'messaging',
    position: async (signal: AbortSignal) => (await call.position({}, { signal })).position,
    events: (since: number, signal: AbortSignal) => follow.events({ since, signal }),
    signs: (signal: AbortSignal) => follow.typing({ signal }),
  };
  return new StoreFeed(store, platform, kept);
}
