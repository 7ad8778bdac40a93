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
}

const MOST_DIFFERENCES = 20;

/**
 * Runs a stretch of the journal through the rules again, offer by offer, each on the state that the journal
 * gives for the moment before it.
 *
 * @throws The signal's reason.
 */
export async function prove({ since, until, each, ...parts }: ProveOptions): Promise<Proof> {
  const differences: Difference[] = [];
  let [decisions, same, byHand] = [0, 0, 0];
  const past = await PastState.at(since, parts);
  for await (const record of parts.history.records(since, until, parts.signal)) {
    const { body } = record;
    if (body.type === 'work-item-offered' && !isDecided(body)) byHand++;
    else if (body.type === 'work-item-offered') {
      decisions++;
      await past.take(body.choice.configuration);
      const difference = decideAgain(past.state, record, body);
      if (!difference) same++;
      else if (differences.length < MOST_DIFFERENCES) differences.push(difference);
    }
    await past.apply(record);
    each?.(record);
  }
  return { decisions, same, byHand, differences };
}
