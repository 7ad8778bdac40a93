import { Gauge, type Registry } from 'prom-client';
import { NO_SCORE, scoreAfter, type Score } from '#domain/waiting-time/score.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { DirectorState } from './rules/director-state.ts';
import { isFirstAnswer } from './rules/queue-memory.ts';

/** Queues with a figure of their own; what is more counts together, so that figures stay bounded. */
const MOST_QUEUES = 200;
const OTHERS = 'others';

/** How well what customers are told of their wait has held, per queue, since this process started. */
export class WaitMetrics {
  readonly #scores = new Map<string, Score>();

  /** @param prefix Of the names of all metrics of this component. */
  constructor(registry: Registry, prefix: string) {
    const scores = this.#scores;
    const gauge = (name: string, help: string, value: (score: Score) => number): Gauge =>
      new Gauge({
        name: `${prefix}${name}`,
        help,
        labelNames: ['queue'],
        registers: [registry],
        collect() {
          for (const [queue, score] of scores) this.set({ queue }, value(score));
        },
      });
    gauge('wait_estimates', 'Answered customers who had been told how long', (s) => s.answers);
    gauge(
      'wait_estimates_kept_ratio',
      'Share of them who waited as they were told; 0.8 is meant',
      (s) => s.kept / s.answers,
    );
    gauge(
      'wait_estimates_error_seconds',
      'How far the middle of what they were told was off, on average',
      (s) => s.error / s.answers / 1_000,
    );
  }

  /** Scores what was answered; `state` is as the events have left it. */
  note(events: readonly DirectorEvent[], state: DirectorState): void {
    for (const event of events) {
      if (event.type !== 'work-item-accepted') continue;
      const item = state.item(event.item);
      if (!item?.estimate || !isFirstAnswer(item)) continue;
      const queue = this.#labelOf(item.queue);
      const before = this.#scores.get(queue) ?? NO_SCORE;
      this.#scores.set(queue, scoreAfter(before, item.estimate, item.since - item.queuedAt));
    }
  }

  #labelOf(queue: string): string {
    return this.#scores.has(queue) || this.#scores.size < MOST_QUEUES ? queue : OTHERS;
  }
}
