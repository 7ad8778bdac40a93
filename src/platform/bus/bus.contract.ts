/** What every bus promises: one suite for all of them. */
import { setImmediate as immediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { LONGEST_NOTICE } from './bus.ts';
import type { Bus } from './bus.ts';

/** Two ends of one bus, as two processes see it; in one process both are the same. */
export interface BusEnds extends AsyncDisposable {
  readonly here: Bus;
  readonly there: Bus;
}

export function busContract(name: string, open: () => Promise<BusEnds>): void {
  test(`${name}: publish() reaches every subscriber of the topic, in order, at both ends`, async () => {
    await using ends = await open();
    const heard: Record<string, string[]> = { here: [], there: [], other: [] };
    await ends.here.subscribe('a', { heard: (payload) => heard['here']?.push(payload) });
    await ends.there.subscribe('a', { heard: (payload) => heard['there']?.push(payload) });
    await ends.there.subscribe('b', { heard: (payload) => heard['other']?.push(payload) });
    const sent = Array.from({ length: 100 }, (_, n) => `${n}`);
    for (const payload of sent) ends.here.publish('a', payload);
    await vi.waitFor(() => expect(heard).toEqual({ here: sent, there: sent, other: [] }), 5_000);
  });

  test(`${name}: publish() delivers equal notices separately, line breaks and all`, async () => {
    await using ends = await open();
    const heard: string[] = [];
    await ends.there.subscribe('a', { heard: (payload) => heard.push(payload) });
    for (let n = 0; n < 3; n++) ends.here.publish('a', 'same\n\nénough');
    await vi.waitFor(() => expect(heard).toEqual(Array(3).fill('same\n\nénough')), 5_000);
  });

  test(`${name}: publish() never runs a subscriber inside its own call`, async () => {
    await using ends = await open();
    let isInside = true;
    const heard = Promise.withResolvers<boolean>();
    await ends.here.subscribe('a', { heard: () => heard.resolve(isInside) });
    ends.here.publish('a', '');
    isInside = false;
    expect(await heard.promise).toBe(false);
  });

  test(`${name}: publish() takes the longest notice and refuses one byte more`, async () => {
    await using ends = await open();
    const heard: number[] = [];
    await ends.there.subscribe('a', { heard: (payload) => heard.push(payload.length) });
    ends.here.publish('a', 'x'.repeat(LONGEST_NOTICE - 1));
    expect(() => ends.here.publish('a', 'x'.repeat(LONGEST_NOTICE))).toThrow(RangeError);
    expect(() => ends.here.publish('a\nb', '')).toThrow(RangeError);
    await vi.waitFor(() => expect(heard).toEqual([LONGEST_NOTICE - 1]), 5_000);
  });

  test(`${name}: a disposed subscription hears nothing more, and the others go on`, async () => {
    await using ends = await open();
    const heard: string[] = [];
    const first = await ends.there.subscribe('a', {
      heard: (payload) => heard.push(`1${payload}`),
    });
    await ends.there.subscribe('a', { heard: (payload) => heard.push(`2${payload}`) });
    await first[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
    ends.here.publish('a', 'x');
    await vi.waitFor(() => expect(heard).toEqual(['2x']), 5_000);
    await immediate();
    expect(heard).toEqual(['2x']);
  });
}
