import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import type { Policy } from '../rules/director-state.ts';
import { explainItem, type Question } from './explain.ts';
import type { History } from './history.ts';

export interface InsightOptions {
  readonly history: History;
  readonly policy: Policy;
  readonly clock: Clock;
}

/** Explanations under way at once: each holds a whole centre of the past. */
const AT_ONCE = 2;

/** Whoever asks while so many wait is refused: somebody polls what only people should read. */
const MOST_WAITING = 20;

/** Answers about the past, in the background: whatever is asked, offers go out as if it were not. */
export class Insight {
  readonly #options: InsightOptions;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(options: InsightOptions) {
    this.#options = options;
  }

  /** @throws {Refusal} `unknown-item`; `busy` where too many ask at once. @throws The signal's reason. */
  async explain(question: Question, signal: AbortSignal): Promise<Explanation> {
    const { history, policy, clock } = this.#options;
    await this.#turn();
    try {
      signal.throwIfAborted();
      const parts = { history, policy, signal, now: clock.now() };
      const explanation = await explainItem(question, parts);
      if (explanation) return explanation;
    } finally {
      this.#underWay--;
      this.#waiting.shift()?.();
    }
    const { item } = question;
    throw new Refusal(
      'unknown-item',
      `Cannot explain work item "${item}": nothing is known of it`,
      {
        item,
      },
    );
  }

  async #turn(): Promise<void> {
    if (this.#underWay >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) {
        throw new Refusal('busy', 'Cannot explain this now: too many explanations are asked for');
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
    this.#underWay++;
  }
}
