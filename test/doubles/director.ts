/** A media director that does what a test says: nobody is offered anything by itself. */
import type { Implementation, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, QueueId, SegmentId, WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { mediaDirector } from '#servers/media-director/contract.ts';

type Methods = Implementation<typeof mediaDirector>['methods'];

export class DirectorDouble {
  readonly centre = new Centre();
  readonly journal: DirectorRecord[] = [];
  /** Queues that are not in use. */
  readonly unknownQueues = new Set<string>();
  /** Queues that take nobody on who waits at the other end, and why. */
  readonly turnsAway = new Map<string, 'queue-full' | 'queue-closed'>();
  /** What waiting customers can expect, where a test says so. */
  readonly waits = new Map<WorkItemId, { least: number; most: number }>();
  /** Everything that a store said, in order. */
  readonly heard: string[] = [];
  readonly #wakers = new Set<() => void>();
  readonly #endings = new Map<WorkItemId, 'handled' | 'abandoned' | 'forced' | 'transferred'>();
  readonly #movedTo = new Map<WorkItemId, WorkItemId>();
  #offers = 0;
  #followers = 0;

  /** How many follow the journal: from then on they miss nothing. */
  get followers(): number {
    return this.#followers;
  }

  tell(body: DirectorEvent, at = Date.now()): void {
    const record = { position: this.journal.length + 1, at, body };
    this.journal.push(record);
    this.centre.apply(record);
    for (const wake of this.#wakers) wake();
  }

  /** The open item of a conversation. */
  itemOf(conversation: string): OpenWorkItem | undefined {
    return [...this.centre.items.values()].find((item) => item.conversation === conversation);
  }

  logIn(agent: string, channels: OpenWorkItem['channel'][] = ['web-chat']): void {
    this.tell({ type: 'agent-logged-in', agent: AgentId.parse(agent), station: 's', channels });
  }

  logOut(agent: string): void {
    this.tell({ type: 'agent-logged-out', agent: AgentId.parse(agent), reason: 'asked' });
  }

  accept(item: OpenWorkItem, agent: string): void {
    const { id, queue } = item;
    const offer = ++this.#offers;
    const who = AgentId.parse(agent);
    const choice = { by: 'director', rule: 'double', candidates: 1, configuration: 1 } as const;
    const deadline = Date.now() + 1_000;
    this.tell({ type: 'work-item-offered', item: id, agent: who, queue, offer, deadline, choice });
    this.tell({
      type: 'work-item-accepted',
      item: id,
      agent: who,
      queue,
      segment: SegmentId.parse(newId()),
      offer,
    });
  }

  close(item: OpenWorkItem, ending: 'handled' | 'abandoned' | 'forced' = 'handled'): void {
    this.#endings.set(item.id, ending);
    this.tell({ type: 'work-item-closed', item: item.id, queue: item.queue, ending });
  }

  /** Moves an item to another queue: an agent does, or by overflow the director. */
  transfer(item: OpenWorkItem, queue: string, cause: 'asked' | 'overflow' = 'asked'): WorkItemId {
    const to = WorkItemId.parse(newId());
    const asked = item.agent ?? AgentId.parse('supervisor');
    const by = cause === 'asked' ? asked : undefined;
    this.#endings.set(item.id, 'transferred');
    this.#movedTo.set(item.id, to);
    this.tell({ type: 'work-item-transferred', item: item.id, to, by, cause });
    const { conversation, interaction, channel, priority, enteredAt } = item;
    this.tell({
      type: 'work-item-entered',
      item: to,
      conversation,
      interaction,
      channel,
      priority,
      enteredAt,
      queue: QueueId.parse(queue),
      previous: item.id,
    });
    return to;
  }

  /** Forgets an item as if it had never come. */
  lose(item: OpenWorkItem): void {
    this.centre.items.delete(item.id);
  }

  implementation(): Implementation<typeof mediaDirector> {
    const refuse = async (): Promise<never> => {
      throw new Refusal('forbidden', 'This double does not do that');
    };
    const nothing = {};
    const some: Partial<Methods> = {
      submit: async ({ item }) => {
        this.heard.push(`submit ${item.id}`);
        const { queue } = item;
        if (this.unknownQueues.has(queue)) {
          throw new Refusal('unknown-queue', `There is no queue "${queue}"`, { queue });
        }
        const refusal = this.turnsAway.get(queue);
        if (refusal && !item.offline) throw new Refusal(refusal, 'Not now', { queue });
        if (!this.centre.items.has(item.id) && !this.#endings.has(item.id)) {
          const { id, priority = 5, ...rest } = item;
          this.tell({ type: 'work-item-entered', item: id, priority, ...rest });
        }
        return { position: 1 };
      },
      abandon: async ({ item: id }) => {
        this.heard.push(`abandon ${id}`);
        const item = this.centre.items.get(id);
        const abandoned = item?.state === 'queued' || item?.state === 'offered';
        if (item && abandoned) this.close(item, 'abandoned');
        return { abandoned };
      },
      customerWrote: async ({ item: id }) => {
        this.heard.push(`customer-wrote ${id}`);
        const item = this.centre.items.get(id);
        if (item?.state === 'awaiting-customer') this.tell({ type: 'customer-replied', item: id });
        if (item?.state === 'parked') {
          const { queue } = item;
          this.tell({ type: 'work-item-requeued', item: id, queue, reason: 'woken' });
        }
        return nothing;
      },
      openItems: async ({ channels }) => ({
        items: [...this.centre.items.values()].filter((item) => channels.includes(item.channel)),
        position: this.centre.position,
      }),
      endings: async ({ items }) => ({
        endings: items.flatMap((item) => {
          const ending = this.#endings.get(item);
          return ending ? [{ item, ending, to: this.#movedTo.get(item) }] : [];
        }),
      }),
      forceClose: async ({ item: id }) => {
        this.heard.push(`force-close ${id}`);
        const item = this.centre.items.get(id);
        if (!item) throw new Refusal('unknown-item', 'It is not open', { item: id });
        this.close(item, 'forced');
        return nothing;
      },
      estimates: async ({ items }) => ({
        estimates: items.flatMap((item) => {
          const { queue } = this.centre.items.get(item) ?? {};
          const line = [...this.centre.items.values()].filter(
            (i) => i.queue === queue && i.state === 'queued',
          );
          const place = line.findIndex(({ id }) => id === item) + 1;
          return place > 0 ? [{ item, place, wait: this.waits.get(item) }] : [];
        }),
      }),
      snapshot: async () => this.centre.snapshot(),
    };
    const methods = new Proxy(some, { get: (target, name) => Reflect.get(target, name) ?? refuse });
    return {
      methods: methods as Methods,
      streams: {
        journal: ({ since }, { signal }) => this.#follow(since, signal),
        async *interlocks() {}, // no switch is asked for anything
      },
    };
  }

  async *#follow(
    since: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<DirectorRecord, number>> {
    let at = since ?? this.journal.length;
    if (at > this.journal.length) throw new Refusal('unknown-cursor', 'It ends before that');
    this.#followers++;
    while (!signal.aborted) {
      const record = this.journal[at];
      if (record) {
        at++;
        yield { event: record, cursor: record.position };
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      this.#wakers.delete(resolve);
    }
  }
}
