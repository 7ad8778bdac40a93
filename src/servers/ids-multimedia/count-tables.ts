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

const SUMS = COUNT_NAMES.map((name) =>
  name === 'longestWait'
    ? `max(longest_wait)::bigint as "${name}"`
    : `sum(${columnOf(name)})::bigint as "${name}"`,
).join(', ');
const COLUMNS = COUNT_NAMES.map(columnOf).join(', ');
const LIVE_COLUMNS = COUNT_NAMES.map((name) => `"${name}"`).join(', ');
const LIVE_SHAPE = COUNT_NAMES.map((name) => `"${name}" bigint`).join(', ');
const NO_COUNTS = COUNT_NAMES.map(() => '0').join(', ');

/**
 * Counts by range and queue or agent: what the tables hold and what goes on now, added up in one
 * statement. An agent who was only logged in has a row too.
 */
const COUNT = `
  with known as (
    select width_bucket(begins, $1::timestamptz[]) - 1 as range, queue, agent, ${COLUMNS}
    from multimedia_data.counts
    where begins >= ($1::timestamptz[])[1] and begins < ($1::timestamptz[])[cardinality($1::timestamptz[])]
    union all
    select range, queue, agent, ${LIVE_COLUMNS}
    from jsonb_to_recordset($2::jsonb) as live (range integer, queue text, agent text, ${LIVE_SHAPE})
    union all
    select distinct width_bucket(begins, $1::timestamptz[]) - 1, '', agent, ${NO_COUNTS}
    from multimedia_data.activity_times
    where $3 = 'agent' and $4::text[] is null
      and begins >= ($1::timestamptz[])[1] and begins < ($1::timestamptz[])[cardinality($1::timestamptz[])]
    union all
    select range, '', agent, ${NO_COUNTS}
    from jsonb_to_recordset($8::jsonb) as live (range integer, agent text)
    where $3 = 'agent' and $4::text[] is null
  )
  select range, (case $3 when 'queue' then queue when 'agent' then agent else '' end) collate "C" as id,
    ${SUMS}
  from known
  where ($3 <> 'agent' or agent <> '')
    and ($4::text[] is null or queue = any($4))
    and ($5::text[] is null or agent = any($5))
  group by 1, 2 order by 1, 2
  offset $6 limit $7`;

const TIMES = `
  with known as (
    select width_bucket(begins, $1::timestamptz[]) - 1 as range, agent, activity, reason, time
    from multimedia_data.activity_times
    where begins >= ($1::timestamptz[])[$3 + 1] and begins < ($1::timestamptz[])[$4 + 2]
      and agent = any($5)
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
    name: 'multimedia_data.count',
    text: COUNT,
    values: [
      edges,
      JSON.stringify(going.counts.map(({ counts, ...of }) => ({ ...of, ...counts }))),
      by,
      queues,
      by === 'agent' ? agents : null,
      after,
      limit + 1,
      JSON.stringify(going.times),
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
