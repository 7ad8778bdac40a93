/** All that is written to `multimedia_data`, and what a restart reads back. */
import { z } from 'zod';
import type { Instant } from '#base/time.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import { type FollowedStream, LiveAgent } from './contract.ts';
import type { Batch, PassRow } from './rules/batch.ts';
import { type Live, type LiveKey, LivePass, LiveSegment } from './rules/live.ts';
import type { ConversationChanges } from './rules/conversations.ts';
import {
  ADD_CONVERSATIONS,
  ADD_COUNTS,
  ADD_RECORDS,
  ADD_TIMES,
  CHANGE_CONVERSATIONS,
  DROP_LIVE,
  PUT_LIVE,
  PUT_PASSES,
  PUT_SEGMENTS,
  timestamp,
} from './statements.ts';

/** Another process took the journal in meanwhile: what is in memory is not what is stored. */
export class MovedOnError extends Error {
  override readonly name = 'MovedOnError';
}

interface Reach {
  readonly stream: FollowedStream;
  /** What the stored position must be: the one this process knows. */
  readonly from: number;
  readonly to: number;
  readonly at: Instant;
  readonly entered?: number;
  readonly ended?: number;
}

/** Moves a position on. @throws {MovedOnError} If it is not where this process left it. */
export async function moveOn(tx: Transaction, reach: Reach): Promise<void> {
  const moved = await tx.query({
    name: 'multimedia_data.move-on',
    text: `update multimedia_data.positions
           set position = $3, at = $4, entered = entered + $5, ended = ended + $6
           where stream = $1 and position = $2 returning position`,
    values: [
      reach.stream,
      reach.from,
      reach.to,
      timestamp(reach.at),
      reach.entered ?? 0,
      reach.ended ?? 0,
    ],
  });
  if (moved.length === 0) throw new MovedOnError(`Cannot store "${reach.stream}": it has moved on`);
}

/** Writes what a batch of the director's journal brought, in one statement for each table. */
export async function writeBatch(
  tx: Transaction,
  batch: Batch,
  liveBody: (key: LiveKey) => unknown,
): Promise<void> {
  const times = batch.times.map((row) => ({ ...row, begins: timestamp(row.interval) }));
  const records = batch.records.map((record) => ({ ...record, at: timestamp(record.at) }));
  const live = batch.touched.map((key) => ({ ...key, body: liveBody(key) }));
  await write(tx, 'counts', ADD_COUNTS, batch.counts.map(countRow));
  await write(tx, 'times', ADD_TIMES, times);
  await write(tx, 'passes', PUT_PASSES, [...batch.passes.values()].map(passRow));
  await write(tx, 'segments', PUT_SEGMENTS, [...batch.segments.values()].map(segmentRow));
  await write(tx, 'records', ADD_RECORDS, records);
  const [over, going] = [live.filter(isOver), live.filter((row) => !isOver(row))];
  await write(tx, 'live', PUT_LIVE, going);
  await write(tx, 'over', DROP_LIVE, over);
}

const isOver = (row: { readonly body: unknown }): boolean => row.body === undefined;

/** Writes what a batch of a store's journal brought. */
export async function writeConversations(
  tx: Transaction,
  stream: FollowedStream,
  changes: ConversationChanges,
): Promise<void> {
  const opened = changes.opened.map((row) => ({
    ...row,
    stream,
    opened_at: timestamp(row.openedAt),
  }));
  const changed = changes.changed.map((row) => ({
    ...row,
    first_reply_at: timestamp(row.firstReplyAt),
    ended_at: timestamp(row.endedAt),
  }));
  await write(tx, 'opened', ADD_CONVERSATIONS, opened);
  await write(tx, 'changed', CHANGE_CONVERSATIONS, changed);
}

/** Rows in one statement: what a clock that jumped makes of many agents must not outgrow a message to the database. */
const MOST_ROWS = 5_000;

async function write(
  tx: Transaction,
  name: string,
  text: string,
  rows: readonly object[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += MOST_ROWS) {
    const values = [JSON.stringify(rows.slice(at, at + MOST_ROWS))];
    await tx.query({ name: `multimedia_data.${name}`, text, values });
  }
}

const countRow = ({ interval, queue, agent, counts }: Batch['counts'][number]) => ({
  begins: timestamp(interval),
  queue,
  agent,
  ...counts,
});

const passRow = (pass: PassRow) => ({
  ...pass,
  entered_at: timestamp(pass.enteredAt),
  queued_at: timestamp(pass.queuedAt),
  answered_at: timestamp(pass.answeredAt),
  ended_at: timestamp(pass.endedAt),
  entry_point: pass.entryPoint,
});

const segmentRow = (segment: LiveSegment) => ({
  ...segment,
  from_at: timestamp(segment.from),
  to_at: timestamp(segment.to),
  wrap_up_from: timestamp(segment.wrapUpFrom),
  wrap_up_to: timestamp(segment.wrapUpTo),
});

/** All that goes on, at the position stored with it. */
export async function readLive(database: Database): Promise<Live> {
  return database.transaction(async (tx) => {
    await tx.query({ text: 'set transaction isolation level repeatable read, read only' });
    const [reached] = await tx.query<{ position: number; entered: number; ended: number }>({
      text: `select position, entered, ended
             from multimedia_data.positions where stream = 'media-director'`,
    });
    const rows = await tx.query<{ kind: string; body: unknown }>({
      text: 'select kind, body from multimedia_data.live order by kind, id',
    });
    const bodies = (kind: string) => rows.filter((row) => row.kind === kind).map((row) => row.body);
    return {
      position: reached?.position ?? 0,
      entered: reached?.entered ?? 0,
      ended: reached?.ended ?? 0,
      passes: z.array(LivePass).parse(bodies('pass')),
      segments: z.array(LiveSegment).parse(bodies('segment')),
      agents: z.array(LiveAgent).parse(bodies('agent')),
    };
  });
}

/** Fixes what the transaction sees for good. @returns How far the director's journal was then taken in. */
export async function fixMoment(tx: Transaction): Promise<number> {
  await tx.query({ text: 'set transaction isolation level repeatable read, read only' });
  const [row] = await tx.query<{ position: number }>({
    text: `select position from multimedia_data.positions where stream = 'media-director'`,
  });
  return row?.position ?? 0;
}

/** How far a journal has been taken in. */
export async function readPosition(
  database: Database,
  stream: FollowedStream,
): Promise<{ position: number; at: Instant | undefined }> {
  const [row] = await database.query<{ position: number; at: Date | null }>({
    text: 'select position, at from multimedia_data.positions where stream = $1',
    values: [stream],
  });
  return { position: row?.position ?? 0, at: row?.at?.getTime() };
}

/** What is derived from the director's journal alone. */
const OF_DIRECTOR = ['counts', 'activity_times', 'passes', 'segments', 'records', 'live'];

/** Forgets all that was derived from a journal, and that it was ever read. */
export async function forget(database: Database, stream: FollowedStream): Promise<void> {
  await database.transaction(async (tx) => {
    const tables = OF_DIRECTOR.map((table) => `multimedia_data.${table}`).join(', ');
    await tx.query(
      stream === 'media-director'
        ? { text: `truncate ${tables}` }
        : { text: 'delete from multimedia_data.conversations where stream = $1', values: [stream] },
    );
    await tx.query({
      text: `update multimedia_data.positions
             set position = 0, at = null, entered = 0, ended = 0 where stream = $1`,
      values: [stream],
    });
  });
}
