import { newId } from '#base/id.ts';
import { conversationOf } from './chat.ts';
import type { Outgoing } from './chat.ts';

const VISITOR_KEY = 'emcee.visitor';

interface KeptMessage extends Outgoing {
  /** Of which conversation: what belongs to an old one is not sent to a new one. */
  readonly conversation: string;
}

/**
 * What this browser keeps for a reload and shares among its tabs: the session of the conversation, and
 * the messages that are not acknowledged, each under a key of its own, so that two tabs that write at
 * the same time do not lose each other's. Where the browser forbids storage a reload begins anew.
 */
export class Memory {
  readonly #key: string;

  constructor(entryPoint: string) {
    this.#key = `emcee.${entryPoint}`;
  }

  get session(): string | undefined {
    return read(this.#key) ?? undefined;
  }

  set session(session: string | undefined) {
    if (session !== this.session) write(this.#key, session);
  }

  /** The messages of a conversation that are not acknowledged, oldest first. */
  outgoing(session: string | undefined): Outgoing[] {
    const kept: Outgoing[] = [];
    for (const key of keysUnder(`${this.#key}/`)) {
      const message = parse(read(key));
      if (message?.conversation === conversationOf(session)) kept.push(message);
      else write(key, undefined);
    }
    return kept.toSorted((a, b) => a.at - b.at);
  }

  keep(session: string | undefined, message: Outgoing): void {
    const kept: KeptMessage = { ...message, conversation: conversationOf(session) };
    write(`${this.#key}/${message.id}`, JSON.stringify(kept));
  }

  forget(id: string): void {
    write(`${this.#key}/${id}`, undefined);
  }

  /** A number of this browser, so that a customer who comes back is known; made once. */
  visitor(): string {
    const known = read(VISITOR_KEY);
    if (known) return known;
    const made = newId();
    write(VISITOR_KEY, made);
    return made;
  }

  /** Calls `heard` when another tab has begun a conversation or gone to another one. */
  onSession(heard: (session: string) => void): void {
    addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#key && newValue) heard(newValue);
    });
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // the browser forbids it
  }
}

function write(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // forbidden or full: a reload begins anew
  }
}

function keysUnder(prefix: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function parse(text: string | null): KeptMessage | undefined {
  try {
    return JSON.parse(text ?? '') as KeptMessage;
  } catch {
    return undefined;
  }
}
