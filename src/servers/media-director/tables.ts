/** All SQL of the media director, but for its journal's. */
import type { Instant } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { Remembered } from './rules/queue-memory.ts';
import { NOTHING_YET, type Ending, type StartingPoint } from './rules/director-state.ts';

export const SCHEMA = 'media_director';

/** The stream's name, in the journal and on port 29081. */
export const STREAM = 'media-director';

/** Where the journal stands. */
export const JOURNAL = { schema: SCHEMA, stream: STREAM } as const;

/** What changed since the checkpoint before, as it is at `position`. Nothing in place of a value: it is gone. */
export interface Checkpoint {
  readonly position: number;
  readonly lastOffer: number;
  readonly entered: number;
  readonly ended: number;
  readonly items: ReadonlyMap<WorkItemId, OpenWorkItem | undefined>;
  readonly agents: ReadonlyMap<AgentId, AgentStatus | undefined>;
  readonly endings: ReadonlyMap<WorkItemId, Ending>;
  readonly queues: Remembered;
}

/** Rows in one statement: some hundred kilobytes. */
const ROWS = 1_000;

/** Rows read at a time: the start of a large centre stays within a few megabytes. */
const PAGE = 5_000;

/** The centre at the newest checkpoint. */
export function readCheckpoint(database: Database): Promise<StartingPoint> {
  return database.transaction(async (tx) => {
    await tx.query({ text: 'set transaction isolation level repeatable read, read only' });
    const [head] = await tx.query<{
      position: number;
      last_offer: number;
      entered: number;
      ended: number;
      queues: Remembered | null;
    }>({
      text: 'select position, last_offer, entered, ended, queues from media_director.checkpoint',
    });
    if (!head) return NOTHING_YET;
    const { position, last_offer: lastOffer, entered, ended, queues } = head;
    const items = await readItems(tx);
    const agents = await tx.query<{ status: AgentStatus }>({
      text: 'select status from media_director.agents',
    });
    return {
      position,
      lastOffer,
      entered,
      ended,
      items,
      agents: agents.map((row) => row.status),
      queues: queues ?? undefined,
    };
  });
}

/** How far the tables have come; 0 before the first checkpoint. */
export async function readCheckpointPosition(database: Database): Promise<number> {
  const [row] = await database.query<{ position: number }>({
    text: 'select position from media_director.checkpoint',
  });
  return row?.position ?? 0;
}

async function readItems(tx: Transaction): Promise<OpenWorkItem[]> {
  const items: OpenWorkItem[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const rows = await tx.query<{ item: OpenWorkItem }>({
      text: 'select item from media_director.work_items where id > $1 order by id limit $2',
      values: [after, PAGE],
    });
    for (const { item } of rows) items.push(item);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return items;
    after = last.item.id;
  }
}

/**
 * Brings the tables from the checkpoint before to this one, all or nothing. An older checkpoint than
 * what is there changes nothing: whoever comes with it has been succeeded.
 */
export async function writeCheckpoint(database: Database, checkpoint: Checkpoint): Promise<void> {
  const { position, lastOffer, entered, ended, items, agents, endings, queues } = checkpoint;
  await database.transaction(async (tx) => {
    const moved = await tx.query<{ position: number }>({
      text: `
        insert into media_director.checkpoint as present
          (position, last_offer, entered, ended, queues)
        values ($1, $2, $3, $4, $5)
        on conflict (only_one) do update
        set position = excluded.position, last_offer = excluded.last_offer,
            entered = excluded.entered, ended = excluded.ended, queues = excluded.queues,
            taken_at = now()
        where present.position < excluded.position
        returning position`,
      values: [position, lastOffer, entered, ended, JSON.stringify(queues)],
    });
    if (moved.length === 0) return;
    await replaceRows(tx, ITEMS, items);
    await replaceRows(tx, AGENTS, agents);
    await addEndings(tx, endings);
  });
}

interface Replace {
  readonly put: string;
  readonly remove: string;
}

const ITEMS: Replace = {
  put: `
    insert into media_director.work_items (id, item)
    select (item->>'id')::uuid, item from jsonb_array_elements($1::jsonb) as item
    on conflict (id) do update set item = excluded.item`,
  remove: 'delete from media_director.work_items where id = any($1::uuid[])',
};

const AGENTS: Replace = {
  put: `
    insert into media_director.agents (id, status)
    select status->>'id', status from jsonb_array_elements($1::jsonb) as status
    on conflict (id) do update set status = excluded.status`,
  remove: 'delete from media_director.agents where id = any($1::text[])',
};

async function replaceRows(
  tx: Transaction,
  { put, remove }: Replace,
  rows: ReadonlyMap<string, object | undefined>,
): Promise<void> {
  const gone = [...rows].flatMap(([id, row]) => (row ? [] : [id]));
  const kept = [...rows.values()].filter((row) => row !== undefined);
  for (const part of parts(gone)) await tx.query({ text: remove, values: [part] });
  for (const part of parts(kept)) await tx.query({ text: put, values: [JSON.stringify(part)] });
}

async function addEndings(tx: Transaction, endings: Checkpoint['endings']): Promise<void> {
  for (const part of parts([...endings])) {
    await tx.query({
      text: `
        insert into media_director.ended_work_items (id, ending, successor, ended_by)
        select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
        on conflict (id) do nothing`,
      values: [
        part.map(([id]) => id),
        part.map(([, { ending }]) => ending),
        part.map(([, { to }]) => to ?? null),
        part.map(([, { by }]) => by ?? null),
      ],
    });
  }
}

/** The greatest id of all work items that have ended; nothing where none has. */
export async function readNewestEnded(database: Database): Promise<WorkItemId | undefined> {
  const [row] = await database.query<{ id: WorkItemId }>({
    text: 'select id from media_director.ended_work_items order by id desc limit 1',
  });
  return row?.id;
}

/** How items ended, of those that have. */
export async function readEndings(
  database: Database,
  items: readonly WorkItemId[],
): Promise<Map<WorkItemId, Ending>> {
  const rows = await database.query<{
    id: WorkItemId;
    ending: Ending['ending'];
    successor: WorkItemId | null;
    ended_by: AgentId | null;
  }>({
    name: 'media-director endings',
    text: `
      select id, ending, successor, ended_by from media_director.ended_work_items
      where id = any($1::uuid[])`,
    values: [items],
  });
  return new Map(
    rows.map(({ id, ending, successor, ended_by: by }) => [
      id,
      { ending, to: successor ?? undefined, by: by ?? undefined },
    ]),
  );
}

/** Forgets how items ended that ended before `before`, some thousands at most; returns how many. */
export async function forgetEndings(database: Database, before: Instant): Promise<number> {
  const rows = await database.query<{ forgotten: number }>({
    text: `
      with old as (
        select id from media_director.ended_work_items
        where ended_at < to_timestamp($1::float8 / 1000) order by ended_at limit ${PAGE}
      ), forgotten as (
        delete from media_director.ended_work_items where id in (select id from old) returning 1
      )
      select count(*) as forgotten from forgotten`,
    values: [before],
  });
  return rows[0]?.forgotten ?? 0;
}

export async function readConfiguration(database: Database): Promise<StoredDocument[]> {
  return database.query<StoredDocument>({
    text: `
      select kind, id, revision, retired, body from media_director.configuration order by revision`,
  });
}

/** Keeps documents as they were heard; an older revision than what is there changes nothing. */
export async function writeConfiguration(
  database: Database,
  documents: readonly StoredDocument[],
): Promise<void> {
  for (const part of parts([...documents])) {
    await database.query({
      text: `
        insert into media_director.configuration as present (kind, id, revision, retired, body)
        select kind, id, revision, retired, body
        from jsonb_to_recordset($1::jsonb)
          as heard(kind text, id text, revision bigint, retired boolean, body jsonb)
        on conflict (kind, id) do update
        set revision = excluded.revision, retired = excluded.retired, body = excluded.body
        where present.revision < excluded.revision`,
      values: [JSON.stringify(part)],
    });
  }
}

/** Forgets the configuration: its server begins to count anew. */
export async function forgetConfiguration(database: Database): Promise<void> {
  await database.query({ text: 'delete from media_director.configuration' });
}

function* parts<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS) yield rows.slice(from, from + ROWS);
}
