import { messageOf } from '#base/failure.ts';
import { keepTrying } from '#base/keep-trying.ts';
import type { ConversationId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import type { Platform } from '#platform/platform.ts';
import type { Rooms } from '../rooms.ts';
import { type Step, itemOf } from '../rules/visibility.ts';
import { Ring } from './ring.ts';

/** A step and, once somebody needed it, its frame as it goes over the wire. */
export interface KeptStep extends Step {
  readonly position: number;
  frame?: Buffer;
}

export interface CentreListener {
  /** The director's journal went on by one event. */
  step(step: KeptStep): void;
  /** The centre was read anew: what was known before no longer counts. */
  reset(): void;
}

/** The centre as it is now, kept by following the director's journal from a snapshot. */
export class CentreFeed implements AsyncDisposable {
  /** False until the first snapshot is in. */
  isKnown = false;
  readonly #rooms: Rooms;
  readonly #platform: Pick<Platform, 'health' | 'clock'>;
  readonly #ring: Ring<KeptStep>;
  readonly #byConversation = new Map<ConversationId, OpenWorkItem['id']>();
  readonly #listeners = new Set<CentreListener>();
  readonly #life = new AbortController();
  #centre = new Centre();
  #running: Promise<void> | undefined;

  constructor(rooms: Rooms, platform: Pick<Platform, 'health' | 'clock'>, kept: number) {
    this.#rooms = rooms;
    this.#platform = platform;
    this.#ring = new Ring(kept);
  }

  /** Begins to follow. Listeners that were added before miss nothing. */
  start(): void {
    const { health, clock } = this.#platform;
    this.#running ??= keepTrying((signal) => this.#follow(signal), {
      clock,
      signal: this.#life.signal,
      failed: (error) => health.report('media-director', 'degraded', messageOf(error)),
    });
  }

  get centre(): Centre {
    return this.#centre;
  }

  /** What happened lately. */
  get steps(): Ring<KeptStep> {
    return this.#ring;
  }

  /** The open work item of a conversation. */
  itemOf(conversation: ConversationId): OpenWorkItem | undefined {
    const id = this.#byConversation.get(conversation);
    return id && this.#centre.items.get(id);
  }

  listen(listener: CentreListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const snapshot = await wholeCentre((page) =>
      this.#rooms.director.call.snapshot({ page }, { signal }),
    );
    if (!this.isKnown || snapshot.position !== this.#centre.position)
      this.#reset(Centre.of(snapshot));
    this.#platform.health.report('media-director', 'good');
    const { journal } = this.#rooms.director.follow;
    for await (const { event } of journal({ since: this.#centre.position, signal })) {
      if (event.position <= this.#centre.position) continue;
      if (event.position !== this.#centre.position + 1) {
        throw new Error(`Events ${this.#centre.position + 1} to ${event.position - 1} are missing`);
      }
      this.#take(event);
    }
  }

  #reset(centre: Centre): void {
    this.#centre = centre;
    this.#ring.reset(centre.position);
    this.#byConversation.clear();
    for (const item of centre.items.values()) this.#byConversation.set(item.conversation, item.id);
    this.isKnown = true;
    for (const listener of this.#listeners) listener.reset();
  }

  #take(record: DirectorRecord): void {
    const id = itemOf(record.body);
    const before = id && this.#centre.items.get(id);
    this.#centre.apply(record);
    const after = id && this.#centre.items.get(id);
    if (after) this.#byConversation.set(after.conversation, after.id);
    else if (before && this.#byConversation.get(before.conversation) === before.id) {
      this.#byConversation.delete(before.conversation);
    }
    const step: KeptStep = { position: record.position, record, before, after };
    this.#ring.push(step);
    for (const listener of this.#listeners) listener.step(step);
  }
}
