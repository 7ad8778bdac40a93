import { pause } from '#base/keep-trying.ts';
import { Refusal } from '#base/refusal.ts';
import { type Clock, seconds } from '#base/time.ts';

/** Others hear of a change within milliseconds; one that has not by then is in trouble. */
const TRIES = 10;
const PAUSE = seconds(0.1);

/**
 * Asks again, for a second, while another component does not know yet what was set up a moment ago: whoever
 * makes an agent and logs it in at once must not be told that there is none.
 *
 * @param code The refusal that may only mean so.
 * @param exists Whether it is there, as the configuration says.
 */
export async function untilHeard<T>(
  ask: () => Promise<T>,
  code: string,
  exists: boolean,
  clock: Clock,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const isUnheard = exists && error instanceof Refusal && error.code === code;
      if (!isUnheard || tries === TRIES) throw error;
      await pause(clock, PAUSE, new AbortController().signal);
    }
  }
}
