/** A media director for tests of this room: it keeps the centre by the domain's own fold and obeys; it decides nothing. */
import type { Implementation, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { AgentId, InteractionId, QueueId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { Channel, ConversationId } from '#domain/ids.ts';
import { type AgentStatus } from '#domain/agent/agent-status.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';

type Contract = typeof mediaDirector;

/** What no test asks of the double is refused, as by a director that is busy. */
const NOT_PLAYED = Object.fromEntries(
  Object.keys(mediaDirector.methods).map((name) => [
    name,
    async () => {
      throw new Refusal('busy', `The double does not play "${name}"`);
    },
  ]),
) as unknown as Implementation<Contract>['methods'];

const NOTHING = {};

export class DirectorDouble implements Implementation<Contract> {
  readonly centre = new Centre();
  /** Every list of agents it was told are there. */
  readonly presences: string[][] = [];
  readonly #records: DirectorRecord[] = [];
  readonly #readers = new Set<() => void>();
  #offers = 0;

  /** Makes something happen. */
  tell(...events: DirectorEvent[]): void {
    for (const body of events) {
      const record = { position: this.#records.length + 1, at: Date.now(), body };
      this.#records.push(record);
      this.centre.apply(record);
    }
    for (const wake of this.#readers) wake();
  }

  get position(): number {
    return this.#records.length;
  }

  /** An item comes into a queue. */
  enter(
    queue: string,
    given: { id?: WorkItemId; conversation?: ConversationId; channel?: Channel } = {},
  ): WorkItemId {
    const item = given.id ?? WorkItemId.parse(newId());
    this.tell({
      type: 'work-item-entered',
      item,
      conversation: given.conversation ?? (newId() as ConversationId),
      interaction: InteractionId.parse(newId()),
      channel: given.channel ?? 'web-chat',
      queue: QueueId.parse(queue),
      priority: 5,
      enteredAt: Date.now(),
    });
    return item;
  }

  /** Offers an item to an agent. @returns The offer's token. */
  offer(item: WorkItemId, agent: string): number {
    const offer = ++this.#offers;
    this.tell({
      type: 'work-item-offered',
      item,
      agent: AgentId.parse(agent),
      queue: this.#open(item).queue,
      offer,
      deadline: Date.now() + 20_000,
      choice: { by: 'director', rule: 'longest-idle', candidates: 1, configuration: 1 },
    });
    return offer;
  }

  /** Offers and accepts. */
  give(item: WorkItemId, agent: string): void {
    const offer = this.offer(item, agent);
    this.#accept(this.#open(item), AgentId.parse(agent), offer);
  }

  close(item: WorkItemId): void {
    const { agent, segment, queue } = this.#open(item);
    if (agent && segment)
      this.tell({ type: 'segment-ended', item, agent, segment, ending: 'closed' });
    this.tell({ type: 'work-item-closed', item, queue, ending: 'handled', by: agent });
  }

  readonly methods: Implementation<Contract>['methods'] = {
    ...NOT_PLAYED,
    submit: async ({ item }) => {
      this.enter(item.queue, {
        id: item.id,
        conversation: item.conversation,
        channel: item.channel,
      });
      return { position: this.position };
    },
    abandon: async () => ({ abandoned: false }),
    customerWrote: async () => NOTHING,
    openItems: async () => ({ items: [...this.centre.items.values()], position: this.position }),
    endings: async () => ({ endings: [] }),
    keepPlace: async ({ to }) => ({ item: to }),
    cancelCallback: async () => ({ cancelled: false }),
    estimates: async () => ({ estimates: [] }),
    expectedWaits: async ({ lines }) => ({ waits: lines.map(() => null) }),
    explain: async ({ item }) => ({ item, decisions: [] }),
    logIn: async ({ agent, station, device }) => {
      const channels: Channel[] = ['web-chat', 'task'];
      this.tell({ type: 'agent-logged-in', agent, station, channels, device });
      return { agent: this.#agent(agent) };
    },
    logOut: async ({ agent, by }) => {
      this.#agent(agent);
      this.tell({ type: 'agent-logged-out', agent, reason: by ? 'forced' : 'asked', by });
      return NOTHING;
    },
    setReadiness: async ({ agent, readiness, by }) => {
      this.#agent(agent);
      this.tell({ type: 'agent-readiness-changed', agent, readiness, by });
      return { agent: this.#agent(agent) };
    },
    reportDevice: async ({ agent, channel, fault }) => {
      this.#agent(agent);
      this.tell({ type: 'agent-device-changed', agent, channel, fault });
      return NOTHING;
    },
    present: async ({ agents }) => {
      this.presences.push([...agents]);
      return NOTHING;
    },
    accept: async ({ item, agent, offer }) => {
      const open = this.#open(item);
      if (open.state !== 'offered' || open.offer !== offer || open.agent !== agent) {
        throw new Refusal('offer-over', 'This offer is over', { item, agent: open.agent });
      }
      this.#accept(open, agent, offer);
      return { item: this.#open(item) };
    },
    decline: async ({ item, agent, offer }) => {
      const { queue } = this.#open(item);
      this.tell(
        { type: 'offer-ended', item, agent, queue, offer, ending: 'declined' },
        { type: 'work-item-requeued', item, queue, reason: 'declined' },
      );
      return NOTHING;
    },
    failOffer: async ({ item, agent, offer, fault: reason }) => {
      const { queue } = this.#open(item);
      this.tell(
        { type: 'offer-ended', item, agent, queue, offer, ending: 'device-error', reason },
        { type: 'work-item-requeued', item, queue, reason: 'device-error' },
      );
      return NOTHING;
    },
    awaitCustomer: async ({ item, agent }) => {
      this.#open(item);
      this.tell({ type: 'work-item-awaits-customer', item, agent });
      return NOTHING;
    },
    close: async ({ item, agent }) => {
      const open = this.#open(item);
      if (open.agent !== agent) {
        throw new Refusal('not-yours', 'This is not yours', { item, owner: open.agent });
      }
      this.close(item);
      return NOTHING;
    },
    endWrapUp: async () => NOTHING,
    transfer: async ({ item, agent, target, to, by }) => {
      const { conversation, queue, channel } = this.#open(item);
      const next = 'queue' in target ? target.queue : queue;
      this.tell({ type: 'work-item-transferred', item, to, by: by ?? agent, queue: next });
      this.enter(next, { id: to, conversation, channel });
      return { item: to };
    },
    park: async ({ item, by, until }) => {
      this.#open(item);
      this.tell({ type: 'work-item-parked', item, by, until });
      return NOTHING;
    },
    wake: async ({ item, by }) => {
      const { queue } = this.#open(item);
      this.tell({ type: 'work-item-requeued', item, queue, reason: 'woken', by });
      return NOTHING;
    },
    assign: async ({ item, agent }) => {
      this.offer(item, agent);
      return NOTHING;
    },
    pullBack: async ({ item, by }) => {
      const { queue } = this.#open(item);
      this.tell({ type: 'work-item-requeued', item, queue, reason: 'pulled-back', by });
      return NOTHING;
    },
    forceClose: async ({ item, by }) => {
      const { queue } = this.#open(item);
      this.tell({ type: 'work-item-closed', item, queue, ending: 'forced', by });
      return NOTHING;
    },
    snapshot: async () => this.centre.snapshot(),
  };

  readonly streams: Implementation<Contract>['streams'] = {
    journal: ({ since }, { signal }) => this.#follow(since ?? this.position, signal),
    async *interlocks() {}, // no switch is asked for anything
  };

  #accept({ id: item, queue }: OpenWorkItem, agent: AgentId, offer: number): void {
    this.tell(
      { type: 'offer-ended', item, agent, queue, offer, ending: 'accepted' },
      { type: 'work-item-accepted', item, agent, queue, segment: SegmentId.parse(newId()), offer },
    );
  }

  #open(item: WorkItemId): OpenWorkItem {
    const open = this.centre.items.get(item);
    if (open) return open;
    throw new Refusal('unknown-item', 'There is no such work item', { item });
  }

  #agent(agent: AgentId): AgentStatus {
    const status = this.centre.agents.get(agent);
    if (status) return status;
    throw new Refusal('not-logged-in', 'The agent is not logged in', { agent });
  }

  async *#follow(
    since: number,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<DirectorRecord, number>> {
    for (let at = since; !signal.aborted;) {
      const event = this.#records[at];
      if (event) {
        at = event.position;
        yield { event, cursor: at };
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#readers.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      this.#readers.delete(resolve);
    }
  }
}
