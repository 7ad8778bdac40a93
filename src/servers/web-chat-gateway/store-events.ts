import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import type { Clock } from '#base/time.ts';
import type { Health } from '#platform/platform.ts';
import type { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import type { Deliveries } from './widget/deliver.ts';

export interface StoreEventsParts {
  readonly store: Client<typeof simpleMessagingMediaStore>;
  readonly deliveries: Deliveries;
  readonly clock: Clock;
  readonly health: Health;
  /** Events may have been missed: widgets must come again and read what they do not hold. */
  readonly interrupted: () => void;
}

/** Follows the store once for all widgets: its events, and who is typing. */
export function followStore(parts: StoreEventsParts): AsyncDisposable {
  const { store, deliveries, clock, health, interrupted } = parts;
  const life = new AbortController();
  const { signal } = life;
  const failed = (error: unknown): void => {
    const sentence = `Messages are not delivered: ${messageOf(error)}`;
    health.report('simple-messaging-media-store', 'degraded', sentence);
    interrupted();
  };
  const follow = async (): Promise<void> => {
    const { position: since } = await store.call.position({}, { signal });
    health.report('simple-messaging-media-store', 'good');
    for await (const { event } of store.follow.events({ since, signal })) {
      deliveries.deliver(event.position, event.body);
    }
  };
  const followTyping = async (): Promise<void> => {
    for await (const { event } of store.follow.typing({ signal })) deliveries.typing(event);
  };
  const running = Promise.all([
    keepTrying(follow, { clock, signal, failed }),
    keepTrying(followTyping, { clock, signal, failed: () => undefined }),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      life.abort();
      await running;
    },
  };
}
