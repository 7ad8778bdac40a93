import type { DirectorState } from '../rules/director-state.ts';
import { packAnchor } from './anchor-parts.ts';
import type { Anchor } from './archive.ts';
import type { AnchorPart } from './tables.ts';

export interface AnchorsOptions {
  readonly state: DirectorState;
  /** Resolves once all that the state holds now is durable. */
  readonly settled: () => Promise<void>;
  readonly write: (position: number, parts: readonly AnchorPart[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Folding so many events takes some tenths of a second. */
const EVENTS_BETWEEN = 20_000;

/**
 * Keeps the whole centre now and then, for those who ask about the past. A large centre is kept more
 * seldom, so that keeping it never costs more than some microseconds per event.
 */
export class Anchors implements AsyncDisposable {
  readonly #options: AnchorsOptions;
  #position: number;
  #taking: Promise<void> | undefined;

  /** @param last The position of the newest anchor; nothing where there is none. */
  constructor(options: AnchorsOptions, last: number | undefined) {
    this.#options = options;
    this.#position = last ?? -Infinity;
  }

  /** To be called after every step. */
  note(): void {
    const { position, centre } = this.#options.state;
    const between = Math.max(EVENTS_BETWEEN, centre.items.size + centre.agents.size);
    if (this.#taking || position - this.#position < between) return;
    this.#taking = this.#take().finally(() => (this.#taking = undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#taking;
  }

  async #take(): Promise<void> {
    const { state, settled, write, failed } = this.#options;
    const anchor = anchorOf(state);
    this.#position = anchor.position;
    try {
      await settled();
      await write(anchor.position, await packAnchor(anchor));
    } catch (error) {
      failed(error); // the next one tells more
    }
  }
}

/** The centre as it is now. */
export function anchorOf(state: DirectorState): Anchor {
  const { centre, configuration, lastOffer, entered, ended, memory } = state;
  const { revision } = configuration;
  return { ...centre.snapshot(), revision, lastOffer, entered, ended, queues: memory.remembered() };
}
