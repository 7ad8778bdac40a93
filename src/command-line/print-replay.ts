/** A replay as people read it. */
import type { Instant } from '#base/time.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import type { QueueId } from '#domain/ids.ts';
import { METRICS, type Figures, type Metric, type MetricId } from '#domain/metrics/metric.ts';
import type { Proof } from '#servers/media-director/replay/prove.ts';
import type { Offer } from '#servers/media-director/replay/decide-again.ts';
import type { CourseName, WhatIf } from '#servers/media-director/replay/what-if.ts';
import type { StretchFigures } from './stretch-figures.ts';
import { formatTable } from './table.ts';
import { printTime } from './times.ts';

/** What a replay without a change tells. */
export interface ProofOutput extends Proof, StretchFigures {
  readonly type: 'proof';
  readonly from: Instant;
  readonly to: Instant;
  readonly events: number;
}

/** What a replay with a change tells. */
export interface WhatIfOutput extends WhatIf {
  readonly type: 'what-if';
  readonly from: Instant;
  readonly to: Instant;
  /** Kinds that the change does not name: they stayed as they were. */
  readonly kept: readonly DocumentKind[];
  readonly figures: ReadonlyMap<CourseName, StretchFigures>;
}

/** What people know things by. */
interface Names {
  nameOf(kind: DocumentKind, id: string): string;
}

/** What one looks at first, of all that is counted. */
const SHOWN: ReadonlySet<MetricId> = new Set([
  'offered',
  'answered',
  'abandoned',
  'service-level',
  'average-speed-of-answer',
  'oldest-waiting',
  'average-handle-time',
]);

const HEADINGS: Readonly<Record<CourseName, string>> = {
  'as-it-was': 'as it was',
  again: 'model',
  'with-change': 'with change',
};

export function printProof(output: ProofOutput, names: Names): string {
  const { decisions, same, byHand, differences } = output;
  const lines = [headingOf(output), verdictOf(decisions, same)];
  if (byHand > 0) lines.push(`${byHand} more were made by hand: there is nothing to decide again.`);
  const [first] = differences;
  if (first) {
    lines.push(
      `The first that differs, at position ${first.position}: ${offerOf(first.journaled, names)};`,
      `  again ${first.again ? offerOf(first.again, names) : 'it waits'}.`,
    );
  }
  const courses = new Map([['as-it-was', output] as const]);
  return [...lines, '', figuresOf(courses, names)].join('\n');
}

function verdictOf(decisions: number, same: number): string {
  if (decisions === 0) return 'No offer was made.';
  if (same < decisions) return `${same} of ${decisions} offers came out the same.`;
  return decisions === 1
    ? 'The only offer came out the same.'
    : `All of ${decisions} offers came out the same.`;
}

export function printWhatIf(output: WhatIfOutput, names: Names): string {
  const { turnedAway, kept, figures, isHandlingKnown } = output;
  const lines = [headingOf(output), changeOf(output, names)];
  if (kept.length > 0)
    lines.push(`As it was, for the change does not name it: ${kept.join(', ')}.`);
  for (const course of ['again', 'with-change'] as const) {
    if (turnedAway[course] === 0) continue;
    const contacts = turnedAway[course] === 1 ? '1 contact' : `${turnedAway[course]} contacts`;
    lines.push(`${contacts} found their queue full or closed (${HEADINGS[course]}).`);
  }
  if (!isHandlingKnown) {
    lines.push(
      'How long contacts take cannot be told: nobody was answered. The last two columns assume 4 minutes.',
    );
  }
  return [
    ...lines,
    '',
    figuresOf(figures, names),
    '',
    'model: the same stretch decided anew without the change; hold the last column against it.',
    'Customers come, lose patience and take as long as they did; whoever is offered something takes it; see docs/operations/replay.md.',
  ].join('\n');
}

const headingOf = ({ from, to, events }: { from: Instant; to: Instant; events: number }): string =>
  `${printTime(from)} to ${printTime(to)}, ${events} events.`;

function changeOf({ retired, newAgents }: WhatIf, names: Names): string {
  const called = newAgents.map((id) => names.nameOf('agent', id)).join(', ');
  const parts = [
    ...(newAgents.length > 0
      ? [
          `${called} ${newAgents.length === 1 ? 'is' : 'are'} new, logged in and ready all the while`,
        ]
      : []),
    ...(retired.length > 0
      ? [`without ${retired.map(({ kind, id }) => `${kind} ${names.nameOf(kind, id)}`).join(', ')}`]
      : []),
  ];
  return parts.length === 0 ? 'Other rules, the same agents.' : `${parts.join('; ')}.`;
}

const offerOf = ({ item, agent, choice }: Offer, names: Names): string =>
  `${item} to ${names.nameOf('agent', agent)} (${choice.rule}, of ${choice.candidates})`;

/** All queues together, then each: a row a figure, a column a course. */
function figuresOf(courses: ReadonlyMap<CourseName, StretchFigures>, names: Names): string {
  const order = [...courses.keys()];
  const queues = new Set([...courses.values()].flatMap((course) => [...course.queues.keys()]));
  const rows = (title: string, of: (course: StretchFigures) => Figures | undefined): string[][] => [
    [title],
    ...METRICS.filter(({ id }) => SHOWN.has(id)).map((metric) => [
      `  ${metric.name}`,
      ...order.map((name) => {
        const course = courses.get(name);
        return printFigure(metric, (course && of(course))?.[metric.id] ?? null);
      }),
    ]),
  ];
  const cells = [
    ['', ...order.map((name) => HEADINGS[name])],
    ...rows('All queues', ({ total }) => total),
    ...[...queues]
      .map((queue: QueueId) => ({ queue, name: names.nameOf('queue', queue) }))
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .flatMap(({ queue, name }) => [[''], ...rows(name, ({ queues }) => queues.get(queue))]),
  ];
  return formatTable(rightAligned(cells));
}

function printFigure({ unit }: Metric, value: number | null): string {
  if (value === null) return '-';
  if (unit === 'percent') return `${value.toFixed(1)} %`;
  if (unit === 'contacts') return `${value}`;
  const total = Math.round(value / 1_000);
  const [hours, minutes, seconds] = [total / 3_600, (total / 60) % 60, total % 60].map(Math.floor);
  const two = (n = 0): string => `${n}`.padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** Numbers stand under each other. */
function rightAligned(rows: readonly string[][]): string[][] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell : cell.padStart(widths[at] ?? 0))),
  );
}
