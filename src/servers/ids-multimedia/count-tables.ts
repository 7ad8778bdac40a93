/** Counts, as `multimedia_data` holds them and as they go on. */
import type { z } from 'zod';
import type { Instant } from '#base/time.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import { COUNT_NAMES, type Counts, noCounts } from '#domain/metrics/counts.ts';
import type { Transaction } from '#platform/database/database.ts';
import type { idsMultimedia } from './contract.ts';
import { countLive } from './rules/count-live.ts';
import type { Live } from './rules/live.ts';
import { columnOf, timestamp } from './statements.ts';

type CountsRequest = z.infer<(typeof idsMultimedia)['methods']['counts']['params']>;
export type CountsAnswer = z.infer<(typeof idsMultimedia)['methods']['counts']['result']>;

/** A moment: what goes on, by whose clock, and a transaction that sees the tables as of then. */
export interface Moment {
  readonly tx: Transaction;
  readonly live: Live;
  readonly now: Instant;
}

/** What a row is of. */
const ID: Readonly<Record<CountsRequest['by'], string>> = {
  queue: 'queue',
  agent: 'agent',
  centre: `''`,
};

/** Adds columns up, by the names they then have. */
const sums = (columnFor: (name: keyof Counts) => string): string =>
  COUNT_NAMES.map((name) => {
    const add = name === 'longestWait' ? 'max' : 'sum';
    return `${add}(${columnFor(name)})::bigint as "${name}"`;
  }).join(', ');

const STORED_SUMS = sums(columnOf);
const SUMS = sums((name) => `"${name}"`);
const COLUMNS = COUNT_NAMES.map((name) => `"${name}"`).join(', ');
const SHAPE = COUNT_NAMES.map((name) => `"${name}" bigint`).join(', ');
const NO_COUNTS = COUNT_NAMES.map(() => '0').join(', ');

const RANGE = 'width_bucket(begins, $1::timestamptz[]) - 1';
const WITHIN = `begins >= ($1::timestamptz[])[1]
      and begins < ($1::timestamptz[])[cardinality($1::timestamptz[])]`;
const NARROWED = `($3::text[] is null or queue = any($3)) and ($4::text[] is null or agent = any($4))`;

/**
 * Counts by range and queue or agent: what is stored and what goes on now. Rows are added up before
 * they meet what goes on, since integers add up several times faster than the numerics that sums are.
 */
const countStatement = (by: CountsRequest['by']): string => {
  const wanted = by === 'agent' ? `agent <> '' and ${NARROWED}` : NARROWED;
  return `
  with known as (
    select ${RANGE} as range, ${ID[by]} as id, ${STORED_SUMS}
    from multimedia_data.counts where ${WITHIN} and ${wanted} group by 1, 2
    union all
    select range, ${ID[by]}, ${COLUMNS}
    from jsonb_to_recordset($2::jsonb) as live (range integer, queue text, agent text, ${SHAPE})
    where ${wanted}
    ${by === 'agent' ? ALSO_LOGGED_IN : ''}
  )
  select range, id collate "C" as id, ${SUMS}
  from known group by 1, 2 order by 1, 2
  offset $5 limit $6`;
};

/** An agent who was only logged in has a row too, unless only some queues are asked for. */
const ALSO_LOGGED_IN = `
    union all
    select ${RANGE}, agent, ${NO_COUNTS}
    from multimedia_data.activity_times
    where ${WITHIN} and $3::text[] is null and ($4::text[] is null or agent = any($4))
    group by 1, 2
    union all
    select range, agent, ${NO_COUNTS}
    from jsonb_to_recordset($7::jsonb) as live (range integer, agent text)
    where $3::text[] is null and ($4::text[] is null or agent = any($4))`;

const COUNT: Readonly<Record<CountsRequest['by'], string>> = {
  queue: countStatement('queue'),
  agent: countStatement('agent'),
  centre: countStatement('centre'),
};

const TIMES = `
  with known as (
    select ${RANGE} as range, agent, activity, reason, sum(time)::bigint as time
    from multimedia_data.activity_times
    where begins >= ($1::timestamptz[])[$3 + 1] and begins < ($1::timestamptz[])[$4 + 2]
      and agent = any($5)
    group by 1, 2, 3, 4
    union all
    select range, agent, activity, reason, time
    from jsonb_to_recordset($2::jsonb)
      as live (range integer, agent text, activity text, reason text, time bigint)
  )
  select range, agent, activity, reason, sum(time)::bigint as time
  from known group by 1, 2, 3, 4
  order by range, agent collate "C", activity collate "C", reason collate "C"`;

type CountRecord = Counts & { readonly range: number; readonly id: string };
interface TimeRecord {
  readonly range: number;
  readonly agent: string;
  readonly activity: 'busy' | 'wrap-up' | 'ready' | 'not-ready';
  readonly reason: string;
  readonly time: number;
}
type Times = NonNullable<CountsAnswer['rows'][number]['times']>;

/** Counts between neighbouring edges, and of agents how they spent their time. */
export async function readCounts(
  { tx, live, now }: Moment,
  request: CountsRequest & { readonly withTimes?: boolean },
): Promise<CountsAnswer> {
  const { by, queues = null, agents = null, after, limit } = request;
  const withTimes = by === 'agent' && queues === null && (request.withTimes ?? true);
  const edges = request.edges.map((edge) => timestamp(edge));
  const going = countLive(live, request.edges, now);
  const records = await tx.query<CountRecord>({
    name: `multimedia_data.count-by-${by}`,
    text: COUNT[by],
    values: [
      edges,
      JSON.stringify(going.counts.map(({ counts, ...of }) => ({ ...of, ...counts }))),
      queues,
      by === 'agent' ? agents : null,
      after,
      limit + 1,
      ...(by === 'agent' ? [JSON.stringify(going.times)] : []),
    ],
  });
  const page = records.slice(0, limit);
  const times = withTimes ? await readTimes(tx, edges, going.times, page) : undefined;
  return {
    rows: page.map(({ range, id, ...counts }) => ({
      range,
      ...(by === 'queue' ? { queue: id as QueueId } : {}),
      ...(by === 'agent' ? { agent: id as AgentId } : {}),
      counts: { ...noCounts(), ...counts },
      ...(times ? { times: times.get(`${range} ${id}`) ?? [] } : {}),
    })),
    ...(records.length > limit ? { next: after + limit } : {}),
  };
}

async function readTimes(
  tx: Transaction,
  edges: readonly string[],
  going: readonly TimeRecord[],
  page: readonly CountRecord[],
): Promise<Map<string, Times>> {
  const byRow = new Map<string, Times>();
  const [first, last] = [page[0], page.at(-1)];
  if (!first || !last) return byRow;
  const records = await tx.query<TimeRecord>({
    name: 'multimedia_data.times-of',
    text: TIMES,
    values: [
      edges,
      JSON.stringify(going),
      first.range,
      last.range,
      [...new Set(page.map((row) => row.id))],
    ],
  });
  for (const { range, agent, activity, reason, time } of records) {
    const key = `${range} ${agent}`;
    const times = byRow.get(key) ?? [{ activity: 'logged-in' as const, time: 0 }];
    times.push({ activity, ...(reason === '' ? {} : { reason }), time });
    if (times[0]) times[0].time += time;
    byRow.set(key, times);
  }
  return byRow;
}
