/** What an agent says of being available. Presence (a browser is there) is another matter. */
import { z } from 'zod';
import { Channel, CodeId } from '../ids.ts';

/**
 * `ready` for all channels but those in `except`; or `not-ready` with the reason an agent chose, or
 * one of the reserved ones, as `no-answer`.
 */
export const Readiness = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('ready'),
    /** Channels the agent is not ready for though ready otherwise, each with its reason. */
    except: z.partialRecord(Channel, CodeId).optional(),
  }),
  z.object({ state: z.literal('not-ready'), reason: CodeId }),
]);
export type Readiness = z.infer<typeof Readiness>;

/**
 * Ready for `channels` but those in `except`. Who would be ready for none of them is not ready, with the
 * reason of the first; what is excepted beside them is left out.
 */
export function readyExcept(
  except: Readonly<Partial<Record<Channel, CodeId>>>,
  channels: readonly Channel[],
): Readiness {
  const excepted = channels.flatMap((channel) => {
    const reason = except[channel];
    return reason === undefined ? [] : [[channel, reason] as const];
  });
  const [first] = excepted;
  if (!first) return { state: 'ready' };
  return excepted.length === channels.length
    ? { state: 'not-ready', reason: first[1] }
    : { state: 'ready', except: Object.fromEntries(excepted) };
}

/** Reasons of being not ready that the product sets by itself; no configured code may take their ids. */
export const RESERVED_REASONS = [
  'logged-in',
  'no-answer',
  'vanished',
  'device-error',
  'by-choice',
] as const;
