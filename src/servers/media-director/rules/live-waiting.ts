import type { QueueId } from '#domain/ids.ts';
import { isLive } from '#domain/queue/admission.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** How many wait in each queue whose customer is at the other end: what a queue's limit counts. */
export class LiveWaiting {
  readonly #counts = new Map<QueueId, number>();

  in(queue: QueueId): number {
    return this.#counts.get(queue) ?? 0;
  }

  add(item: OpenWorkItem): void {
    if (isLive(item)) this.#counts.set(item.queue, this.in(item.queue) + 1);
  }

  delete(item: OpenWorkItem): void {
    if (!isLive(item)) return;
    const left = this.in(item.queue) - 1;
    if (left > 0) this.#counts.set(item.queue, left);
    else this.#counts.delete(item.queue);
  }
}
