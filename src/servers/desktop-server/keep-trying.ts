import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '#base/time.ts';

const FIRST_WAIT = seconds(0.5);
const LONGEST_WAIT = seconds(10);

/** Runs `work` until the signal, again and again with growing pauses when it fails or ends. */
export async function keepTrying(
  work: (signal: AbortSignal) => Promise<void>,
  failed: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    const started = performance.now();
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    if (signal.aborted) return;
    // What ran for a while had come up: its next try is a first one.
    wait = performance.now() - started > LONGEST_WAIT ? FIRST_WAIT : Math.min(wait * 2, LONGEST_WAIT);
    await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
