import { z } from 'zod';
import { messageOf } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import { QueueId } from '#domain/ids.ts';
import type { Board } from '#domain/metrics/board.ts';
import type { LineFeed } from '#platform/lines/lines.ts';
import type { Platform } from '#platform/platform.ts';
import { READERS } from './contract.ts';
import type { FigureReader } from './figures.ts';
import { BOARD_EVERY, type News } from './news.ts';

/**
 * Follows the board: at once, then after changes, at most once per second. What fails is tried again.
 *
 * @yields Boards.
 */
export async function* followBoard(
  { figures, news, platform }: { figures: FigureReader; news: News; platform: Platform },
  signal: AbortSignal,
): AsyncGenerator<Board, void> {
  for await (const _ of news.version.follow(signal)) {
    try {
      yield await figures.board();
    } catch (error) {
      if (signal.aborted) return;
      platform.health.report('board', 'degraded', messageOf(error));
    }
    await pause(platform.clock, BOARD_EVERY, signal);
  }
}

const Filter = z.object({ queues: z.array(QueueId).max(1_000).optional() }).default({});

/** The board as JSON Lines: stream `board`, with `{"queues":[…]}` as filter for some of them. */
export function boardFeed(parts: {
  readonly figures: FigureReader;
  readonly news: News;
  readonly platform: Platform;
}): LineFeed {
  return {
    roles: READERS,
    async *follow({ stream, filter }, signal) {
      if (stream !== 'board') throw new Refusal('unknown-stream', `There is no stream "${stream}"`);
      const parsed = Filter.safeParse(filter);
      if (!parsed.success) throw new Refusal('bad-filter', 'A filter is {"queues":[…]}');
      const { queues } = parsed.data;
      let n = 0;
      for await (const board of followBoard(parts, signal)) {
        const shown = board.queues.filter(({ queue }) => !queues || queues.includes(queue));
        n += 1;
        yield { n, event: { ...board, queues: shown } };
      }
    },
  };
}
