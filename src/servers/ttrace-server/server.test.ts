import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LineFeed, LineListener } from '#platform/lines/lines.ts';
import { portRow } from '#platform/ports/ports.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { TTRACE_ROWS } from './contract.ts';
import { startTtraceServer } from './server.ts';

test('what comes in by one row is shown on the second and handed out on the third, over a restart', async () => {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'ttrace-'));
  life.defer(() => rm(directory, { recursive: true }));
  const doors = new Map<string, LineListener | LineFeed>();
  const start = () => {
    const platform = new TestCentre().platform('ttrace-server', { directory });
    return startTtraceServer({
      ...platform,
      doors: {
        ...platform.doors,
        lines: async (row, handler) => {
          expect(portRow(row).destination).toBe('ttrace-server');
          doors.set(row, handler);
          return { [Symbol.asyncDispose]: async () => void doors.delete(row) };
        },
      },
    });
  };
  const feed = async (row: string, filter: unknown): Promise<unknown> => {
    const handler = doors.get(row);
    if (!handler || !('follow' in handler)) throw new Error('No feed');
    const request = {
      role: 'command-line',
      stream: row === TTRACE_ROWS.data ? 'data' : 'console',
      since: undefined,
      filter,
      acknowledged: () => undefined,
    };
    const stop = new AbortController();
    for await (const { event } of handler.follow(request, stop.signal)) {
      stop.abort();
      return event;
    }
    return undefined;
  };
  const at = Date.now();
  const entry = {
    at,
    component: 'media-director',
    instance: 'one',
    level: 'warning',
    event: 'offer.late',
  };
  {
    await using _ = await start();
    const listener = doors.get(TTRACE_ROWS.in);
    if (!listener || !('open' in listener)) throw new Error('No listener');
    const session = await listener.open({ role: 'media-director', stream: 'trace.one' });
    expect(await session.take([{ n: 1, event: entry }])).toBe(1);
    expect(await feed(TTRACE_ROWS.console, { last: 1 })).toEqual(entry);
  }
  expect([...doors.keys()]).toEqual([]);
  await using _ = await start();
  expect(await feed(TTRACE_ROWS.data, { from: at, to: at + 1 })).toEqual(entry);
  expect(await feed(TTRACE_ROWS.data, { from: at + 1, to: at + 2 })).toBeUndefined();
});
