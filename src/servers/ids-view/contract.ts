/**
 * What IDS View promises: the single door for reading figures, live and past. It owns nothing; every
 * figure comes from the metric dictionary, so board, report, API and CSV cannot disagree.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { AgentId, ContactId, Instant, QueueId, WorkItemId } from '#domain/ids.ts';
import { Board } from '#domain/metrics/board.ts';
import { HistoryItem } from '#domain/metrics/history.ts';
import { Figures, MetricDescription, MetricId } from '#domain/metrics/metric.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';

/** Who reads figures: desktops and the API, wallboards and other programs with a token of their own. */
export const READERS = ['desktop-server', 'ids-view-client'] as const;

/** Rows are quarters of an hour; `hour` and `day` are the organisation's, on 23- and 25-hour days too. */
export const FigureInterval = z.enum(['15min', 'hour', 'day', 'total']);
export type FigureInterval = z.infer<typeof FigureInterval>;

/** Which figures: a range that is widened to whole quarters of an hour, of queues or of agents. */
export const FigureRequest = z.object({
  from: Instant,
  /** Not in the range any more. */
  to: Instant,
  interval: FigureInterval.default('total'),
  /** `centre`: all queues as one row. */
  by: z.enum(['queue', 'agent', 'centre']).default('queue'),
  /** Only these; left out: all. With `by: 'agent'`, only what the agents did for these queues. */
  queues: z.array(QueueId).max(1_000).optional(),
  /** Only these, with `by: 'agent'`. */
  agents: z.array(AgentId).max(1_000).optional(),
});
export type FigureRequest = z.infer<typeof FigureRequest>;

/** How long an agent was in an activity within a row's interval. */
export const ActivityTime = z.object({
  activity: z.enum(['logged-in', 'busy', 'wrap-up', 'ready', 'not-ready']),
  /** Why not ready. */
  reason: z.string().optional(),
  time: z.int().min(0),
});
export type ActivityTime = z.infer<typeof ActivityTime>;

export const FigureRow = z.object({
  from: Instant,
  to: Instant,
  queue: QueueId.optional(),
  agent: AgentId.optional(),
  figures: Figures,
  /** Offers made, and how those ended that were not accepted. */
  offers: z.object({ made: z.int(), declined: z.int(), unanswered: z.int() }),
  /** Of an agent's row that is not narrowed to queues: how the time was spent. */
  times: z.array(ActivityTime).optional(),
});
export type FigureRow = z.infer<typeof FigureRow>;

const rangeErrors = {
  /** `from` is not before `to`, or the range has more intervals than `limit`. */
  'bad-range': z.object({ limit: z.int().optional() }),
};

export const idsView = defineContract({
  name: 'ids-view',
  version: 1,
  methods: {
    /** Everything a live board shows, of this moment and of today. */
    board: { params: z.object({}), result: Board, roles: READERS, idempotent: true },
    /**
     * Figures by interval; intervals and queues or agents without any events are left out. At most 500
     * rows at once, in the order of time, then id: go on behind `next` until there is none.
     */
    figures: {
      params: FigureRequest.extend({ after: z.int().min(0).default(0) }),
      result: z.object({
        rows: z.array(FigureRow),
        next: z.int().optional(),
        /** The range as widened. */
        from: Instant,
        to: Instant,
        timeZone: z.string(),
        /** Which version of which metric the figures follow. */
        versions: z.array(z.object({ metric: MetricId, version: z.int() })),
      }),
      errors: rangeErrors,
      roles: READERS,
      idempotent: true,
    },
    /** The same figures as CSV with a header row on the first page; go on behind `next` until there is none. */
    figuresCsv: {
      params: FigureRequest.extend({ after: z.int().min(0).default(0) }),
      result: z.object({ csv: z.string(), next: z.int().optional() }),
      errors: rangeErrors,
      roles: READERS,
      idempotent: true,
    },
    /** A contact's passes through queues, newest first, open ones too; those that entered before `before` when given. */
    contactHistory: {
      params: z.object({
        contact: ContactId,
        before: Instant.optional(),
        limit: z.int().min(1).max(200).default(50),
      }),
      result: z.object({ items: z.array(HistoryItem) }),
      roles: READERS,
      idempotent: true,
    },
    /** All that happened to one work item, in order: every offer with why this agent, every ending with its reason; at most the first 2,000 events. */
    workItemHistory: {
      params: z.object({ item: WorkItemId }),
      result: z.object({ item: HistoryItem, records: z.array(DirectorRecord) }),
      errors: { 'unknown-item': z.object({ item: WorkItemId }) },
      roles: READERS,
      idempotent: true,
    },
    /** What every figure means. */
    metrics: {
      params: z.object({}),
      result: z.object({ metrics: z.array(MetricDescription) }),
      roles: READERS,
      idempotent: true,
    },
  },
  streams: {
    /** The board, at once and then after changes, at most once per second. Of the moment: it has no cursor. */
    board: { event: Board, roles: READERS },
  },
});
