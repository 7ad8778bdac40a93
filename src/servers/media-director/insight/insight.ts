import { Refusal } from '#base/refusal.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import type { Question, Unknown } from './explain.ts';

/** Explains, or says what nothing is known of. */
export type Explain = (question: Question, signal: AbortSignal) => Promise<Explanation | Unknown>;

/** Explanations under way at once: each holds a whole centre of the past. */
const AT_ONCE = 2;

/** Whoever asks while so many wait is refused: somebody polls what only people should read. */
const MOST_WAITING = 20;

/** Answers about the past, a few at a time. */
export class Insight {
  readonly #explain: Explain;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(explain: Explain) {
    this.#explain = explain;
  }

  /** @throws {Refusal} `unknown-item`, `unknown-offer`; `busy` where too many ask at once. @throws The signal's reason. */
  async explain(question: Question, signal: AbortSignal): Promise<Explanation> {
    await this.#turn();
    try {
      signal.throwIfAborted();
      const explanation = await this.#explain(question, signal);
      if (typeof explanation === 'string') throw refusalOf(explanation, question);
      return explanation;
    } finally {
      this.#underWay--;
      this.#waiting.shift()?.();
    }
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

const refusalOf = (unknown: Unknown, { item, offer }: Question): Refusal =>
  unknown === 'unknown-item'
    ? new Refusal(unknown, `Cannot explain work item "${item}": nothing is known of it`, { item })
    : new Refusal(unknown, `Cannot explain offer ${offer} of work item "${item}": there was none`, {
        item,
        offer,
      });
