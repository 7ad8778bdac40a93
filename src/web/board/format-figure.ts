import type { BoardQueue } from '#domain/metrics/board.ts';
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

/** How long somebody will wait, as an interval; a dash where nobody can tell. */
export function formatWait(wait: BoardQueue['expectedWait']): string {
  if (!wait) return '–';
  if (wait.most === 0) return 'at once';
  return `${formatDuration(wait.least)}–${formatDuration(wait.most)}`;
}
