import { checkNotice } from './bus.ts';
import { Subscribers } from './subscribers.ts';
import type { Bus } from './bus.ts';

/** A bus inside one process. Nobody misses anything. */
export function openProcessBus(): Bus {
  const subscribers = new Subscribers();
  return {
    publish(topic, payload) {
      checkNotice(topic, payload);
      // Later, as over a wire: a subscriber never runs inside its publisher's call.
      setImmediate(() => subscribers.tell(topic, payload));
    },
    subscribe: (topic, subscriber) => Promise.resolve(subscribers.add(topic, subscriber)),
    [Symbol.asyncDispose]: async () => subscribers.clear(),
  };
}
