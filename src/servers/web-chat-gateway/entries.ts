import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { EntryPointId } from '#domain/ids.ts';
import type { Centre } from '#domain/work-item/centre.ts';
import type { EntryState } from './contract.ts';
import { entryState } from './rules/entry-state.ts';

/** The entry points that widgets show, and whether somebody is there for each. */
export class Entries {
  readonly #configuration: Configuration;
  readonly #clock: Clock;
  readonly #states = new Map<EntryPointId, EntryState>();
  readonly #changed: (id: EntryPointId, state: EntryState) => void;
  #centre: Centre | undefined;
  /** Whether the configuration has been read: before, an entry point that is not found may exist. */
  isLoaded = false;

  /** @param changed Called after the state of an entry point that was asked for has changed. */
  constructor(
    configuration: Configuration,
    clock: Clock,
    changed: (id: EntryPointId, state: EntryState) => void,
  ) {
    this.#configuration = configuration;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** What the director knows; nothing while it has not been heard. */
  set centre(centre: Centre | undefined) {
    this.#centre = centre;
    this.refresh();
  }

  /** The state now; nothing where no such entry point is in use. */
  get(id: EntryPointId): EntryState | undefined {
    const known = this.#states.get(id);
    if (known) return known;
    const state = this.#work(id);
    if (state) this.#states.set(id, state);
    return state;
  }

  /** Works the states out anew: to be called when agents, configuration or the hour have changed. */
  refresh(): void {
    for (const [id, before] of this.#states) {
      const state = this.#work(id);
      if (!state) this.#states.delete(id);
      else if (JSON.stringify(state) !== JSON.stringify(before)) {
        this.#states.set(id, state);
        this.#changed(id, state);
      }
    }
  }

  #work(id: EntryPointId): EntryState | undefined {
    return entryState(id, {
      configuration: this.#configuration,
      centre: this.#centre,
      at: this.#clock.now(),
    });
  }
}
