import { expect, test } from 'vitest';
import type { Board } from '#domain/metrics/board.ts';
import { QueueId } from '#domain/ids.ts';
import { liveLines, withExpectedWaits } from './expected-waits.ts';

const row = (queue: string): Board['queues'][number] => ({
  queue: QueueId.parse(queue),
  waiting: 0,
  oldestWaitingSince: null,
  withAgents: 0,
  parked: 0,
  agents: { busy: 0, 'wrap-up': 0, ready: 0, 'not-ready': 0 },
  figures: {} as Board['queues'][number]['figures'],
});
const board: Board = {
  version: 1,
  at: 0,
  dayBegan: 0,
  timeZone: 'UTC',
  queues: [row('sales'), row('support')],
  agents: [],
  balance: { entered: 0, ended: 0, open: 0, difference: 0 },
};

test('liveLines() are those in which customers wait at the other end', () => {
  expect(liveLines(board).map(({ queue, channel }) => `${queue} ${channel}`)).toEqual([
    'sales voice',
    'sales web-chat',
    'sales xmpp',
    'support voice',
    'support web-chat',
    'support xmpp',
  ]);
});

test('withExpectedWaits() tells the longest wait of a queue, and nothing where none is known', () => {
  const waits = [null, { least: 1, most: 9 }, { least: 0, most: 0 }, null, null, null];
  const { queues } = withExpectedWaits(board, liveLines(board), waits);
  expect(queues).toEqual([
    { ...row('sales'), expectedWait: { least: 1, most: 9 } },
    row('support'),
  ]);
});
