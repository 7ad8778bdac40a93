import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { Latest } from '#base/latest.ts';
import { type Milliseconds, seconds } from '#base/time.ts';
import type { Platform } from '#platform/platform.ts';
import type { idsMultimedia } from '#servers/ids-multimedia/contract.ts';

/** Boards and notices closer together than this no eye could follow. */
export const BOARD_EVERY: Milliseconds = seconds(1);

/** Figures move without events too: handle time grows, the day ends. */
const WITHOUT_EVENTS_EVERY: Milliseconds = seconds(15);

/** Knows that there is something new to show: told by the data server's stream, or sooner by multicast. */
export class News implements AsyncDisposable {
  /** The newest version heard of, each time there may be something new. */
  readonly version = new Latest(0);
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;

  constructor(multimedia: Client<typeof idsMultimedia>, platform: Platform) {
    const { signal } = this.#stop;
    this.#running = Promise.all([
      this.#follow(multimedia, platform, signal),
      this.#tick(platform, signal),
      this.#tellNetwork(platform, signal),
    ]);
  }

  /** Something changed beside the journal. */
  tell(): void {
    this.version.set(this.version.value);
  }

  /** The network said that there is a version; the stream may have said so before. */
  heard(version: number): void {
    if (version > this.version.value) this.version.set(version);
  }

  #follow(
    multimedia: Client<typeof idsMultimedia>,
    { clock, health }: Platform,
    signal: AbortSignal,
  ): Promise<void> {
    return keepTrying(
      async () => {
        for await (const { event } of multimedia.follow.versions({ signal })) {
          health.report('ids-multimedia', 'good');
          // Lower than before where the data server begins anew: its version is right.
          if (event.version !== this.version.value) this.version.set(event.version);
        }
      },
      {
        clock,
        signal,
        failed: (error) => health.report('ids-multimedia', 'degraded', messageOf(error)),
      },
    );
  }

  async #tick({ clock }: Platform, signal: AbortSignal): Promise<void> {
    for (; !signal.aborted; await pause(clock, WITHOUT_EVENTS_EVERY, signal)) this.tell();
  }

  /** Nobody depends on hearing it. */
  async #tellNetwork({ clock, beacons }: Platform, signal: AbortSignal): Promise<void> {
    let told = -1;
    for await (const version of this.version.follow(signal)) {
      if (version === told) continue;
      told = version;
      beacons.send('ids-view-multicast', { version });
      await pause(clock, BOARD_EVERY, signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }
}
