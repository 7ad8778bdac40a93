import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { type Clock, type Instant, type Milliseconds, seconds } from '#base/time.ts';
import type { Board } from '#domain/metrics/board.ts';
import { dayBegan, groupEdges } from '#domain/metrics/calendar.ts';
import { widened } from '#domain/metrics/interval.ts';
import type { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import type { ConfigurationFeed } from './configuration-feed.ts';
import type { FigureRequest, FigureRow } from './contract.ts';
import { figureRows } from './rules/figure-rows.ts';
import { figuresCsv } from './rules/figures-csv.ts';
import { makeBoard } from './rules/make-board.ts';

/** A range has at most so many intervals: 14 weeks of quarters of an hour. */
const MOST_INTERVALS = 10_000;

/** Rows in one answer: with all an agent's reasons they stay well below the bound of a message. */
const PAGE = 500;

/** No calendar of ours goes further. */
const LATEST: Instant = Date.UTC(9999, 0, 1);

/** Who asks may hang up; the board goes on for the others who wait for it. */
const BOARD_WITHIN: Milliseconds = seconds(10);

type PagedRequest = FigureRequest & { readonly after: number };

/** Reads figures, live and past, out of the data server's counts. */
export class FigureReader {
  readonly #multimedia: Client<typeof idsMultimedia>;
  readonly #configuration: ConfigurationFeed;
  readonly #clock: Clock;
  #board: Promise<Board> | undefined;

  constructor(
    multimedia: Client<typeof idsMultimedia>,
    configuration: ConfigurationFeed,
    clock: Clock,
  ) {
    this.#multimedia = multimedia;
    this.#configuration = configuration;
    this.#clock = clock;
  }

  /** The board of this moment. Those who ask while one is being made get that one. */
  board(): Promise<Board> {
    this.#board ??= this.#makeBoard(AbortSignal.timeout(BOARD_WITHIN)).finally(() => {
      this.#board = undefined;
    });
    return this.#board;
  }

  /** A page of figures. @throws {Refusal} `bad-range`. */
  async figures(request: PagedRequest, signal: AbortSignal) {
    await this.#configuration.loaded(signal);
    const { timeZone } = this.#configuration;
    const { by, queues, agents, after } = request;
    const edges = edgesOf(request, timeZone);
    const counts = await this.#multimedia.call.counts(
      { edges, by, queues, agents, after, limit: PAGE },
      { signal },
    );
    return {
      rows: figureRows(counts.rows, edges),
      next: counts.next,
      from: edges[0] ?? 0,
      to: edges.at(-1) ?? 0,
      timeZone,
    };
  }

  /** The same page as CSV. @throws {Refusal} `bad-range`. */
  async csv(request: PagedRequest, signal: AbortSignal) {
    const { rows, next, timeZone } = await this.figures(request, signal);
    const { current } = this.#configuration;
    const csv = figuresCsv(rows, {
      timeZone,
      header: request.after === 0,
      queueName: ({ queue }: FigureRow) => (queue ? current.nameOf('queue', queue) : ''),
      agentName: ({ agent }: FigureRow) => (agent ? current.nameOf('agent', agent) : ''),
    });
    return { csv, next };
  }

  async #makeBoard(signal: AbortSignal): Promise<Board> {
    await this.#configuration.loaded(signal);
    const { timeZone, current } = this.#configuration;
    const since = dayBegan(this.#clock.now(), timeZone);
    const live = await this.#multimedia.call.live({ since }, { signal });
    return makeBoard(live, current, { dayBegan: since, timeZone });
  }
}

function edgesOf({ from, to, interval }: FigureRequest, timeZone: string): Instant[] {
  if (from >= to || to > LATEST) {
    throw new Refusal(
      'bad-range',
      'A range begins before it ends, and ends before the year 9999',
      {},
    );
  }
  try {
    return groupEdges(widened({ from, to }), interval, timeZone, MOST_INTERVALS);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Refusal(
      'bad-range',
      `A range has at most ${MOST_INTERVALS} intervals: ask for longer intervals or less time`,
      { limit: MOST_INTERVALS },
    );
  }
}
