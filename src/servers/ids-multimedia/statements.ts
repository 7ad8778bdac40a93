/** The statements that write rows: each takes all of a batch as one JSON array. */
import type { Instant } from '#base/time.ts';
import { COUNT_NAMES } from '#domain/metrics/counts.ts';

/** PostgreSQL reads no later year than this from ISO 8601; a clock that says more is wrong anyway. */
const LATEST: Instant = Date.UTC(9999, 11, 31);

/** An instant as PostgreSQL reads it; null for none. */
export function timestamp(at: Instant): string;
export function timestamp(at: Instant | undefined): string | null;
export function timestamp(at: Instant | undefined): string | null {
  return at === undefined ? null : new Date(Math.min(at, LATEST)).toISOString();
}

/** `serviceLevelMet` is the column `service_level_met`. */
export const columnOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

const rows = (shape: string): string => `jsonb_to_recordset($1::jsonb) as row (${shape})`;

const countColumns = COUNT_NAMES.map(columnOf);
const countValues = COUNT_NAMES.map((name) => `"${name}"`);
const counted = COUNT_NAMES.map((name) => `"${name}" bigint`);
const addUp = countColumns.map((column) =>
  column === 'longest_wait'
    ? `${column} = greatest(c.${column}, excluded.${column})`
    : `${column} = c.${column} + excluded.${column}`,
);

export const ADD_COUNTS = `
  insert into multimedia_data.counts as c (begins, queue, agent, ${countColumns.join(', ')})
  select begins, queue, agent, ${countValues.join(', ')}
  from ${rows(`begins timestamptz, queue text, agent text, ${counted.join(', ')}`)}
  on conflict (begins, queue, agent) do update set ${addUp.join(', ')}`;

export const ADD_TIMES = `
  insert into multimedia_data.activity_times as t (begins, agent, activity, reason, time)
  select begins, agent, activity, reason, time
  from ${rows('begins timestamptz, agent text, activity text, reason text, time bigint')}
  on conflict (begins, agent, activity, reason) do update set time = t.time + excluded.time`;

export const PUT_PASSES = `
  insert into multimedia_data.passes (item, conversation, interaction, channel, queue, entry_point,
    contact, entered_at, queued_at, answered_at, ended_at, ending, agent, code, next)
  select item, conversation, interaction, channel, queue, entry_point,
    contact, entered_at, queued_at, answered_at, ended_at, ending, agent, code, next
  from ${rows(`item uuid, conversation uuid, interaction uuid, channel text, queue text,
    entry_point text, contact uuid, entered_at timestamptz, queued_at timestamptz,
    answered_at timestamptz, ended_at timestamptz, ending text, agent text, code text, next uuid`)}
  on conflict (item) do update set answered_at = excluded.answered_at, ended_at = excluded.ended_at,
    ending = excluded.ending, agent = excluded.agent, code = excluded.code, next = excluded.next`;

export const PUT_SEGMENTS = `
  insert into multimedia_data.segments (segment, item, queue, agent, from_at, to_at, ending,
    wrap_up_from, wrap_up_to, code)
  select segment, item, queue, agent, from_at, to_at, ending, wrap_up_from, wrap_up_to, code
  from ${rows(`segment uuid, item uuid, queue text, agent text, from_at timestamptz,
    to_at timestamptz, ending text, wrap_up_from timestamptz, wrap_up_to timestamptz, code text`)}
  on conflict (segment) do update set to_at = excluded.to_at, ending = excluded.ending,
    wrap_up_from = excluded.wrap_up_from, wrap_up_to = excluded.wrap_up_to, code = excluded.code`;

export const ADD_RECORDS = `
  insert into multimedia_data.records (item, position, at, body)
  select item, position, at, body
  from ${rows('item uuid, position bigint, at timestamptz, body jsonb')}
  on conflict (item, position) do nothing`;

export const PUT_LIVE = `
  insert into multimedia_data.live (kind, id, body)
  select kind, id, body from ${rows('kind text, id text, body jsonb')}
  on conflict (kind, id) do update set body = excluded.body`;

export const DROP_LIVE = `
  delete from multimedia_data.live as live using ${rows('kind text, id text')}
  where live.kind = row.kind and live.id = row.id`;

export const ADD_CONVERSATIONS = `
  insert into multimedia_data.conversations
    (conversation, interaction, channel, entry_point, contact, opened_at, stream)
  select conversation, interaction, channel, "entryPoint", contact, opened_at, stream
  from ${rows(`conversation uuid, interaction uuid, channel text, "entryPoint" text, contact uuid,
    opened_at timestamptz, stream text`)}
  on conflict (conversation) do nothing`;

export const CHANGE_CONVERSATIONS = `
  update multimedia_data.conversations as c set
    contact = coalesce(row.contact, c.contact),
    customer_messages = c.customer_messages + row."customerMessages",
    agent_messages = c.agent_messages + row."agentMessages",
    first_reply_at = coalesce(c.first_reply_at, row.first_reply_at),
    ended_at = coalesce(row.ended_at, c.ended_at),
    ended_by = coalesce(row."endedBy", c.ended_by)
  from ${rows(`conversation uuid, contact uuid, "customerMessages" integer, "agentMessages" integer,
    first_reply_at timestamptz, ended_at timestamptz, "endedBy" text`)}
  where c.conversation = row.conversation`;
