/** A text that is in memory while there is room for it. */
export interface HeldText {
  /** Nothing once others have taken its place: the tables have it. */
  readonly text: string | undefined;
}

class Held implements HeldText {
  text: string | undefined;

  constructor(text: string) {
    this.text = text;
  }
}

/** How many places are cut off at once: a shift of a long array costs its length. */
const CUT = 1_024;

/** What was written last, so that followers of the journal get its text without asking the tables. */
export class Texts {
  readonly #characters: number;
  #held: Held[] = [];
  /** Those before this index have given up their place. */
  #start = 0;
  #kept = 0;

  /** @param characters How much is kept. */
  constructor(characters: number) {
    this.#characters = characters;
  }

  hold(text: string): HeldText {
    const held = new Held(text);
    this.#held.push(held);
    this.#kept += text.length;
    while (this.#kept > this.#characters) this.#release();
    if (this.#start >= CUT && this.#start * 2 > this.#held.length) {
      this.#held = this.#held.slice(this.#start);
      this.#start = 0;
    }
    return held;
  }

  /** Forgets everything: somebody was erased, and the tables know whom. */
  clear(): void {
    while (this.#start < this.#held.length) this.#release();
  }

  #release(): void {
    const oldest = this.#held[this.#start++];
    this.#kept -= oldest?.text?.length ?? 0;
    if (oldest) oldest.text = undefined;
  }
}
