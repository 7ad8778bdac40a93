import { setImmediate as immediate } from 'node:timers/promises';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { DirectorState, NOTHING_YET, type Policy } from '../rules/director-state.ts';
import { anchorOf } from './anchors.ts';
import type { History } from './history.ts';

/** So many events, or agents, are looked at before others have their turn: some milliseconds at most. */
export const AT_A_TIME = 250;

/**
 * The director's state at positions of the past, going forward only. It is its reader's own: nobody decides
 * on it. Reads in the background: others have their turn after every few hundred events.
 */
export class PastState {
  #state: DirectorState;
  readonly #history: History;
  readonly #signal: AbortSignal;
  #revision = 0;
  #pieces = 0;

  private constructor(state: DirectorState, history: History, signal: AbortSignal) {
    this.#state = state;
    this.#history = history;
    this.#signal = signal;
  }

  /** As it is now: another one where an older configuration came into force. */
  get state(): DirectorState {
    return this.#state;
  }

  /** The revision of the configuration that is in force. */
  get revision(): number {
    return this.#revision;
  }

  /** As it was when everything up to and with `position` had happened, and nothing else. @throws The signal's reason. */
  static async at(
    position: number,
    { history, policy, signal }: { history: History; policy: Policy; signal: AbortSignal },
  ): Promise<PastState> {
    const anchor = await history.anchorAt(position, signal);
    const past = new PastState(new DirectorState(policy, anchor ?? NOTHING_YET), history, signal);
    await past.take(anchor?.revision ?? (await past.#firstRevision(position)));
    await past.goTo(position);
    return past;
  }

  /** Goes on to a later position. @throws The signal's reason. */
  async goTo(position: number): Promise<void> {
    const records = this.#history.records(this.state.position, position, this.#signal);
    for await (const record of records) await this.apply(record);
    if (this.state.position !== position) {
      throw new Error(
        `Cannot go to position ${position}: the journal ends at ${this.state.position}`,
      );
    }
  }

  /** Takes the next event in, and the configuration that it says is in force. */
  async apply({ at, body }: DirectorRecord): Promise<void> {
    if (body.type === 'configuration-taken') await this.take(body.revision);
    if (body.type === 'work-item-offered') await this.take(body.choice.configuration);
    this.state.apply(at, body);
    await this.pause();
  }

  /** Puts the configuration in force as it was at a revision. */
  async take(revision: number): Promise<void> {
    if (revision === this.#revision) return;
    if (revision < this.#revision) this.#forgetConfiguration();
    // All at once: each part of it would look through everything that waits.
    const documents = await Array.fromAsync(this.#history.documents(this.#revision, revision));
    this.state.configure(documents.flat());
    await this.#breathe();
    this.#revision = revision;
  }

  /** To be called after every piece of work: now and then others have their turn. */
  async pause(): Promise<void> {
    if (++this.#pieces % AT_A_TIME === 0) await this.#breathe();
  }

  /** A journal of before says which configuration it saw with its first offer. */
  async #firstRevision(until: number): Promise<number> {
    for await (const { body } of this.#history.records(0, until, this.#signal)) {
      if (body.type === 'configuration-taken') return body.revision;
      if (body.type === 'work-item-offered') return body.choice.configuration;
    }
    return 0;
  }

  /** Whoever succeeds a director may have heard less than it had: what is not known yet cannot be taken back one by one. */
  #forgetConfiguration(): void {
    this.#state = new DirectorState(this.#state.policy, anchorOf(this.#state));
    this.#revision = 0;
  }

  async #breathe(): Promise<void> {
    this.state.takeTouched(); // nobody asks for it, and it would grow
    await immediate();
    this.#signal.throwIfAborted();
  }
}
