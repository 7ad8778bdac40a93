import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { ManualClock, minutes } from '#base/time.ts';
import type { TracesOptions } from './open-traces.ts';
import { openTraces } from './open-traces.ts';
import type { TraceEntry } from './trace.ts';

const clock = new ManualClock(Date.UTC(2026, 0, 1));

function printed(options: Partial<TracesOptions>) {
  const output = new PassThrough();
  const traces = openTraces({ instance: 'i1', clock, output, ...options });
  return { trace: traces.of('media-director'), traces, text: () => String(output.read() ?? '') };
}

test('Trace writes one line an entry for people', () => {
  const { trace, text } = printed({ format: 'text' });
  trace.info('work-item.offered', { agent: 17, queue: 'sales desk', why: undefined });
  trace.fault('journal.stopped', new Error('Cannot write', { cause: new Error('disk\nfull') }));
  expect(text()).toBe(
    '2026-01-01T00:00:00.000Z info    media-director work-item.offered agent=17 queue="sales desk"\n' +
      '2026-01-01T00:00:00.000Z FAULT   media-director journal.stopped — Cannot write ← disk\\nfull\n',
  );
});

test('Trace writes JSON lines for programs', () => {
  const { trace, text } = printed({});
  trace.warning('lease.late', { by: 30 }, new Error('gone'));
  expect(JSON.parse(text())).toEqual({
    at: '2026-01-01T00:00:00.000Z',
    component: 'media-director',
    instance: 'i1',
    level: 'warning',
    event: 'lease.late',
    detail: { by: 30 },
    cause: 'gone',
  });
});

test('Trace makes no entries below its level', () => {
  const { trace, traces, text } = printed({ level: 'warning' });
  trace.debug('a');
  trace.info('b');
  trace.warning('c');
  expect([traces.recent().map((entry) => entry.event), text().match(/"event":"."/g)]).toEqual([
    ['c'],
    ['"event":"c"'],
  ]);
});

test('Trace keeps what it does not print', () => {
  const { trace, traces, text } = printed({ printLevel: 'fault' });
  trace.info('kept');
  expect([traces.recent().map((entry) => entry.event), text()]).toEqual([['kept'], '']);
});

test('Trace masks card numbers and secrets, bounds depth, width and length, and survives any detail', () => {
  const { trace, traces } = printed({});
  const circle: Record<string, unknown> = { name: 'circle' };
  circle['self'] = circle;
  trace.info('hostile', {
    text: 'pay with 4111 1111 1111 1111',
    number: 4111111111111111,
    accessToken: 'abc',
    long: 'x'.repeat(2_000),
    list: Array.from({ length: 100 }, (_, at) => at),
    bytes: Buffer.alloc(5),
    error: new Error('inner'),
    big: 10n,
    circle,
  });
  trace.info('thrower', {
    get boom(): string {
      throw new Error('no');
    },
  });
  const [hostile, thrower] = traces.recent().map((entry) => entry.detail);
  expect(hostile).toMatchObject({
    text: 'pay with •••• •••• •••• 1111',
    number: '••••••••••••1111',
    accessToken: '[secret]',
    long: `${'x'.repeat(1_000)}…`,
    bytes: '[5 bytes]',
    error: 'inner',
    big: '10',
    circle: { name: 'circle', self: { self: { self: '[…]' } } },
  });
  expect(hostile?.['list']).toHaveLength(33);
  expect(thrower).toEqual({ unreadable: 'no' });
});

test('a flood of one warning leaves room for all else, and is counted', () => {
  const elapsing = new ManualClock();
  const { trace, traces } = printed({ clock: elapsing });
  for (let count = 0; count < 250; count++) trace.warning('door.refused', { reason: 'no hello' });
  trace.warning('lease.late');
  trace.fault('journal.stopped', 'disk full');
  const events = traces.recent().map(({ event }) => event);
  expect([events.length, events.slice(-3)]).toEqual([
    102,
    ['door.refused', 'lease.late', 'journal.stopped'],
  ]);
  elapsing.advance(minutes(1));
  trace.warning('door.refused', { reason: 'no hello' });
  expect(traces.recent().at(-1)?.detail).toEqual({ reason: 'no hello', untold: 150 });
});

test('recent() keeps the last entries in order; attach() hands them on, then each new one', () => {
  const { trace, traces } = printed({ keep: 3 });
  for (const event of ['a', 'b', 'c', 'd']) trace.info(event);
  const seen: TraceEntry[] = [];
  const sink = traces.attach({ take: (entries) => seen.push(...entries) });
  trace.info('e');
  sink[Symbol.dispose]();
  trace.info('f');
  expect(seen.map((entry) => entry.event)).toEqual(['b', 'c', 'd', 'e']);
  expect(traces.recent().map((entry) => entry.event)).toEqual(['d', 'e', 'f']);
});

test('a reader of the output that is slow or gone costs entries, never memory or the process', () => {
  const output = new Writable({ highWaterMark: 1, write: () => undefined });
  const traces = openTraces({ instance: 'i1', clock, output, format: 'json' });
  const trace = traces.of('media-director');
  for (let n = 0; n < 2_000; n++) trace.info('flood', { text: 'x'.repeat(900) });
  output.destroy(new Error('EPIPE'));
  trace.info('after');
  expect(output.writableLength).toBeLessThan(1_100_000);
  expect(traces.dropped).toBeGreaterThan(500);
});
