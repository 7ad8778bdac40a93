import { stringify } from 'csv-stringify/sync';
import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#base/time.ts';
import { METRICS } from '#domain/metrics/metric.ts';
import type { ActivityTime, FigureRow } from '../contract.ts';

const UNIT_ENDING = { contacts: '', percent: '-percent', ms: '-ms' } as const;
const ACTIVITIES: readonly ActivityTime['activity'][] = [
  'logged-in',
  'ready',
  'busy',
  'wrap-up',
  'not-ready',
];

/** Metrics carry their unit and version: `service-level-percent@1`. */
const HEADER: readonly string[] = [
  'from',
  'to',
  'queue',
  'queue-name',
  'agent',
  'agent-name',
  ...METRICS.map(({ id, unit, version }) => `${id}${UNIT_ENDING[unit]}@${version}`),
  'offers',
  'declined',
  'unanswered',
  ...ACTIVITIES.map((activity) => `${activity}-ms`),
];

/**
 * Figures as CSV (RFC 4180), the same numbers as the API gives, unrounded; empty where there is nothing to
 * say. Times are those of the organisation's clocks, with their distance from UTC. No cell can be taken for
 * a formula by a spreadsheet.
 */
export function figuresCsv(
  rows: readonly FigureRow[],
  options: {
    readonly timeZone: string;
    readonly header: boolean;
    readonly queueName: (row: FigureRow) => string;
    readonly agentName: (row: FigureRow) => string;
  },
): string {
  const { timeZone, header } = options;
  const records = rows.map((row) => [
    localTime(row.from, timeZone),
    localTime(row.to, timeZone),
    row.queue,
    options.queueName(row),
    row.agent,
    options.agentName(row),
    ...METRICS.map(({ id }) => row.figures[id]),
    row.offers.made,
    row.offers.declined,
    row.offers.unanswered,
    ...ACTIVITIES.map((activity) => timeIn(row, activity)),
  ]);
  return stringify(header ? [HEADER, ...records] : records, {
    record_delimiter: 'windows',
    escape_formulas: true,
  });
}

function timeIn({ times }: FigureRow, activity: ActivityTime['activity']): number | undefined {
  return times
    ?.filter((time) => time.activity === activity)
    .reduce((sum, { time }) => sum + time, 0);
}

const localTime = (at: Instant, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(timeZone)
    .toString({ timeZoneName: 'never', smallestUnit: 'minute' });
