/** A centre that keeps what explaining and replaying need. Only tests import this file. */
import { Refusal } from '#base/refusal.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import { History } from '../insight/history.ts';
import { MemoryArchive } from '../insight/memory-archive.ts';
import { documents, RuleCentre, type Documents } from './centre.ts';
import { perform, type Deed } from './deeds.ts';

/** Its journal from the beginning, and every document it heard. */
export class KeptCentre extends RuleCentre {
  readonly #heard: StoredDocument[];

  constructor(wanted: Documents, now?: number) {
    super(wanted, now);
    this.#heard = documents(wanted);
    this.run('configurationChanged', {});
  }

  override configure(wanted: Documents): void {
    this.#heard.push(...documents(wanted, this.state.configuration.revision + 1));
    super.configure(wanted);
  }

  /** What it has kept; what happens later belongs to it, too. */
  get history(): History {
    return new History(new MemoryArchive(this.journal, this.#heard));
  }

  /** Lives through deeds, whatever is refused. */
  live(deeds: readonly Deed[]): this {
    for (const deed of deeds) {
      try {
        perform(this, deed, () => {});
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return this;
  }
}
