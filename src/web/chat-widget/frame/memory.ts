import { newId } from '#base/id.ts';
import type { Outgoing } from './chat.ts';

/** What this browser keeps of a conversation, for a reload and for other tabs. */
export interface Kept {
  readonly session?: string;
  readonly outgoing: readonly Outgoing[];
  /** The last message that was read. */
  readonly seen: number;
}

const NOTHING: Kept = { outgoing: [], seen: 0 };
const VISITOR_KEY = 'emcee.visitor';

/** The browser's storage for one entry point. Where the browser forbids it, a reload begins anew. */
export class Memory {
  readonly #key: string;

  constructor(entryPoint: string) {
    this.#key = `emcee.${entryPoint}`;
  }

  read(): Kept {
    try {
      return {
        ...NOTHING,
        ...(JSON.parse(localStorage.getItem(this.#key) ?? '{}') as Partial<Kept>),
      };
    } catch {
      return NOTHING;
    }
  }

  keep(kept: Kept): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // nothing to remember with
    }
  }

  /** A number of this browser, so that a customer who comes back is known; made once. */
  visitor(): string {
    try {
      const known = localStorage.getItem(VISITOR_KEY);
      if (known) return known;
      const made = newId();
      localStorage.setItem(VISITOR_KEY, made);
      return made;
    } catch {
      return newId();
    }
  }

  /** Calls `heard` with what another tab keeps now. */
  onChange(heard: (kept: Kept) => void): void {
    addEventListener('storage', ({ key }) => {
      if (key === this.#key) heard(this.read());
    });
  }
}
