import type { ConversationId } from '#domain/ids.ts';

/** What was written last, so that followers of the journal get its text without asking the tables. */
export class Texts {
  readonly #characters: number;
  readonly #texts = new Map<string, string>();
  #kept = 0;

  /** @param characters How much is kept. */
  constructor(characters: number) {
    this.#characters = characters;
  }

  put(conversation: ConversationId, message: number | string, text: string): void {
    this.#texts.set(keyOf(conversation, message), text);
    this.#kept += text.length;
    if (this.#kept <= this.#characters) return;
    for (const [key, oldest] of this.#texts) {
      this.#texts.delete(key);
      this.#kept -= oldest.length;
      if (this.#kept <= this.#characters) return;
    }
  }

  get(conversation: ConversationId, message: number | string): string | undefined {
    return this.#texts.get(keyOf(conversation, message));
  }

  /** Forgets everything: somebody was erased, and the tables know whom. */
  clear(): void {
    this.#texts.clear();
    this.#kept = 0;
  }
}

/** Messages by their number, notes by their id: an id never looks like a number, it follows a colon. */
const keyOf = (conversation: ConversationId, message: number | string): string =>
  typeof message === 'number' ? `${conversation}/${message}` : `${conversation}:${message}`;
