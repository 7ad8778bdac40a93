import { CHANNELS, type Channel, type QueueId } from '#domain/ids.ts';

/** Something of every line, that is of a queue's work of one channel. Found without making a key of both: that is done at every step. */
export class PerLine<T> {
  readonly #channels: Readonly<Record<Channel, Map<QueueId, T>>> = {
    voice: new Map(),
    email: new Map(),
    'web-chat': new Map(),
    sms: new Map(),
    xmpp: new Map(),
    preview: new Map(),
    task: new Map(),
  };

  get(queue: QueueId, channel: Channel): T | undefined {
    return this.#channels[channel].get(queue);
  }

  set(queue: QueueId, channel: Channel, value: T): void {
    this.#channels[channel].set(queue, value);
  }

  delete(queue: QueueId, channel: Channel): void {
    this.#channels[channel].delete(queue);
  }

  /** @yields All there are, channel by channel. */
  *entries(): IterableIterator<readonly [QueueId, Channel, T]> {
    for (const channel of CHANNELS) {
      for (const [queue, value] of this.#channels[channel]) yield [queue, channel, value];
    }
  }
}
