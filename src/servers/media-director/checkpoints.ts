import { pause } from '#base/keep-trying.ts';
import { minutes, seconds, type Clock, type Milliseconds } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { DirectorState, Touched } from './rules/director-state.ts';
import type { Checkpoint } from './tables.ts';

export interface CheckpointsOptions {
  readonly clock: Clock;
  readonly state: DirectorState;
  /** Resolves once all that the state holds now is durable. */
  readonly settled: () => Promise<void>;
  readonly write: (checkpoint: Checkpoint) => Promise<void>;
  /** Told of what is left to the tables alone. */
  readonly forgot: (item: WorkItemId) => void;
  readonly failed: (error: unknown) => void;
  /** After so many events. */
  readonly eventsBetween: number;
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
  readonly #running: Promise<void>;
  #items = new Set<WorkItemId>();
  #agents = new Set<AgentId>();
  #ended: WorkItemId[] = [];
  #position: number;
  #enough = Promise.withResolvers<void>();

  /** @param from The position of the newest checkpoint. */
  constructor(options: CheckpointsOptions, from: number) {
    this.#options = options;
    this.#position = from;
    this.#running = this.#run();
  }

  /** Notes what a step changed. */
  note(events: readonly DirectorEvent[], { items, agents }: Touched): void {
    for (const item of items) this.#items.add(item);
    for (const agent of agents) this.#agents.add(agent);
    for (const event of events) if (isEnding(event)) this.#ended.push(event.item);
    const { state, eventsBetween } = this.#options;
    if (state.position - this.#position >= eventsBetween) this.#enough.resolve();
  }

  /** Writes a last one, so that the next start reads nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stop.signal.aborted) return this.#running;
    this.#stop.abort();
    this.#enough.resolve();
    await this.#running;
    await this.#take();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const { clock } = this.#options;
    while (!signal.aborted) {
      await Promise.race([this.#enough.promise, pause(clock, TIME_BETWEEN, signal)]);
      if (signal.aborted) return;
      if (!(await this.#take())) await pause(clock, PAUSE_AFTER_FAILURE, signal);
    }
  }

  /** @returns Whether the tables are up to date. */
  async #take(): Promise<boolean> {
    const { state, settled, write, failed } = this.#options;
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
    this.#forget(state);
    return true;
  }

  /** It was not written: the next one tells of these too. */
  #giveBack({ items, agents, endings }: Checkpoint, position: number): void {
    for (const item of items.keys()) this.#items.add(item);
    for (const agent of agents.keys()) this.#agents.add(agent);
    this.#ended = [...endings.keys(), ...this.#ended];
    this.#position = position;
  }

  #cut(state: DirectorState): Checkpoint {
    const { position, lastOffer, entered, ended, centre, memory } = state;
    const checkpoint = {
      position,
      lastOffer,
      entered,
      ended,
      queues: memory.remembered(),
      items: new Map([...this.#items].map((id) => [id, centre.items.get(id)])),
      agents: new Map([...this.#agents].map((id) => [id, centre.agents.get(id)])),
      endings: new Map(
        this.#ended.flatMap((id) => {
          const ending = state.endings.get(id);
          return ending ? [[id, ending] as const] : [];
        }),
      ),
    };
    this.#items = new Set();
    this.#agents = new Set();
    this.#ended = [];
    this.#position = position;
    this.#enough = Promise.withResolvers();
    return checkpoint;
  }

  /** The oldest endings stand in the table now. */
  #forget({ endings }: DirectorState): void {
    let excess = endings.size - this.#ended.length - ENDINGS_KEPT;
    for (const id of endings.keys()) {
      if (excess-- <= 0) return;
      this.#options.forgot(id);
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
