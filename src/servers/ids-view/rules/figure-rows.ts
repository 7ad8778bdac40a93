import type { z } from 'zod';
import type { Instant } from '#base/time.ts';
import { METRICS, type MetricId, figuresOf } from '#domain/metrics/metric.ts';
import type { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import type { FigureRow } from '../contract.ts';

type CountRows = z.infer<(typeof idsMultimedia)['methods']['counts']['result']>['rows'];

/** Which version of which metric figures follow; every report carries it. */
export const METRIC_VERSIONS: readonly { readonly metric: MetricId; readonly version: number }[] =
  METRICS.map(({ id, version }) => ({ metric: id, version }));

/** Turns counts into figures by the dictionary. */
export function figureRows(rows: CountRows, edges: readonly Instant[]): FigureRow[] {
  return rows.map(({ range, queue, agent, counts, times }) => ({
    from: edges[range] ?? 0,
    to: edges[range + 1] ?? 0,
    queue,
    agent,
    figures: figuresOf(counts, agent === undefined ? 'queue' : 'agent'),
    offers: { made: counts.offers, declined: counts.declined, unanswered: counts.unanswered },
    times,
  }));
}
