/**
 * The life of a work item: which state follows which event, and who may cause it. The only place
 * where this stands; the director, the data servers and the screens all ask it.
 */
import { z } from 'zod';

export const WORK_ITEM_STATES = [
  'queued',
  'offered',
  'accepted',
  'parked',
  'awaiting-customer',
  'closed',
  'transferred',
  'merged',
] as const;
export const WorkItemState = z.enum(WORK_ITEM_STATES);
export type WorkItemState = z.infer<typeof WorkItemState>;

/** A state nothing leaves: the pass through the queue is over. */
export const isFinal = (state: WorkItemState): boolean =>
  state === 'closed' || state === 'transferred' || state === 'merged';

export const WORK_ITEM_MOVES = [
  'offer', // the director found an agent, or a supervisor named one
  'accept',
  'decline',
  'no-answer', // the offer's deadline passed
  'device-error', // the agent's device failed before the offer could be heard
  'withdraw-offer', // the director or a supervisor took the offer back
  'abandon', // the customer left before anybody answered
  'park',
  'wake', // the follow-up date came, the customer wrote, or somebody asked
  'await-customer',
  'customer-replied',
  'requeue', // the owner vanished, or a supervisor pulled it back
  'transfer',
  'merge',
  'close', // the owner finished it, or its call is over
  'force-close', // a supervisor, or the store whose content is gone
] as const;
export type WorkItemMove = (typeof WORK_ITEM_MOVES)[number];

export type MoveActor = 'director' | 'owner' | 'offered-agent' | 'supervisor' | 'store';

interface Transition {
  readonly to: WorkItemState;
  readonly by: readonly MoveActor[];
}

const OFFER: Transition = { to: 'offered', by: ['director', 'supervisor'] };
const BACK: Transition = { to: 'queued', by: ['director', 'supervisor', 'store'] };
const FOR_ALL: Transition = { to: 'queued', by: ['supervisor'] };
const ABANDON: Transition = { to: 'closed', by: ['store'] };
const FORCE_CLOSE: Transition = { to: 'closed', by: ['supervisor', 'store'] };
const MERGE: Transition = { to: 'merged', by: ['owner', 'supervisor'] };
const MOVE_ON: Transition = { to: 'transferred', by: ['owner', 'supervisor'] };
const BY_SUPERVISOR: Transition = { to: 'transferred', by: ['supervisor'] };
/** The store: its customer wants to be called back. */
const OUT_OF_LINE: Transition = { to: 'transferred', by: ['supervisor', 'store'] };

/** State × move → next state and who may. A pair that is not here is refused with `wrong-state`. */
export const TRANSITIONS: Readonly<
  Record<WorkItemState, Readonly<Partial<Record<WorkItemMove, Transition>>>>
> = {
  queued: {
    offer: OFFER,
    park: { to: 'parked', by: ['supervisor'] },
    requeue: FOR_ALL, // where it waits for one agent alone
    transfer: { ...OUT_OF_LINE, by: ['director', ...OUT_OF_LINE.by] }, // where it has waited too long
    merge: MERGE,
    abandon: ABANDON,
    'force-close': FORCE_CLOSE,
  },
  offered: {
    accept: { to: 'accepted', by: ['offered-agent'] },
    decline: { to: 'queued', by: ['offered-agent'] },
    'no-answer': { to: 'queued', by: ['director'] },
    'device-error': { to: 'queued', by: ['director', 'offered-agent'] },
    'withdraw-offer': { to: 'queued', by: ['director', 'supervisor'] },
    transfer: OUT_OF_LINE,
    merge: { to: 'merged', by: ['supervisor'] },
    abandon: ABANDON,
    'force-close': FORCE_CLOSE,
  },
  accepted: {
    park: { to: 'parked', by: ['owner', 'supervisor'] },
    'await-customer': { to: 'awaiting-customer', by: ['owner'] },
    requeue: BACK,
    transfer: MOVE_ON,
    merge: MERGE,
    close: { to: 'closed', by: ['owner', 'store'] },
    'force-close': FORCE_CLOSE,
  },
  parked: {
    wake: { to: 'queued', by: ['director', 'owner', 'supervisor', 'store'] },
    requeue: FOR_ALL,
    transfer: BY_SUPERVISOR,
    merge: MERGE,
    'force-close': FORCE_CLOSE,
  },
  'awaiting-customer': {
    'customer-replied': { to: 'accepted', by: ['store'] },
    park: { to: 'parked', by: ['owner', 'supervisor'] },
    requeue: BACK,
    transfer: MOVE_ON,
    merge: MERGE,
    close: { to: 'closed', by: ['owner', 'store'] },
    'force-close': FORCE_CLOSE,
  },
  closed: {},
  transferred: {},
  merged: {},
};

/** The state `move` leads to, or why it cannot be made. */
export function nextState(
  from: WorkItemState,
  move: WorkItemMove,
  by: MoveActor,
): { type: 'moved'; to: WorkItemState } | { type: 'wrong-state' } | { type: 'not-allowed' } {
  const transition = TRANSITIONS[from][move];
  if (!transition) return { type: 'wrong-state' };
  return transition.by.includes(by)
    ? { type: 'moved', to: transition.to }
    : { type: 'not-allowed' };
}
