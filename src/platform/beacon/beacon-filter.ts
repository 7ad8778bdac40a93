import type { KeyObject } from 'node:crypto';
import { seconds } from '#base/time.ts';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import type { Notice } from './beacon.ts';
import { decodeBeacon } from './beacon-frame.ts';

/** Why a datagram is not believed. */
export type DropReason = 'malformed' | 'row' | 'time' | 'key' | 'sequence' | 'flood' | 'signature';

/** Clocks of machines that keep the time differ by less; an older notice is a repeated one. */
const WINDOW: Milliseconds = seconds(30);

/** Signatures looked at in a second: some 40 ms of a processor, however much a stranger sends. */
const VERIFIED_PER_SECOND = 200;

/** Instances remembered: a centre has dozens. */
const MOST_INSTANCES = 1_000;

interface Heard {
  readonly sequence: number;
  readonly at: Instant;
}

/** Lets only sound notices of one row through: signed by a known key, of now, each once and in order. */
export class BeaconFilter {
  readonly #row: string;
  readonly #trusted: ReadonlyMap<string, KeyObject>;
  readonly #clock: Clock;
  readonly #dropped: (reason: DropReason) => void;
  readonly #heard = new Map<string, Heard>();
  #second = 0;
  #verified = 0;

  constructor(options: {
    readonly row: string;
    readonly trusted: ReadonlyMap<string, KeyObject>;
    readonly clock: Clock;
    readonly dropped: (reason: DropReason) => void;
  }) {
    this.#row = options.row;
    this.#trusted = options.trusted;
    this.#clock = options.clock;
    this.#dropped = options.dropped;
  }

  /** The notice in a datagram; undefined if it is dropped. */
  pass(bytes: Buffer): Notice | undefined {
    const sealed = decodeBeacon(bytes);
    if (!sealed) return this.#drop('malformed');
    const { row, ...notice } = sealed.notice;
    if (row !== this.#row) return this.#drop('row');
    const now = this.#clock.now();
    if (Math.abs(now - notice.at) > WINDOW) return this.#drop('time');
    const key = this.#trusted.get(sealed.keyId);
    if (!key) return this.#drop('key');
    const sender = `${sealed.keyId} ${notice.instance}`;
    const last = this.#heard.get(sender);
    if (last && notice.sequence <= last.sequence) return this.#drop('sequence');
    if (!this.#mayVerify()) return this.#drop('flood');
    if (!sealed.isSignedBy(key)) return this.#drop('signature');
    this.#remember(sender, { sequence: notice.sequence, at: now });
    return notice;
  }

  #mayVerify(): boolean {
    const second = Math.floor(this.#clock.monotonic() / seconds(1));
    if (second !== this.#second) {
      this.#second = second;
      this.#verified = 0;
    }
    return ++this.#verified <= VERIFIED_PER_SECOND;
  }

  /** Whoever was silent for twice the window can be forgotten: its old notices fail by their time. */
  #remember(sender: string, heard: Heard): void {
    this.#heard.delete(sender);
    this.#heard.set(sender, heard); // the longest silent one is first
    for (const [other, { at }] of this.#heard) {
      if (heard.at - at <= 2 * WINDOW && this.#heard.size <= MOST_INSTANCES) return;
      this.#heard.delete(other);
    }
  }

  #drop(reason: DropReason): undefined {
    this.#dropped(reason);
    return undefined;
  }
}
