import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Figures } from '#domain/metrics/metric.ts';
import { anchorOf } from '#servers/media-director/insight/anchors.ts';
import { PastState } from '#servers/media-director/insight/past-state.ts';
import { POLICY } from '#servers/media-director/testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '#servers/media-director/testing/deeds.ts';
import { KeptCentre } from '#servers/media-director/testing/kept-centre.ts';
import { StretchCount } from './stretch-figures.ts';

/** Figures that add up over stretches. */
const ADD_UP = ['offered', 'answered', 'abandoned', 'handled', 'handle-time'] as const;

const sumOf = (all: readonly Figures[]): (number | null)[] =>
  ADD_UP.map((id) => all.reduce((sum, figures) => sum + (figures[id] ?? 0), 0));

/** After these an open item does not say whether who had it last had answered it. */
const IN_DOUBT: ReadonlySet<string> = new Set([
  'pullBack',
  'vanish',
  'absenceOver',
  'parkBySupervisor',
]);

const someDeeds = fc.array(
  someDeed.filter(({ name }) => !IN_DOUBT.has(name)),
  { minLength: 20, maxLength: 120, size: 'max' },
);

test('StretchCount counts of two stretches what it counts of both together', async () => {
  const property = fc.asyncProperty(
    someDeeds,
    fc.integer({ min: 1, max: 99 }),
    async (deeds, percent) => {
      const centre = new KeptCentre(DEEDS_CENTRE);
      centre.ready(...Object.keys(DEEDS_CENTRE.agent));
      const began = centre.now;
      centre.live(deeds);
      const { history, journal, now } = centre;
      const parts = { history, policy: POLICY, signal: new AbortController().signal };
      const middle = began + Math.floor(((now - began) * percent) / 100);
      const count = async (from: number, to: number): Promise<Figures> => {
        const since = await history.positionBefore(from);
        const { state } = await PastState.at(since, parts);
        const counting = new StretchCount(anchorOf(state), from);
        for (const record of journal.slice(since, await history.positionBefore(to))) {
          counting.take(record);
        }
        return counting.figures(to).total;
      };
      const halves = [await count(0, middle), await count(middle, now + 1)];
      expect(sumOf(halves)).toEqual(sumOf([await count(0, now + 1)]));
    },
  );
  await fc.assert(property, { numRuns: 12 });
});
