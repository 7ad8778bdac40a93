import type { Board, BoardQueue } from '#domain/metrics/board.ts';
import { CHANNELS, type Channel, type QueueId } from '#domain/ids.ts';
import { isLive } from '#domain/queue/admission.ts';

type Wait = NonNullable<BoardQueue['expectedWait']>;

/** A queue's line of one channel. */
export interface Line {
  readonly queue: QueueId;
  readonly channel: Channel;
}

const LIVE = CHANNELS.filter((channel) => isLive({ channel }));

/** The lines of all queues in which customers wait at the other end. */
export const liveLines = ({ queues }: Board): Line[] =>
  queues.flatMap(({ queue }) => LIVE.map((channel) => ({ queue, channel })));

/** The board with what a new customer can expect: of a queue's lines the longest wait, where any is known. */
export function withExpectedWaits(
  board: Board,
  lines: readonly Line[],
  waits: readonly (Wait | null)[],
): Board {
  const longest = new Map<QueueId, Wait>();
  lines.forEach(({ queue }, at) => {
    const wait = waits[at];
    if (wait && wait.most >= (longest.get(queue)?.most ?? 0)) longest.set(queue, wait);
  });
  const queues = board.queues.map((row) => {
    const expectedWait = longest.get(row.queue);
    return expectedWait ? { ...row, expectedWait } : row;
  });
  return { ...board, queues };
}
