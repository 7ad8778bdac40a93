import { isDeepStrictEqual } from 'node:util';
import type { SegmentId } from '#domain/ids.ts';
import type { DirectorEvent, DirectorRecord } from '#domain/work-item/event.ts';
import { advance } from '../rules/advance.ts';
import type { DirectorState } from '../rules/director-state.ts';

export type Offer = DirectorEvent & { readonly type: 'work-item-offered' };

/** What the journal says was decided, and what the rules decide on the state before. */
export interface Difference {
  readonly position: number;
  readonly journaled: Offer;
  /** Nothing where the rules let the work item wait. */
  readonly again: Offer | undefined;
}

/** Whether the rules made this offer: what a supervisor gives by hand is no decision of theirs. */
export const isDecided = (offer: Offer): boolean => offer.choice.by !== 'supervisor';

/**
 * Makes an offer of the journal again: the rules are asked what becomes of its work item, on the state just
 * before. Takes what they answer into the state.
 *
 * @returns Nothing where it is the same offer in every field; the state then is as the journal's.
 */
export function decideAgain(
  state: DirectorState,
  { position, at }: DirectorRecord,
  journaled: Offer,
): Difference | undefined {
  state.takeTouched(); // what has just been read was decided then
  const { item, agent } = journaled;
  const { events } = advance(
    state,
    { name: 'restOver', params: { item, agent } }, // frees the item for a decision, and nothing else
    { at, mayOffer: true, segment: NO_SEGMENT, newItem: noItem },
  );
  const again = events.find((event): event is Offer => event.type === 'work-item-offered');
  if (events.length === 1 && isDeepStrictEqual(plain(again), plain(journaled))) return undefined;
  return { position, journaled, again };
}

/** As it is read from a journal: without fields that are there and undefined. */
const plain = (value: unknown): unknown => value && JSON.parse(JSON.stringify(value));

/** Nothing begins by an offer. */
const NO_SEGMENT = '00000000-0000-0000-0000-000000000000' as SegmentId;

function noItem(): never {
  throw new Error('Cannot make a work item: an offer makes none');
}
