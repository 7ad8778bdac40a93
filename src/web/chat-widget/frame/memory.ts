import type { Outgoing } from './chat.ts';

interface Kept {
  readonly session?: string;
  readonly outgoing: readonly Outgoing[];
}

/**
 * What this browser keeps of a conversation, for a reload and for other tabs: the session and what was
 * not confirmed. Where the browser forbids storage, a reload begins anew.
 */
export class Memory {
  readonly #key: string;

  constructor(entryPoint: string) {
    this.#key = `emcee.${entryPoint}`;
  }

  read(): Kept {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? '{"outgoing":[]}') as Kept;
    } catch {
      return { outgoing: [] };
    }
  }

  keep(session: string | undefined, outgoing: readonly Outgoing[]): void {
    try {
      if (session === undefined && outgoing.length === 0) localStorage.removeItem(this.#key);
      else
        localStorage.setItem(
          this.#key,
          JSON.stringify({ ...(session ? { session } : {}), outgoing }),
        );
    } catch {
      // nothing to remember with
    }
  }

  /** Calls `heard` with the session that another tab has opened, or nothing when it began anew. */
  onSession(heard: (session: string | undefined) => void): void {
    addEventListener('storage', ({ key, newValue }) => {
      if (key !== this.#key) return;
      heard(newValue === null ? undefined : (JSON.parse(newValue) as Kept).session);
    });
  }
}
