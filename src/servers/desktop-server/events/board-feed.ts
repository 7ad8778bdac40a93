import { CallFailure } from '#base/call-failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import { type Clock, seconds } from '#base/time.ts';
import type { Board } from '#domain/metrics/board.ts';
import type { Rooms } from '../rooms.ts';
import { liveLines, withExpectedWaits } from '../rules/expected-waits.ts';

/** How old a board may be that is handed out: every reader within that time shares one. */
const FRESH = seconds(1);

/** Nobody waits for the board because the director is slow. */
const WAITS_WITHIN = seconds(1);

interface Latest {
  readonly board: Promise<Board>;
  readonly at: number;
  /** With what the director adds, once somebody has asked. */
  complete?: Promise<Board>;
}

/** The live board: followed while anybody wants to hear of its changes, read when somebody asks. */
export class BoardFeed implements AsyncDisposable {
  readonly #rooms: Rooms;
  readonly #clock: Clock;
  readonly #changed: (version: number) => void;
  #following: { readonly life: AbortController; readonly done: Promise<void> } | undefined;
  #latest: Latest | undefined;

  constructor(rooms: Rooms, clock: Clock, changed: (version: number) => void) {
    this.#rooms = rooms;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** The board as it is now, at most a second old. */
  read(): Promise<Board> {
    const now = this.#clock.monotonic();
    if (!this.#latest || now - this.#latest.at >= FRESH) {
      const board = this.#rooms.figures.call.board({});
      const latest = { board, at: now };
      this.#latest = latest;
      board.catch(() => {
        if (this.#latest === latest) this.#latest = undefined;
      });
    }
    return (this.#latest.complete ??= this.#withWaits(this.#latest.board));
  }

  /** Whether changes are to be followed. */
  want(wanted: boolean): void {
    if (wanted === (this.#following !== undefined)) return;
    if (!wanted) {
      this.#following?.life.abort();
      this.#following = undefined;
      return;
    }
    const life = new AbortController();
    const done = keepTrying((signal) => this.#follow(signal), {
      clock: this.#clock,
      signal: life.signal,
      failed: () => undefined, // whoever reads the board is told why it cannot be had
    });
    this.#following = { life, done };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const following = this.#following;
    this.want(false);
    await following?.done;
  }

  /** The director knows what no figure tells; without it the board lacks just that. */
  async #withWaits(figures: Promise<Board>): Promise<Board> {
    const board = await figures;
    const lines = liveLines(board);
    try {
      const { waits } = await this.#rooms.director.call.expectedWaits(
        { lines },
        { timeout: WAITS_WITHIN },
      );
      return withExpectedWaits(board, lines, waits);
    } catch (error) {
      if (error instanceof CallFailure || error instanceof Refusal) return board;
      throw error;
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const { event } of this.#rooms.figures.follow.board({ signal })) {
      this.#latest = { board: Promise.resolve(event), at: this.#clock.monotonic() };
      this.#changed(event.version);
    }
  }
}
