import { pause } from '#base/keep-trying.ts';
import { minutes, seconds, type Clock, type Milliseconds } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { DirectorState, Touched } from './rules/director-state.ts';
import type { Checkpoint } from './tables.ts';

export interface CheckpointsOptions {
  readonly clock: Clock;
  readonly state: DirectorState;
  readonly write: (checkpoint: Checkpoint) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** After so many events. */
  readonly eventsBetween: number;
}

/** What is known once in office. */
export interface InOffice {
  /** Resolves once all that the state holds now is durable. */
  readonly settled: () => Promise<void>;
  /** Told of what is left to the tables alone. */
  readonly forgot: (item: WorkItemId) => void;
}

/** In a quiet centre this often, while anything happens at all. */
const TIME_BETWEEN: Milliseconds = minutes(1);

const PAUSE_AFTER_FAILURE: Milliseconds = seconds(5);

/** Endings that are kept in memory, so that what arrives late or twice is answered without the database. */
const ENDINGS_KEPT = 20_000;

/**
 * Brings what the journal says into tables, now and then, so that a start reads a short tail. Only what
 * changed is written, however often it changed; work that came and went in between costs nothing.
 */
export class Checkpoints implements AsyncDisposable {
  readonly #options: CheckpointsOptions;
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #office: InOffice | undefined;
  /** What changed since the checkpoint at `#position`, and up to where. */
  #items = new Map<WorkItemId, number>();
  #agents = new Map<AgentId, number>();
  #ended = new Map<WorkItemId, number>();
  /** Of the items, those that came in since: no table knows them. */
  #entered = new Map<WorkItemId, number>();
  #position: number;
  #enough = Promise.withResolvers<void>();

  /** @param from The position of the newest checkpoint. */
  constructor(options: CheckpointsOptions, from: number) {
    this.#options = options;
    this.#position = from;
  }

  /** Notes what a step changed. */
  note(events: readonly DirectorEvent[], { items, agents }: Touched): void {
    const { state, eventsBetween } = this.#options;
    const { position } = state;
    for (const item of items) this.#items.set(item, position);
    for (const agent of agents) this.#agents.set(agent, position);
    for (const event of events) {
      if (event.type === 'work-item-entered') this.#entered.set(event.item, position);
      else if (isEnding(event)) this.#ended.set(event.item, position);
    }
    if (position - this.#position >= eventsBetween) this.#enough.resolve();
  }

  /** Another director has brought the tables to `position`: what was noted up to there is in them. */
  othersTook(position: number): void {
    this.#position = Math.max(this.#position, position);
    const all = [this.#items, this.#agents, this.#ended, this.#entered];
    for (const noted of all as Map<unknown, number>[]) {
      for (const [id, at] of noted) if (at <= position) noted.delete(id);
    }
    this.#forget();
  }

  /** From now on checkpoints are taken here. */
  begin(office: InOffice): void {
    this.#office = office;
    this.#running = this.#run();
  }

  /** Writes a last one, so that the next start reads nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return this.#running;
    this.#stop.abort();
    this.#enough.resolve();
    await this.#running;
    if (this.#office) await this.#take(this.#office);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { clock } = this.#options;
    while (!signal.aborted) {
      await Promise.race([this.#enough.promise, pause(clock, TIME_BETWEEN, signal)]);
      if (signal.aborted || !this.#office) return;
      if (!(await this.#take(this.#office))) await pause(clock, PAUSE_AFTER_FAILURE, signal);
    }
  }

  /** @returns Whether the tables are up to date. */
  async #take({ settled }: InOffice): Promise<boolean> {
    const { state, write, failed } = this.#options;
    const before = this.#position;
    if (state.position === before) return true;
    const checkpoint = this.#cut(state);
    try {
      await settled();
      await write(checkpoint);
    } catch (error) {
      this.#giveBack(checkpoint, before);
      failed(error);
      return false;
    }
    this.#forget();
    return true;
  }

  /** It was not written, or nobody knows: the next one tells of these too. */
  #giveBack({ items, agents, endings, position }: Checkpoint, before: number): void {
    const noted = <Id>(ids: Iterable<Id>, later: Map<Id, number>): Map<Id, number> =>
      new Map([...[...ids].map((id) => [id, position] as const), ...later]);
    this.#items = noted(items.keys(), this.#items);
    this.#agents = noted(agents.keys(), this.#agents);
    this.#ended = noted(endings.keys(), this.#ended);
    this.#position = before;
  }

  #cut(state: DirectorState): Checkpoint {
    const { position, lastOffer, entered, ended, centre, memory } = state;
    const checkpoint = {
      position,
      lastOffer,
      entered,
      ended,
      queues: memory.remembered(),
      items: new Map(
        [...this.#items.keys()].flatMap((id) => {
          const item = centre.items.get(id);
          return item || !this.#entered.has(id) ? [[id, item] as const] : [];
        }),
      ),
      agents: new Map([...this.#agents.keys()].map((id) => [id, centre.agents.get(id)])),
      endings: new Map(
        [...this.#ended.keys()].flatMap((id) => {
          const ending = state.endings.get(id);
          return ending ? [[id, ending] as const] : [];
        }),
      ),
    };
    this.#items = new Map();
    this.#agents = new Map();
    this.#ended = new Map();
    this.#entered = new Map();
    this.#position = position;
    this.#enough = Promise.withResolvers();
    return checkpoint;
  }

  /** The oldest endings stand in the table now. */
  #forget(): void {
    const { endings } = this.#options.state;
    let excess = endings.size - this.#ended.size - ENDINGS_KEPT;
    for (const id of endings.keys()) {
      if (excess-- <= 0) return;
      this.#office?.forgot(id);
      endings.delete(id);
    }
  }
}

type EndingEvent = DirectorEvent & {
  type: 'work-item-closed' | 'work-item-transferred' | 'work-item-merged';
};

const isEnding = (event: DirectorEvent): event is EndingEvent =>
  event.type === 'work-item-closed' ||
  event.type === 'work-item-transferred' ||
  event.type === 'work-item-merged';
