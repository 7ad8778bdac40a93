import type { Platform } from '#platform/platform.ts';
import type { EmailFact, Writing } from '#servers/email-media-store/contract.ts';
import type { Rooms } from '../rooms.ts';
import { type KeptEvent, StoreFeed } from './store-feed.ts';

export type KeptEmailFact = KeptEvent<EmailFact>;
export type EmailFeed = StoreFeed<EmailFact, Writing>;

/** What happens in conversations by e-mail: facts, never content. */
export function createEmailFeed(
  { mail: { call, follow } }: Rooms,
  platform: Pick<Platform, 'health' | 'clock'>,
  kept: number,
): EmailFeed {
  const store = {
    part: 'email',
    position: async (signal: AbortSignal) => (await call.position({}, { signal })).position,
    events: (since: number, signal: AbortSignal) => follow.events({ since, signal }),
    signs: (signal: AbortSignal) => follow.writing({ signal }),
  };
  return new StoreFeed(store, platform, kept);
}
