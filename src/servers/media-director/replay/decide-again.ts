import { isDeepStrictEqual } from 'node:util';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import type { DirectorState, Touched } from '../rules/director-state.ts';
import { isByRules } from '../rules/explain/is-by-rules.ts';
import { match } from '../rules/match.ts';

export type Offer = DirectorEvent & { readonly type: 'work-item-offered' };

/** What the journal says was decided, and what the rules decide on the state before. */
export interface Difference {
  readonly position: number;
  readonly journaled: Offer;
  /** Nothing where the rules let the work item wait. */
  readonly again: Offer | undefined;
}

/**
 * Makes an offer of the journal again, on the state just before it: the same matching is asked what it
 * offers next. A step may have been begun by the work item, by the agent, or by everybody at once after
 * the database was away, which the journal does not tell; it is asked in that order. Changes nothing.
 *
 * @returns Nothing where it is the same offer in every field.
 */
export function decideAgain(
  state: DirectorState,
  { position, at }: DirectorRecord,
  journaled: Offer,
): Difference | undefined {
  const { item, agent } = journaled;
  const begunBy: readonly (() => Touched)[] = [
    () => touching([item], []),
    () => touching([], [agent]),
    () => touching([], state.centre.agents.keys()),
  ];
  let first: Offer | undefined;
  for (const begin of begunBy) {
    const again = firstOffer(state, begin(), at);
    if (again && isDeepStrictEqual(plain(again), plain(journaled))) return undefined;
    first ??= again;
  }
  return { position, journaled, again: first };
}

/** Whether there is anything to decide again: what people give to people by hand is no decision of the rules. */
export const isDecided = ({ choice }: Offer): boolean => isByRules(choice);

/** Ends the matching with its first offer, before anything is taken in. */
class Offered extends Error {
  readonly offer: Offer;

  constructor(offer: Offer) {
    super('The first offer is made');
    this.offer = offer;
  }
}

function firstOffer(state: DirectorState, touched: Touched, at: number): Offer | undefined {
  try {
    match(state, touched, at, (event) => {
      if (event.type === 'work-item-offered') throw new Offered(event);
    });
  } catch (error) {
    if (error instanceof Offered) return error.offer;
    throw error;
  }
  return undefined;
}

const touching = (items: Iterable<Offer['item']>, agents: Iterable<Offer['agent']>): Touched => ({
  items: new Set(items),
  agents: new Set(agents),
});

/** As it is read from a journal: without fields that are there and undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
