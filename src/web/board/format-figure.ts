import type { MetricId } from '#domain/metrics/metric.ts';
import { formatDuration } from '#ui/time.ts';

const DURATIONS: ReadonlySet<MetricId> = new Set([
  'average-speed-of-answer',
  'handle-time',
  'average-handle-time',
  'oldest-waiting',
]);

/** A figure as people read it; a dash where there is nothing to say. */
export function formatFigure(id: MetricId, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (id === 'service-level') return `${Math.round(value * 10) / 10} %`;
  return DURATIONS.has(id) ? formatDuration(value) : String(value);
}
