import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import { minutes, type Clock, type Milliseconds } from '#base/time.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { CentreSnapshot } from '#domain/work-item/centre.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Page } from '#domain/work-item/whole-centre.ts';

/** Half of what a message may hold, in characters: names need no more than twice that in bytes. */
const PAGE_CHARACTERS = 400_000;

/** Readers come back for the next page at once; one that does not has gone. */
const KEPT_FOR: Milliseconds = minutes(1);

/** Answers that are kept at once: the oldest goes, and its reader begins again. */
const MOST_KEPT = 20;

type Part = CentreSnapshot & { readonly next?: Page };

interface Kept {
  readonly position: number;
  readonly items: readonly OpenWorkItem[];
  readonly agents: readonly AgentStatus[];
  readonly until: Milliseconds;
}

/** Large answers, kept until their last page is read: they share what the centre holds and cost little. */
export class Pages {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The first page of an answer. */
  first(whole: CentreSnapshot): Part {
    const kept = { ...whole, until: this.#clock.monotonic() + KEPT_FOR };
    const id = newId(this.#clock.now());
    const part = this.#cut(kept, { of: id, from: 0 });
    if (part.next) this.#keep(id, kept);
    return part;
  }

  /** @throws {Refusal} `unknown-page` when the answer is no longer kept. */
  more(page: Page): Part {
    const kept = this.#kept.get(page.of);
    if (!kept || kept.until < this.#clock.monotonic()) {
      throw new Refusal('unknown-page', 'Cannot go on with that answer: it is no longer kept', {});
    }
    const part = this.#cut(kept, page);
    if (!part.next) this.#kept.delete(page.of);
    return part;
  }

  #keep(id: string, kept: Kept): void {
    const now = this.#clock.monotonic();
    for (const [old, { until }] of this.#kept) {
      if (until < now || this.#kept.size >= MOST_KEPT) this.#kept.delete(old);
    }
    this.#kept.set(id, kept);
  }

  /** Items first, then agents, as many as fit; at least one. */
  #cut({ position, items, agents }: Kept, { of, from }: Page): Part {
    const part: CentreSnapshot = { position, items: [], agents: [] };
    let at = from;
    for (let characters = 0; characters < PAGE_CHARACTERS; at++) {
      const item = items[at];
      const agent = agents[at - items.length];
      if (item) part.items.push(item);
      else if (agent) part.agents.push(agent);
      else return part;
      characters += JSON.stringify(item ?? agent).length;
    }
    return { ...part, next: { of, from: at } };
  }
}
