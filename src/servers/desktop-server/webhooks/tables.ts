import type { Instant } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { Delivery } from '../api/administration.ts';

/** Positions in the journals of the director and of the stores. */
export interface Cursor {
  readonly work: number;
  readonly messages: number;
  readonly emails: number;
}

/** How far a webhook has got. */
export interface WebhookState extends Cursor {
  readonly failingSince: Instant | undefined;
  readonly disabledAt: Instant | undefined;
  /** The revision of the document that this is about. */
  readonly revision: number;
}

export interface NewDelivery {
  readonly messageId: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly happenedAt: Instant;
}

export interface DueDelivery extends NewDelivery {
  readonly position: number;
  readonly tries: number;
  readonly queuedAt: Instant;
}

export type DeliveryEnd =
  | { readonly state: 'delivered' | 'failed' }
  | { readonly state: 'waiting'; readonly nextTry: Instant };

/** Another desktop server has moved the cursor: its deliveries count, not ours. */
export class CursorMovedError extends Error {
  override readonly name = 'CursorMovedError';
}

interface StateRow {
  work: number;
  messages: number;
  emails: number | null;
  failing_since: Date | null;
  disabled_at: Date | null;
  revision: number;
}

interface DeliveryRow {
  position: number;
  message_id: string;
  event: string;
  payload: Record<string, unknown>;
  state: Delivery['state'];
  tries: number;
  last_status: string | null;
  happened_at: Date;
  queued_at: Date;
  next_try: Date | null;
}

/** Cursors of webhooks, and what each was or is to be sent. */
export class WebhookTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The state of a webhook; one that is new begins at `start`. */
  async open(
    webhook: string,
    start: Cursor & { readonly revision: number },
  ): Promise<WebhookState> {
    await this.#database.query({
      text: `insert into desktop.webhooks (webhook, work, messages, emails, last_position, revision)
             values ($1, $2, $3, $4, 0, $5)
             on conflict (webhook) do update set emails = excluded.emails where webhooks.emails is null`,
      values: [webhook, start.work, start.messages, start.emails, start.revision],
    });
    const [row] = await this.#database.query<StateRow>({
      text: `select work, messages, emails, failing_since, disabled_at, revision
             from desktop.webhooks where webhook = $1`,
      values: [webhook],
    });
    if (!row) throw new CursorMovedError(`Webhook "${webhook}" was taken away meanwhile`);
    return {
      work: row.work,
      messages: row.messages,
      emails: row.emails ?? start.emails,
      failingSince: row.failing_since?.getTime(),
      disabledAt: row.disabled_at?.getTime(),
      revision: row.revision,
    };
  }

  /** Every webhook there is a state of. */
  async all(): Promise<string[]> {
    const rows = await this.#database.query<{ webhook: string }>({
      text: 'select webhook from desktop.webhooks',
    });
    return rows.map(({ webhook }) => webhook);
  }

  /** Forgets a webhook with all its deliveries. */
  async remove(webhook: string): Promise<void> {
    await this.#database.query({
      text: 'delete from desktop.webhooks where webhook = $1',
      values: [webhook],
    });
  }

  /**
   * Moves the cursor on and queues what it passed, together or not at all.
   *
   * @throws {CursorMovedError} When it does not stand at `from` any more.
   */
  async advance(
    webhook: string,
    from: Cursor,
    to: Cursor,
    deliveries: readonly NewDelivery[],
    now: Instant,
  ): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const [row] = await tx.query<{ last_position: number }>({
        text: `update desktop.webhooks
               set work = $5, messages = $6, emails = $7, last_position = last_position + $8
               where webhook = $1 and work = $2 and messages = $3 and emails = $4
               returning last_position`,
        values: [
          webhook,
          from.work,
          from.messages,
          from.emails,
          to.work,
          to.messages,
          to.emails,
          deliveries.length,
        ],
      });
      if (!row)
        throw new CursorMovedError(`Somebody else moved the cursor of webhook "${webhook}"`);
      if (deliveries.length === 0) return;
      const first = row.last_position - deliveries.length + 1;
      await tx.query({
        text: `insert into desktop.deliveries
                 (webhook, position, message_id, event, payload, state, happened_at, queued_at, next_try)
               select $1, $2 + d.ordinality - 1, d.id, d.event, d.payload, 'waiting', d.at, $7, $7
               from unnest($3::text[], $4::text[], $5::jsonb[], $6::timestamptz[])
                 with ordinality as d (id, event, payload, at, ordinality)`,
        values: [
          webhook,
          first,
          deliveries.map((d) => d.messageId),
          deliveries.map((d) => d.event),
          deliveries.map((d) => JSON.stringify(d.payload)),
          deliveries.map((d) => new Date(d.happenedAt)),
          new Date(now),
        ],
      });
    });
  }

  /** Sets the cursor where a journal from a backup has got to. */
  async setCursor(webhook: string, to: Cursor): Promise<void> {
    await this.#database.query({
      text: 'update desktop.webhooks set work = $2, messages = $3, emails = $4 where webhook = $1',
      values: [webhook, to.work, to.messages, to.emails],
    });
  }

  async waiting(webhook: string): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>({
      text: `select count(*) from desktop.deliveries where webhook = $1 and state = 'waiting'`,
      values: [webhook],
    });
    return row?.count ?? 0;
  }

  /** What is to be tried now, oldest first. */
  async due(webhook: string, now: Instant, limit: number): Promise<DueDelivery[]> {
    const rows = await this.#database.query<DeliveryRow>({
      name: 'desktop-deliveries-due',
      text: `select position, message_id, event, payload, tries, happened_at, queued_at
             from desktop.deliveries
             where webhook = $1 and state = 'waiting' and next_try <= $2
             order by next_try, position limit $3`,
      values: [webhook, new Date(now), limit],
    });
    return rows.map((row) => ({
      position: row.position,
      messageId: row.message_id,
      event: row.event,
      payload: row.payload,
      tries: row.tries,
      happenedAt: +row.happened_at,
      queuedAt: +row.queued_at,
    }));
  }

  async nextDue(webhook: string): Promise<Instant | undefined> {
    const [row] = await this.#database.query<{ next_try: Date | null }>({
      text: `select min(next_try) as next_try from desktop.deliveries
             where webhook = $1 and state = 'waiting'`,
      values: [webhook],
    });
    return row?.next_try?.getTime();
  }

  /** Writes down what came of a try. */
  async tried(
    webhook: string,
    position: number,
    status: string,
    end: DeliveryEnd,
    now: Instant,
  ): Promise<void> {
    const isOver = end.state !== 'waiting';
    await this.#database.query({
      name: 'desktop-delivery-tried',
      text: `update desktop.deliveries
             set tries = tries + 1, last_status = $3, state = $4, next_try = $5, ended_at = $6
             where webhook = $1 and position = $2 and state = 'waiting'`,
      values: [
        webhook,
        position,
        status,
        end.state,
        isOver ? null : new Date(end.nextTry),
        isOver ? new Date(now) : null,
      ],
    });
  }

  /** Notes how the webhook fares: since when it fails, and whether it has been given up. */
  async note(
    webhook: string,
    failingSince: Instant | undefined,
    disabledAt: Instant | undefined,
  ): Promise<void> {
    await this.#database.query({
      text: 'update desktop.webhooks set failing_since = $2, disabled_at = $3 where webhook = $1',
      values: [webhook, dateOrNull(failingSince), dateOrNull(disabledAt)],
    });
  }

  /** Begins anew with all that waits: somebody changed the webhook, or asked for it. */
  async revive(webhook: string, revision: number, now: Instant): Promise<void> {
    await this.#database.transaction(async (tx) => {
      await tx.query({
        text: `update desktop.webhooks
               set failing_since = null, disabled_at = null, revision = $2 where webhook = $1`,
        values: [webhook, revision],
      });
      await tx.query({
        text: `update desktop.deliveries set queued_at = $2, next_try = $2
               where webhook = $1 and state = 'waiting'`,
        values: [webhook, new Date(now)],
      });
    });
  }

  /** Puts all that is over behind `since` back in line. */
  async replay(webhook: string, since: number, now: Instant): Promise<void> {
    await this.#database.query({
      text: `update desktop.deliveries
             set state = 'waiting', tries = 0, queued_at = $3, next_try = $3, ended_at = null
             where webhook = $1 and position > $2 and state <> 'waiting'`,
      values: [webhook, since, new Date(now)],
    });
  }

  /** Newest first. */
  async list(webhook: string, limit: number): Promise<{ deliveries: Delivery[]; cursor: number }> {
    const [state] = await this.#database.query<{ last_position: number }>({
      text: 'select last_position from desktop.webhooks where webhook = $1',
      values: [webhook],
    });
    const rows = await this.#database.query<DeliveryRow>({
      text: `select position, message_id, event, state, tries, last_status, happened_at, next_try
             from desktop.deliveries where webhook = $1 order by position desc limit $2`,
      values: [webhook, limit],
    });
    return {
      cursor: state?.last_position ?? 0,
      deliveries: rows.map((row) => ({
        id: row.message_id,
        webhook,
        event: row.event,
        position: row.position,
        state: row.state,
        tries: row.tries,
        at: +row.happened_at,
        ...(row.last_status !== null && { lastStatus: row.last_status }),
        ...(row.next_try && { nextTry: +row.next_try }),
      })),
    };
  }

  /** Removes what ended before `before`, and of each webhook all but the newest `most`. */
  async removeOld(before: Instant, most: number): Promise<void> {
    await this.#database.query({
      text: `delete from desktop.deliveries d using desktop.webhooks w
             where d.webhook = w.webhook and d.state <> 'waiting'
               and (d.ended_at < $1 or d.position <= w.last_position - $2)`,
      values: [new Date(before), most],
    });
  }
}

const dateOrNull = (at: Instant | undefined): Date | null =>
  at === undefined ? null : new Date(at);
