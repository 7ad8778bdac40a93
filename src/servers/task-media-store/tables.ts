import type { Instant } from '#base/time.ts';
import type { AgentId, ConversationId, InteractionId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { ContactId } from '#domain/ids.ts';
import type { TaskBody } from '#domain/task.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import { withMerged } from './rules/with-merged.ts';
import type { Storage, StoredTask, TaskChange } from './storage.ts';

const MIGRATIONS = new URL('migrations/', import.meta.url);
const STREAM = 'media-director';

/** The tables, made or brought up to date. */
export async function openTables(database: Database): Promise<Storage> {
  await database.migrate('task_media_store', MIGRATIONS);
  return new Tables(database);
}

interface TaskRow {
  readonly id: ConversationId;
  readonly interaction: InteractionId;
  readonly work_item: WorkItemId;
  readonly queue: QueueId;
  readonly priority: number | null;
  readonly contact: ContactId | null;
  readonly preferred_agent: AgentId | null;
  readonly title: string;
  readonly text: string;
  readonly fields: TaskBody['fields'];
  readonly link: string | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly submitted: boolean;
  readonly cancelled_by: string | null;
  readonly closed_at: Date | null;
  readonly merged_into: ConversationId | null;
  readonly split_from: ConversationId | null;
}

const TASKS = `select id, interaction, work_item, queue, priority, contact, preferred_agent, title, text, fields,
  link, created_at, created_by, submitted, cancelled_by, closed_at, merged_into, split_from from task_media_store.tasks`;

class Tables implements Storage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add({ task, priority, preferredAgent, isSubmitted }: StoredTask): Promise<boolean> {
    const rows = await this.#database.query({
      name: 'task-add',
      text: `insert into task_media_store.tasks (id, interaction, work_item, queue, priority, contact,
               preferred_agent, title, text, fields, link, created_at, created_by, submitted)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             on conflict (id) do nothing returning id`,
      values: [
        task.id,
        task.interaction,
        task.workItem,
        task.queue,
        priority,
        task.contact,
        preferredAgent,
        task.title,
        task.text,
        JSON.stringify(task.fields),
        task.link,
        new Date(task.createdAt),
        task.createdBy,
        isSubmitted,
      ],
    });
    return rows.length > 0;
  }

  async tasks(ids: readonly ConversationId[]): Promise<StoredTask[]> {
    const found = await this.#tasks({
      name: 'task-tasks',
      text: `${TASKS} where id = any($1)`,
      values: [ids],
    });
    const merged = await this.#database.query<TaskRow & { readonly of: ConversationId }>({
      name: 'task-merged',
      text: `select m.*, coalesce(s.split_from, m.merged_into) as of
               from task_media_store.tasks m
               left join task_media_store.tasks s on s.id = m.merged_into and s.split_from = any($1)
              where m.merged_into = any($1) or s.id is not null`,
      values: [ids],
    });
    const intoIt = Map.groupBy(merged, (row) => row.of);
    return found.map((stored) => {
      const others = intoIt.get(stored.task.id) ?? [];
      return {
        ...stored,
        task: withMerged(
          stored.task,
          others.map((row) => taskOf(row).task),
        ),
      };
    });
  }

  openTasks(after: ConversationId | undefined, limit: number): Promise<StoredTask[]> {
    return this.#tasks({
      text: `${TASKS} where closed_at is null and ($1::uuid is null or id > $1) order by id limit $2`,
      values: [after, limit],
    });
  }

  pending(except: readonly ConversationId[], limit: number): Promise<StoredTask[]> {
    return this.#tasks({
      text: `${TASKS}
              where closed_at is null and (not submitted or cancelled_by is not null) and id <> all($1)
              order by created_at, id limit $2`,
      values: [except, limit],
    });
  }

  async markSubmitted(tasks: readonly ConversationId[]): Promise<void> {
    // who holds one of them follows the journal and marks it too: waiting for it, each would wait for the other
    await this.#database.query({
      name: 'task-submitted',
      text: `update task_media_store.tasks set submitted = true
              where id in (select id from task_media_store.tasks
                            where id = any($1) and not submitted for update skip locked)`,
      values: [tasks],
    });
  }

  async markCancelled(task: ConversationId, by: string): Promise<void> {
    await this.#database.query({
      text: `update task_media_store.tasks set cancelled_by = $2
              where id = $1 and closed_at is null and cancelled_by is null`,
      values: [task, by],
    });
  }

  async submitAgain(items: readonly WorkItemId[]): Promise<void> {
    if (items.length === 0) return;
    await this.#database.query({
      text: `update task_media_store.tasks set submitted = false
              where work_item = any($1) and closed_at is null`,
      values: [items],
    });
  }

  async remove(task: ConversationId): Promise<boolean> {
    const rows = await this.#database.query({
      text: 'delete from task_media_store.tasks where id = $1 and not submitted returning id',
      values: [task],
    });
    return rows.length > 0;
  }

  async apply(changes: readonly TaskChange[], followed?: number): Promise<void> {
    await this.#database.transaction(async (tx) => {
      for (const run of runsOf(changes)) await applyRun(tx, run);
      if (followed === undefined) return;
      await tx.query({
        name: 'task-followed',
        text: `insert into task_media_store.followed (stream, position) values ($1, $2)
               on conflict (stream) do update set position = excluded.position`,
        values: [STREAM, followed],
      });
    });
  }

  async followed(): Promise<number | undefined> {
    const [row] = await this.#database.query<{ position: number }>({
      text: 'select position from task_media_store.followed where stream = $1',
      values: [STREAM],
    });
    return row?.position;
  }

  async #tasks(statement: Parameters<Database['query']>[0]): Promise<StoredTask[]> {
    return (await this.#database.query<TaskRow>(statement)).map(taskOf);
  }
}

/** What is about different items, or the same, whichever comes first. */
interface Run {
  readonly closed: Map<WorkItemId, Instant>;
  readonly queued: Map<WorkItemId, QueueId>;
  /** Comes behind them. */
  readonly last?: Exclude<TaskChange, { type: 'closed' | 'queued' }>;
}

/**
 * Nearly all changes are of two kinds that do not depend on one another: many go together.
 *
 * @yields Them all, in an order as good as theirs.
 */
function* runsOf(changes: readonly TaskChange[]): Generator<Run> {
  let run: Run = { closed: new Map(), queued: new Map() };
  for (const change of changes) {
    if (change.type === 'closed') run.closed.set(change.item, change.at);
    else if (change.type === 'queued') run.queued.set(change.item, change.queue);
    else {
      yield { ...run, last: change };
      run = { closed: new Map(), queued: new Map() };
    }
  }
  yield run;
}

/** An item is known to the director when something became of it: it needs no submission any more. */
async function applyRun(tx: Transaction, { queued, closed, last }: Run): Promise<void> {
  if (queued.size > 0) {
    await tx.query({
      name: 'task-queued',
      text: `update task_media_store.tasks t set queue = now.queue, submitted = true
               from unnest($1::uuid[], $2::text[]) as now (item, queue)
              where t.work_item = now.item and (t.queue <> now.queue or not t.submitted)`,
      values: [[...queued.keys()], [...queued.values()]],
    });
  }
  if (closed.size > 0) await close(tx, closed);
  if (last) await applyTo(tx, last);
}

async function close(tx: Transaction, closed: ReadonlyMap<WorkItemId, Instant>): Promise<void> {
  await tx.query({
    name: 'task-closed',
    text: `update task_media_store.tasks t set closed_at = over.at, submitted = true
             from unnest($1::uuid[], $2::timestamptz[]) as over (item, at)
            where t.work_item = over.item and t.closed_at is null`,
    values: [[...closed.keys()], [...closed.values()].map((at) => new Date(at))],
  });
}

async function applyTo(tx: Transaction, change: NonNullable<Run['last']>): Promise<void> {
  switch (change.type) {
    case 'moved':
      await tx.query({
        text: `update task_media_store.tasks set work_item = $2, submitted = true
                where work_item = $1 and closed_at is null`,
        values: [change.item, change.to],
      });
      return;
    case 'merged':
      await tx.query({
        text: `with other as (select id from task_media_store.tasks where work_item = $2),
                    this as (select id from task_media_store.tasks where work_item = $1 and closed_at is null)
               update task_media_store.tasks t set merged_into = other.id
                 from other, this where t.id = this.id or t.merged_into = this.id`,
        values: [change.item, change.into],
      });
      await close(tx, new Map([[change.item, change.at]]));
      return;
    case 'split':
      await tx.query({
        text: `insert into task_media_store.tasks (id, interaction, work_item, queue, priority, contact,
                 preferred_agent, title, text, fields, link, created_at, created_by, submitted, split_from)
               select $2, interaction, $2, $3, priority, contact, preferred_agent, title, text, fields, link,
                      $4, created_by, true, id
                 from task_media_store.tasks where work_item = $1
               on conflict (id) do nothing`,
        values: [change.item, change.to, change.queue, new Date(change.at)],
      });
  }
}

const taskOf = (row: TaskRow): StoredTask => ({
  task: {
    id: row.id,
    interaction: row.interaction,
    workItem: row.work_item,
    queue: row.queue,
    ...(row.contact === null ? {} : { contact: row.contact }),
    title: row.title,
    text: row.text,
    fields: row.fields,
    ...(row.link === null ? {} : { link: row.link }),
    createdAt: row.created_at.getTime(),
    createdBy: row.created_by,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at.getTime() }),
  },
  priority: row.priority ?? undefined,
  preferredAgent: row.preferred_agent ?? undefined,
  isSubmitted: row.submitted,
  cancelledBy: row.cancelled_by ?? undefined,
  mergedInto: row.merged_into ?? undefined,
  splitFrom: row.split_from ?? undefined,
});
