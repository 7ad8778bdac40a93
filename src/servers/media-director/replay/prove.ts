import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { History } from '../insight/history.ts';
import { PastState } from '../insight/past-state.ts';
import type { Policy } from '../rules/director-state.ts';
import { decideAgain, isDecided, type Difference } from './decide-again.ts';

export interface ProveOptions {
  readonly history: History;
  readonly policy: Policy;
  /** Behind this position up to and with the next. */
  readonly since: number;
  readonly until: number;
  readonly signal: AbortSignal;
  /** Told of every record once it is looked at, in order. */
  readonly each?: (record: DirectorRecord) => void;
}

/** What a replay proves. */
export interface Proof {
  /** Offers that the rules made, and of them those that came out the same. */
  readonly decisions: number;
  readonly same: number;
  /** Offers made by hand: there is nothing to decide again. */
  readonly byHand: number;
  /** The first that differ. */
  readonly differences: readonly Difference[];
  /** How far it got: with many differences it stops, for the rules or the configuration are others. */
  readonly until: number;
}

const MOST_DIFFERENCES = 20;

/**
 * Runs a stretch of the journal through `advance()` again, offer by offer, each on the state that the
 * journal gives for the moment before it.
 *
 * @throws The signal's reason.
 */
export async function prove({ since, until, each, ...parts }: ProveOptions): Promise<Proof> {
  const differences: Difference[] = [];
  let [decisions, same, byHand, at] = [0, 0, 0, since];
  let past = await PastState.at(since, parts);
  for await (const record of parts.history.records(since, until, parts.signal)) {
    const { body, position } = record;
    at = position;
    if (body.type !== 'work-item-offered' || !isDecided(body)) {
      if (body.type === 'work-item-offered') byHand++;
      await past.apply(record);
    } else {
      decisions++;
      await past.take(body.choice.configuration);
      const difference = decideAgain(past.state, record, body);
      await past.pause();
      if (!difference) same++;
      else {
        differences.push(difference);
        if (differences.length >= MOST_DIFFERENCES) break;
        past = await PastState.at(position, parts); // what was decided now is not what happened
      }
    }
    each?.(record);
  }
  return { decisions, same, byHand, differences, until: at };
}
