import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds, type Clock, type Instant, type Milliseconds } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import {
  SegmentId,
  WorkItemId as Item,
  type AgentId,
  type QueueId,
  type SwitchId,
  type WorkItemId,
} from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { Agenda } from './agenda.ts';
import type { Ledger } from './ledger.ts';
import { advance, type Step } from './rules/advance.ts';
import { dueOfQueue } from './rules/brake-over.ts';
import { dueOfAgent, dueOfItem } from './rules/by-the-clock.ts';
import type { Command, CommandName, CommandReplies, DueCommand } from './rules/command.ts';
import type { DirectorState, Touched } from './rules/director-state.ts';
import type { Violation } from '#domain/work-item/standing.ts';
import { overloads } from './rules/invariants.ts';

export interface DirectorOptions {
  readonly clock: Clock;
  readonly state: DirectorState;
  readonly ledger: Ledger;
  /** Told of every step that changed something: what changed, and by which events. */
  readonly stepped?: (events: readonly DirectorEvent[], touched: Touched) => void;
  readonly violated?: (violations: readonly Violation[]) => void;
}

/** Callers that wait for an answer: one more is refused. Half of what the journal takes. */
const MOST_WAITING = 10_000;

/** Steps of its own accord that are not durable yet: further ones wait, so that callers are not crowded out. */
const MOST_DUE_IN_FLIGHT = 1_000;

/** When nothing has become durable for so long, nobody is offered what they could not see. */
const STALLED_AFTER: Milliseconds = seconds(2);

/** When nothing has become durable for so long, an answer may have got stuck on its way. */
const IN_DOUBT_AFTER: Milliseconds = 500;

/** An offer that took longer to become durable was not seen all the while. */
const SEEN_WITHIN: Milliseconds = seconds(2);

/** Deadlines of so many work items are put down at once: some tens of milliseconds. */
const ITEMS_AT_ONCE = 2_000;

/** Where no organisation is configured yet. */
const VANISH_GRACE: Milliseconds = seconds(20);

/**
 * Keeps the state, decides one command after the other on it, and answers once that is durable. Time
 * comes in by the agenda: offers, wrap-ups, follow-up dates, service levels, presence.
 *
 * ```
 * command, or due ─▶ advance (state changes at once) ─▶ ledger ─▶ durable ─▶ answer
 * ```
 * The state runs ahead of the ledger by what is being written. When writing fails, all of it is void:
 * `failed` resolves, and whoever made the director makes another from what is durable.
 */
export class Director implements AsyncDisposable {
  readonly state: DirectorState;
  /** Resolves with the reason when the state is void. Until then nothing is wrong. */
  readonly failed: Promise<unknown>;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #options: DirectorOptions;
  readonly #agenda: Agenda<DueCommand>;
  readonly #fail: (reason: unknown) => void;
  /** What has fallen due and was not decided yet. */
  #due: DueCommand[] = [];
  /** How many of them have been decided: taking them out one by one would move the rest each time. */
  #decided = 0;
  /** Work items whose deadlines are still to be put down, where much changed at once. */
  readonly #untimed = new Set<WorkItemId>();
  #timing: Disposable | undefined;
  /** Offers that the agent could see nearly from the beginning. */
  readonly #seen = new Map<WorkItemId, number>();
  #isOver = false;
  #isVoid = false;
  #waiting = 0;
  /** Steps that are not durable yet, and of those the ones that fell due. */
  #inFlight = 0;
  #dueInFlight = 0;
  /** Since when nothing has become durable though something waits. */
  #waitsSince = 0;
  /** Resolves when the last step is durable, or the state void. */
  #durable: Promise<void> = Promise.resolve();

  constructor(options: DirectorOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#ledger = options.ledger;
    this.state = options.state;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.failed = promise;
    this.#fail = (reason) => {
      this.#isVoid = true;
      resolve(reason);
    };
    this.#agenda = new Agenda({
      clock: options.clock,
      due: (command) => this.#fallDue(this.#withFacts(command)),
      heldUp: () => this.#graceForAll(),
    });
  }

  /** Takes up what the state holds: deadlines go on, everybody gets a fresh grace, and whoever can be matched is. */
  begin(): void {
    const { items, agents } = this.state.centre;
    this.#sync({ items: new Set(items.keys()), agents: new Set(agents.keys()) });
    this.#graceForAll();
    this.#fallDue({ name: 'configurationChanged', params: {} });
    this.#fallDue({ name: 'resumed', params: {} });
  }

  /** Whether deadlines are kept just now: while nothing becomes durable, what falls due waits. */
  get keepsTime(): boolean {
    const hasDecided = this.#decided >= this.#due.length && this.#untimed.size === 0;
    return this.#ledger.isOurs && !this.#isStalled() && hasDecided;
  }

  /** Callers that wait for an answer. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Decides a command; resolves once it is durable, and everything before it.
   *
   * @throws {Refusal} What the rules refuse; `busy` when too many wait or the director begins anew.
   */
  async run<K extends CommandName>(command: Command<K>): Promise<CommandReplies[K]> {
    if (this.#waiting >= MOST_WAITING) {
      throw new Refusal('busy', 'Cannot decide this now: too much waits for the database');
    }
    if (this.#isVoid || this.#isOver) throw beginsAnew();
    this.#waiting++;
    try {
      const { outcome, events } = this.#step(command);
      await (events.length > 0 ? this.#durable : this.settled());
      if (this.#isVoid) throw beginsAnew();
      if (outcome.type === 'reply') return outcome.reply;
      throw new Refusal(outcome.code, outcome.message, outcome.data);
    } finally {
      this.#waiting--;
    }
  }

  /**
   * Resolves once everything that has been decided so far is durable, and nobody else can have decided more.
   *
   * @throws {Refusal} `busy` when that will never be, or is no longer ours to say.
   */
  async settled(): Promise<void> {
    await this.#durable;
    if (!this.#ledger.isOurs) await this.#ledger.ours().catch((reason) => this.#fail(reason));
    if (this.#isVoid) throw beginsAnew();
  }

  /** The desktops that are there now. Resolves at once unless somebody had been gone. */
  async present(agents: readonly AgentId[]): Promise<void> {
    const back = agents.filter((id) => this.state.centre.agents.get(id)?.present === false);
    if (back.length > 0) await this.run({ name: 'present', params: { agents: back } });
    for (const agent of agents) if (this.state.centre.agents.has(agent)) this.#graceFor(agent);
  }

  /** A switch spoke: what is known of its agents is trusted for a while longer. */
  heard(of: SwitchId): void {
    const at = this.#clock.now() + SWITCH_SILENT_AFTER;
    this.#putDownAnew(silenceOf(of), at, { name: 'switchSilent', params: { switch: of } });
  }

  /** Takes configuration in; it holds from the next decision on. */
  configure(documents: readonly StoredDocument[]): void {
    this.state.configure(documents);
    this.#fallDue({ name: 'configurationChanged', params: {} });
  }

  /** Decides nothing more, and waits until what was decided is durable. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#agenda[Symbol.dispose]();
    this.#timing?.[Symbol.dispose]();
    this.#due = [];
    await this.#durable;
  }

  #step<K extends CommandName>(command: Command<K>): Step<CommandReplies[K]> {
    const mayOffer = this.#ledger.isOurs && !this.#isStalled();
    const at = this.#clock.now();
    const step = advance(this.state, command, {
      at,
      mayOffer,
      // chance costs more than most decisions, and few ask for it
      get segment() {
        return SegmentId.parse(newId(at));
      },
      newItem: () => Item.parse(newId(at)),
    });
    if (!mayOffer) this.#resumeSoon();
    if (step.events.length > 0) this.#write(at, step.events);
    this.#sync(step.touched);
    if (step.events.length > 0) this.#options.stepped?.(step.events, step.touched);
    const violations = overloads(this.state, step.events);
    if (violations.length > 0) this.#options.violated?.(violations);
    return step;
  }

  #write(at: number, events: readonly DirectorEvent[]): void {
    const { position } = this.state;
    const decided = this.#clock.monotonic();
    if (this.#inFlight++ === 0) this.#waitsSince = decided;
    const durable = (last: number): void => {
      this.#hasBecomeDurable(decided, events);
      if (last === position) return;
      throw new Error(`Cannot go on at ${position}: the journal is at ${last}`);
    };
    this.#durable = this.#ledger.append(at, events).then(durable).catch(this.#fail);
  }

  #hasBecomeDurable(decided: Milliseconds, events: readonly DirectorEvent[]): void {
    const now = this.#clock.monotonic();
    this.#inFlight--;
    this.#waitsSince = now;
    if (now - decided <= SEEN_WITHIN) {
      for (const event of events) {
        if (event.type === 'work-item-offered') this.#seen.set(event.item, event.offer);
      }
    }
    this.#workOff();
  }

  /** Nobody was matched in this step; it is made good as soon as offers can be seen again. */
  #resumeSoon(): void {
    if (this.#agenda.has(RESUME)) return;
    this.#putDownAnew(RESUME, this.#clock.now() + RESUME_AFTER, { name: 'resumed', params: {} });
  }

  #isStalled(after: Milliseconds = STALLED_AFTER): boolean {
    return this.#inFlight > 0 && this.#clock.monotonic() - this.#waitsSince > after;
  }

  #fallDue(command: DueCommand): void {
    if (this.#isOver) return;
    this.#due.push(command);
    this.#workOff();
  }

  /** Decides what has fallen due, as fast as it becomes durable. What waits has become void or waits on. */
  #workOff(): void {
    while (!this.#isVoid && this.#dueInFlight < MOST_DUE_IN_FLIGHT && !this.#isStalled()) {
      const command = this.#due[this.#decided++];
      if (!command) {
        this.#due = [];
        this.#decided = 0;
        return;
      }
      const { events } = this.#step(command);
      if (events.length === 0) continue;
      this.#dueInFlight++;
      const goOn = (): void => {
        this.#dueInFlight--;
        this.#workOff();
      };
      void this.#durable.then(goOn);
    }
  }

  /** Nobody is blamed for an offer that they could not see, or could not answer for sure. */
  #withFacts(command: DueCommand): DueCommand {
    if (command.name !== 'offerExpired') return command;
    const { item, offer } = command.params;
    const isInDoubt = this.#ledger.isAway || this.#isStalled(IN_DOUBT_AFTER);
    const seen = this.#seen.get(item) === offer && !isInDoubt;
    return { ...command, params: { item, offer, seen } };
  }

  /** Puts down what falls due for what has changed. */
  #sync({ items, agents }: Touched): void {
    const { policy, centre } = this.state;
    if (items.size <= ITEMS_AT_ONCE) this.#time(items);
    else {
      for (const id of items) this.#untimed.add(id);
      if (!this.#timing) this.#timeSome();
    }
    for (const id of agents) {
      const status = centre.agents.get(id);
      const hasWork = this.state.workOf(id).length > 0;
      this.#agenda.set(agentOf(id), status ? dueOfAgent(policy, status, hasWork) : []);
      if (!status?.present) this.#agenda.delete(graceOf(id));
      else if (!this.#agenda.has(graceOf(id))) this.#graceFor(id);
    }
  }

  /** Others have their turn after every few: a director that is held up for long loses its office. */
  #timeSome(): void {
    const some = [...this.#untimed.values().take(ITEMS_AT_ONCE)];
    for (const id of some) this.#untimed.delete(id);
    this.#time(some);
    const isAll = this.#untimed.size === 0;
    this.#timing = isAll ? undefined : this.#clock.after(0, () => this.#timeSome());
  }

  #time(items: Iterable<WorkItemId>): void {
    const now = this.#clock.now();
    const queues = new Set<QueueId>();
    for (const id of items) {
      const item = this.state.item(id);
      this.#agenda.set(id, item ? dueOfItem(this.state, item, now) : []);
      if (item?.state !== 'offered') this.#seen.delete(id);
      if (item) queues.add(item.queue);
    }
    for (const queue of queues)
      this.#agenda.set(queueOf(queue), dueOfQueue(this.state, queue, now));
  }

  /** Counted from now, also where it was put down for the same time. */
  #putDownAnew(subject: string, at: Instant, command: DueCommand): void {
    this.#agenda.delete(subject);
    this.#agenda.set(subject, [{ key: subject, at, by: 'elapsed', command }]);
  }

  #graceForAll(): void {
    for (const [id, status] of this.state.centre.agents) if (status.present) this.#graceFor(id);
    for (const of of this.state.switches.switches) this.heard(of);
  }

  #graceFor(agent: AgentId): void {
    if (this.state.centre.agents.get(agent)?.present !== true) return;
    const [organisation] = this.state.configuration.all('organisation').values();
    const at = this.#clock.now() + (organisation?.vanishGrace ?? VANISH_GRACE);
    this.#putDownAnew(graceOf(agent), at, { name: 'agentVanished', params: { agent } });
  }
}

const RESUME = 'resume';
const RESUME_AFTER: Milliseconds = 200;

/** A switch speaks every 5 s: so long without a word is three of them missed. */
const SWITCH_SILENT_AFTER: Milliseconds = seconds(15);

// What the agenda knows things by; work items by their own id.
const agentOf = (agent: AgentId): string => `agent ${agent}`;
const graceOf = (agent: AgentId): string => `grace ${agent}`;
const queueOf = (queue: QueueId): string => `queue ${queue}`;
const silenceOf = (of: SwitchId): string => `silence ${of}`;

const beginsAnew = (): Refusal =>
  new Refusal('busy', 'Cannot decide this now: the director begins anew from what is durable');
