/**
 * The metric dictionary: what each figure means, once. Board, reports, API and CSV ask these same
 * definitions; a change of meaning is a new version, and every report carries the versions it used.
 */
import { z } from 'zod';
import type { Counts } from './counts.ts';

export const METRIC_IDS = [
  'offered',
  'answered',
  'abandoned',
  'service-level',
  'average-speed-of-answer',
  'handle-time',
  'oldest-waiting',
  'handled',
  'average-handle-time',
] as const;
export const MetricId = z.enum(METRIC_IDS);
export type MetricId = z.infer<typeof MetricId>;

/** A metric as people and programs read about it. */
export const MetricDescription = z.object({
  id: MetricId,
  name: z.string(),
  /** Rises when the meaning changes. */
  version: z.int().min(1),
  /** In words. */
  formula: z.string(),
  unit: z.enum(['contacts', 'percent', 'ms']),
  /** The events of the director's journal that it counts. */
  events: z.array(z.string()),
  /** What is not counted, though one might think so. */
  exclusions: z.array(z.string()),
  /** What it can be asked of: an agent has no arrivals. */
  of: z.array(z.enum(['queue', 'agent'])),
});
export type MetricDescription = z.infer<typeof MetricDescription>;

/** A metric with its formula. */
export interface Metric extends MetricDescription {
  /** Its value for whatever was counted; null where nothing was (an average of nothing). */
  readonly compute: (counts: Counts) => number | null;
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value);

const BEYOND = 'Of what lasts longer than 31 days at a stretch, all behind the first 31.';

const dictionary: Readonly<Record<MetricId, Omit<Metric, 'id'>>> = {
  offered: {
    name: 'Offered',
    version: 1,
    formula: 'Passes that entered the queue.',
    unit: 'contacts',
    events: ['work-item-entered'],
    exclusions: [
      'A contact that comes back to its queue (declined, no answer, woken, agent vanished) is still the same pass.',
      'A transfer is a new pass, of the queue it goes to.',
    ],
    of: ['queue'],
    compute: (counts) => counts.entered,
  },
  answered: {
    name: 'Answered',
    version: 1,
    formula: 'Passes that an agent accepted, counted at the first acceptance.',
    unit: 'contacts',
    events: ['work-item-accepted'],
    exclusions: ['A later acceptance of the same pass, after it came back to the queue.'],
    of: ['queue', 'agent'],
    compute: (counts) => counts.answered,
  },
  abandoned: {
    name: 'Abandoned',
    version: 1,
    formula: 'Passes whose customer left before any agent had accepted.',
    unit: 'contacts',
    events: ['work-item-closed'],
    exclusions: [
      'Customers who leave after an agent had accepted, also while they wait again.',
      'Passes that a supervisor or a store closed.',
    ],
    of: ['queue'],
    compute: (counts) => counts.abandoned,
  },
  'service-level': {
    name: 'Service level',
    version: 1,
    formula:
      'Of the passes that had their service-level event (answered, abandoned or threshold passed, whichever came first), the percentage answered within the threshold.',
    unit: 'percent',
    events: ['work-item-accepted', 'work-item-closed', 'service-level-missed'],
    exclusions: [
      'Passes still waiting within the threshold: they have had no event yet.',
      'Passes that left unanswered within the threshold without being abandoned: transferred, merged or closed by force.',
      'Passes of a queue without a threshold.',
    ],
    of: ['queue'],
    compute: (counts) => {
      const met = ratio(counts.serviceLevelMet, counts.serviceLevelMet + counts.serviceLevelMissed);
      return met === null ? null : met * 100;
    },
  },
  'average-speed-of-answer': {
    name: 'Average speed of answer',
    version: 1,
    formula: 'Time from entering the queue to the first acceptance, added up ÷ answered.',
    unit: 'ms',
    events: ['work-item-accepted'],
    exclusions: ['The wait of contacts that were abandoned or are still waiting.'],
    of: ['queue', 'agent'],
    compute: (counts) => rounded(ratio(counts.answerWait, counts.answered)),
  },
  'handle-time': {
    name: 'Handle time',
    version: 1,
    formula:
      'Time that agents had contacts: every segment from acceptance to its end, and its wrap-up. Split over the intervals it lasted through.',
    unit: 'ms',
    events: ['work-item-accepted', 'segment-ended', 'wrap-up-started', 'wrap-up-ended'],
    exclusions: ['Time in which the contact was parked.', BEYOND],
    of: ['queue', 'agent'],
    compute: (counts) => counts.handleTime,
  },
  'oldest-waiting': {
    name: 'Oldest waiting',
    version: 1,
    formula:
      'How long the contact that has waited longest has been waiting for an agent without a break: now, or in a report the longest at any moment of the range.',
    unit: 'ms',
    events: ['work-item-entered', 'work-item-requeued', 'work-item-accepted'],
    exclusions: ['Time before this pass, with an agent, or parked.', BEYOND],
    of: ['queue'],
    compute: (counts) => counts.longestWait,
  },
  handled: {
    name: 'Handled',
    version: 1,
    formula: 'Segments that ended: each is one agent’s part in a pass.',
    unit: 'contacts',
    events: ['segment-ended'],
    exclusions: [],
    of: ['queue', 'agent'],
    compute: (counts) => counts.handled,
  },
  'average-handle-time': {
    name: 'Average handle time',
    version: 1,
    formula: 'Handle time ÷ handled.',
    unit: 'ms',
    events: ['work-item-accepted', 'segment-ended', 'wrap-up-started', 'wrap-up-ended'],
    exclusions: ['As for handle time.'],
    of: ['queue', 'agent'],
    compute: (counts) => rounded(ratio(counts.handleTime, counts.handled)),
  },
};

/** All metrics, in the order people read them. */
export const METRICS: readonly Metric[] = METRIC_IDS.map((id) => ({ id, ...dictionary[id] }));

/** Metric id → value; null where there is nothing to say. */
export const Figures = z.record(MetricId, z.number().nullable());
export type Figures = z.infer<typeof Figures>;

const NO_FIGURES: Figures = {
  offered: null,
  answered: null,
  abandoned: null,
  'service-level': null,
  'average-speed-of-answer': null,
  'handle-time': null,
  'oldest-waiting': null,
  handled: null,
  'average-handle-time': null,
};

/** The figures of whatever was counted. The only place where counts become figures. */
export function figuresOf(counts: Counts, of: 'queue' | 'agent'): Figures {
  const figures = { ...NO_FIGURES };
  for (const metric of METRICS) {
    if (metric.of.includes(of)) figures[metric.id] = metric.compute(counts);
  }
  return figures;
}
