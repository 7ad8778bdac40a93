import { pause } from '#base/keep-trying.ts';
import type { Latest } from '#base/latest.ts';
import { type Clock, seconds } from '#base/time.ts';
import type { Beacons } from '#platform/beacon/beacon.ts';

/** Notices closer together than this would tell IDS View nothing it could use. */
const EVERY = seconds(1);

/** Tells the network, once a second at most, that there is something new. Nobody depends on hearing it. */
export class Notices implements Disposable {
  readonly #stop = new AbortController();

  constructor({ beacons, clock }: { beacons: Beacons; clock: Clock }, version: Latest<number>) {
    void this.#run(beacons, clock, version);
  }

  async #run(beacons: Beacons, clock: Clock, versions: Latest<number>): Promise<void> {
    const { signal } = this.#stop;
    for await (const version of versions.follow(signal)) {
      beacons.send('ids-multimedia-multicast', { version });
      await pause(clock, EVERY, signal);
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}
