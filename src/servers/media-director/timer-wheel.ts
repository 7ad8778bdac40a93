/** 32 slots a level, so that which of them are taken fits into the bits of one whole number. */
const SLOTS = 32;
const LEVELS = 10;

/** What is due later than this, some 35,000 years on, is due then. */
const LAST = SLOTS ** LEVELS - 1;

/** Something that is due at a time. It belongs to the wheel that made it. */
export interface Timer<T> {
  readonly what: T;
  /** By the clock of its wheel. */
  readonly due: number;
}

class Entry<T> implements Timer<T> {
  readonly what: T;
  readonly due: number;
  /** Where it stands; nowhere once it is taken or cancelled. */
  slot: Slot<T> | undefined;
  before: Entry<T> | undefined;
  after: Entry<T> | undefined;

  constructor(what: T, due: number) {
    this.what = what;
    this.due = due;
  }
}

/** Everything of one stretch of time, in the order in which it was put there. */
interface Slot<T> {
  readonly level: Level<T>;
  readonly index: number;
  first: Entry<T> | undefined;
  last: Entry<T> | undefined;
}

interface Level<T> {
  /** How long a slot of it lasts. */
  readonly width: number;
  readonly slots: Slot<T>[];
  /** Which slots hold anything, bit by bit. */
  taken: number;
}

/**
 * What falls due, by a hierarchy of wheels: putting something in and cancelling it cost the same however
 * much is in it.
 *
 * ```
 * level 0:  32 slots of 1 ms         the stretch of 32 ms that it is now
 * level 1:  32 slots of 32 ms        the stretch of 1,024 ms that it is now, behind those
 * level 2:  32 slots of 1,024 ms     and so on: each slot covers all of the level below
 * ```
 * When time reaches a slot, what stands in it moves to the levels below, and at last to the slot of its own
 * millisecond. What is due at the same time keeps the order in which it was put in.
 */
export class TimerWheel<T> {
  readonly #levels = Array.from({ length: LEVELS }, (_, n) => levelOf<T>(SLOTS ** n));
  /** Up to here everything has been taken out. */
  #now: number;

  /** @param now What its clock says, in whole milliseconds. */
  constructor(now: number) {
    this.#now = now;
  }

  /** Puts something in. What is due before now is due now. */
  put(due: number, what: T): Timer<T> {
    const entry = new Entry(what, Math.max(Math.min(Math.ceil(due), LAST), this.#now));
    this.#place(entry);
    return entry;
  }

  /** Takes something out that is not due yet; of what was taken already, nothing happens. */
  cancel(timer: Timer<T>): void {
    const { slot, before, after } = timer as Entry<T>;
    if (!slot) return;
    if (before) before.after = after;
    else slot.first = after;
    if (after) after.before = before;
    else slot.last = before;
    if (!slot.first) slot.level.taken &= ~(1 << slot.index);
    (timer as Entry<T>).slot = undefined;
  }

  /** Nothing is due before this; Infinity where there is nothing. Not always the very time of the first. */
  get next(): number {
    const slot = this.#firstSlot();
    return slot ? this.#startOf(slot) : Infinity;
  }

  /** Takes everything out that is due at `now`, the earliest first. */
  takeUntil(now: number): T[] {
    const taken: T[] = [];
    for (let slot = this.#firstSlot(); slot; slot = this.#firstSlot()) {
      const start = this.#startOf(slot);
      if (start > now) break;
      this.#now = Math.max(this.#now, start);
      for (const entry of empty(slot)) {
        if (slot.level.width === 1) taken.push(entry.what);
        else this.#place(entry);
      }
    }
    this.#now = Math.max(this.#now, now);
    return taken;
  }

  /** Its clock was set back: what is in it is due when that clock says so. */
  setBack(now: number): void {
    if (now >= this.#now) return;
    const all = this.#levels.flatMap(({ slots }) => slots.flatMap((slot) => empty(slot)));
    this.#now = now;
    // what is due at the same time stood in one slot: its order stays
    for (const entry of all) this.#place(entry);
  }

  /** The slot that is reached first. A lower level ends before any other slot of a higher one begins. */
  #firstSlot(): Slot<T> | undefined {
    for (const { taken, slots } of this.#levels) {
      if (taken !== 0) return slots[31 - Math.clz32(taken & -taken)];
    }
    return undefined;
  }

  #startOf({ level: { width }, index }: Slot<T>): number {
    const stretch = width * SLOTS;
    return Math.floor(this.#now / stretch) * stretch + index * width;
  }

  /** The lowest level whose stretch of now holds the time. */
  #place(entry: Entry<T>): void {
    let [then, now] = [entry.due, this.#now];
    for (const { slots } of this.#levels) {
      const [stretch, present] = [Math.floor(then / SLOTS), Math.floor(now / SLOTS)];
      const slot = stretch === present ? slots[then % SLOTS] : undefined;
      if (slot) return append(slot, entry);
      [then, now] = [stretch, present];
    }
  }
}

function levelOf<T>(width: number): Level<T> {
  const level: Level<T> = { width, slots: [], taken: 0 };
  for (let index = 0; index < SLOTS; index++) {
    level.slots.push({ level, index, first: undefined, last: undefined });
  }
  return level;
}

function append<T>(slot: Slot<T>, entry: Entry<T>): void {
  entry.slot = slot;
  entry.before = slot.last;
  entry.after = undefined;
  if (slot.last) slot.last.after = entry;
  else {
    slot.first = entry;
    slot.level.taken |= 1 << slot.index;
  }
  slot.last = entry;
}

/** Takes everything out of a slot, in its order. */
function empty<T>(slot: Slot<T>): Entry<T>[] {
  const entries: Entry<T>[] = [];
  for (let entry = slot.first; entry; entry = entry.after) {
    entry.slot = undefined;
    entries.push(entry);
  }
  slot.first = undefined;
  slot.last = undefined;
  slot.level.taken &= ~(1 << slot.index);
  return entries;
}
