import { CHANNELS, type Channel, type QueueId } from '#domain/ids.ts';

/** Something of every line, that is of a queue's work of one channel. Found without making a key of both: that is done at every step. */
export class PerLine<T> {
  readonly #channels: ReadonlyMap<Channel, Map<QueueId, T>> = new Map(
    CHANNELS.map((channel) => [channel, new Map<QueueId, T>()]),
  );

  get(queue: QueueId, channel: Channel): T | undefined {
    return this.#channels.get(channel)?.get(queue);
  }

  set(queue: QueueId, channel: Channel, value: T): void {
    this.#channels.get(channel)?.set(queue, value);
  }

  delete(queue: QueueId, channel: Channel): void {
    this.#channels.get(channel)?.delete(queue);
  }

  /** @yields All there are, channel by channel. */
  *entries(): IterableIterator<readonly [QueueId, Channel, T]> {
    for (const [channel, queues] of this.#channels) {
      for (const [queue, value] of queues) yield [queue, channel, value];
    }
  }
}
