/** The history of contacts and work items, as `multimedia_data` holds it. */
import type { Instant } from '#base/time.ts';
import type { ContactId, WorkItemId } from '#domain/ids.ts';
import { HistoryItem } from '#domain/metrics/history.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { timestamp } from './statements.ts';

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
    values: [request.contact, timestamp(request.before), request.limit],
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
           order by position limit 2000`,
    values: [item],
  });
  return {
    item: HistoryItem.parse(row.item),
    records: records.map((record) => DirectorRecord.parse({ ...record, at: record.at.getTime() })),
  };
}
