/** All that is read from `multimedia_data` for those who ask. */
import type { z } from 'zod';
import type { Instant } from '#base/time.ts';
import { ContactId, type AgentId, type QueueId, type WorkItemId } from '#domain/ids.ts';
import { COUNT_NAMES, type Counts, noCounts } from '#domain/metrics/counts.ts';
import { HistoryItem } from '#domain/metrics/history.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { idsMultimedia } from './contract.ts';
import { countLive } from './rules/count-live.ts';
import type { Live } from './rules/live.ts';
import { columnOf } from './statements.ts';

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
  select range, case $3 when 'queue' then queue when 'agent' then agent else '' end as id, ${SUMS}
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
  from known group by 1, 2, 3, 4 order by 1, 2, 3, 4`;

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
  const edges = request.edges.map((edge) => new Date(edge).toISOString());
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

/** Times as milliseconds and without nulls: what was never said is left out. */
const HISTORY = `
  select jsonb_strip_nulls(jsonb_build_object(
    'item', p.item, 'conversation', p.conversation, 'interaction', p.interaction,
    'channel', p.channel, 'queue', p.queue, 'entryPoint', p.entry_point,
    'contact', coalesce(p.contact, c.contact),
    'enteredAt', multimedia_data.milliseconds(p.entered_at),
    'queuedAt', multimedia_data.milliseconds(p.queued_at),
    'answeredAt', multimedia_data.milliseconds(p.answered_at),
    'endedAt', multimedia_data.milliseconds(p.ended_at),
    'ending', p.ending, 'agent', p.agent, 'code', p.code, 'next', p.next,
    'segments', coalesce((
      select jsonb_agg(jsonb_build_object(
        'segment', s.segment, 'agent', s.agent,
        'from', multimedia_data.milliseconds(s.from_at),
        'to', multimedia_data.milliseconds(s.to_at), 'ending', s.ending,
        'wrapUpFrom', multimedia_data.milliseconds(s.wrap_up_from),
        'wrapUpTo', multimedia_data.milliseconds(s.wrap_up_to), 'code', s.code
      ) order by s.from_at, s.segment)
      from multimedia_data.segments s where s.item = p.item), '[]'),
    'messages', case when c.conversation is not null then jsonb_build_object(
      'customer', c.customer_messages, 'agent', c.agent_messages,
      'firstReplyAt', multimedia_data.milliseconds(c.first_reply_at)) end
  )) as item
  from multimedia_data.passes p left join multimedia_data.conversations c using (conversation)`;

/** A contact's passes, newest first; also those of conversations that were matched to it later. */
export async function readContactHistory(
  database: Database,
  request: { contact: ContactId; before?: Instant | undefined; limit: number },
): Promise<HistoryItem[]> {
  const rows = await database.query<{ item: unknown }>({
    name: 'multimedia_data.contact-history',
    text: `${HISTORY}
      where p.item in (
        select item from multimedia_data.passes where contact = $1
        union
        select item from multimedia_data.passes join multimedia_data.conversations using (conversation)
        where conversations.contact = $1)
        and ($2::timestamptz is null or p.queued_at < $2)
      order by p.queued_at desc, p.item desc limit $3`,
    values: [
      request.contact,
      request.before === undefined ? null : new Date(request.before).toISOString(),
      request.limit,
    ],
  });
  return rows.map((row) => HistoryItem.parse(row.item));
}

/** One pass and all its events; nothing for an id never heard of. */
export async function readWorkItem(
  database: Database,
  item: WorkItemId,
): Promise<{ item: HistoryItem; records: DirectorRecord[] } | undefined> {
  const [row] = await database.query<{ item: unknown }>({
    name: 'multimedia_data.pass',
    text: `${HISTORY} where p.item = $1`,
    values: [item],
  });
  if (!row) return undefined;
  const records = await database.query<{ position: number; at: Date; body: unknown }>({
    name: 'multimedia_data.records-of',
    text: `select position, at, body from multimedia_data.records where item = $1
           order by position limit 5000`,
    values: [item],
  });
  return {
    item: HistoryItem.parse(row.item),
    records: records.map((record) => DirectorRecord.parse({ ...record, at: record.at.getTime() })),
  };
}
