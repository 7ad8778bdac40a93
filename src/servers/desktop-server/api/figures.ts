import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { AgentId, Instant, QueueId } from '#domain/ids.ts';
import { Board } from '#domain/metrics/board.ts';
import { Figures, MetricDescription, MetricId } from '#domain/metrics/metric.ts';

/** Ids with commas between them. */
const Ids = z
  .string()
  .max(8_000)
  .regex(/^[a-z0-9._-]+(?:,[a-z0-9._-]+)*$/, { error: 'ids with commas between them' });

/** Which figures: a range that is widened to whole quarters of an hour, of queues or of agents. */
const FigureQuery = z.object({
  /** Milliseconds UTC since 1970. */
  from: z.coerce.number().int().min(0),
  /** Not in the range any more. */
  to: z.coerce.number().int().min(0),
  interval: z.enum(['15min', 'hour', 'day', 'total']).default('total'),
  /** `centre`: all queues as one row. */
  by: z.enum(['queue', 'agent', 'centre']).default('queue'),
  queues: Ids.optional(),
  agents: Ids.optional(),
});

export const FigureRow = z.object({
  from: Instant,
  to: Instant,
  queue: QueueId.optional(),
  agent: AgentId.optional(),
  figures: Figures,
  offers: z.object({ made: z.int(), declined: z.int(), unanswered: z.int() }),
  /** Of an agent's row that is not narrowed to queues: how the time was spent, in milliseconds. */
  times: z
    .array(z.object({ activity: z.string(), reason: z.string().optional(), time: z.int() }))
    .optional(),
});
export type FigureRow = z.infer<typeof FigureRow>;

/** Figures, live and past; each is defined once, in the metric dictionary. */
export const figuresApi = defineApi({
  board: {
    method: 'GET',
    path: '/board',
    result: Board,
    roles: ['supervisor'],
    summary: 'Everything a live board shows, of this moment and of today.',
  },
  figures: {
    method: 'GET',
    path: '/figures',
    query: FigureQuery.extend({ after: z.coerce.number().int().min(0).default(0) }),
    result: z.object({
      rows: z.array(FigureRow),
      /** There are more rows: ask again with this as `after`. */
      next: z.int().optional(),
      /** The range as widened. */
      from: Instant,
      to: Instant,
      timeZone: z.string(),
      /** Which version of which metric the figures follow. */
      versions: z.array(z.object({ metric: MetricId, version: z.int() })),
    }),
    roles: ['supervisor', 'administrator'],
    summary: 'Figures of queues or agents by interval, at most 1,000 rows at once.',
    errors: { 'bad-range': 422 },
  },
  figuresCsv: {
    method: 'GET',
    path: '/figures.csv',
    query: FigureQuery,
    result: 'text/csv',
    roles: ['supervisor', 'administrator'],
    summary: 'The same figures as CSV, all rows.',
    errors: { 'bad-range': 422 },
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    result: z.object({ metrics: z.array(MetricDescription) }),
    roles: ['everybody'],
    summary: 'What every figure means: formula, unit, events, exclusions.',
  },
});
