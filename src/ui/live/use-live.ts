import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Me } from '#servers/desktop-server/api/session.ts';
import type { Live } from './live.ts';

/** Who is signed in, and the centre as they see it. */
export interface Seat {
  readonly me: Me;
  readonly live: Live;
}

export const SeatContext = createContext<Seat | undefined>(undefined);

/** The seat of this page; the component renders again whenever the centre changes. */
export function useLive(): Seat {
  const seat = useContext(SeatContext);
  if (!seat) throw new Error('Cannot read the centre: the screen is not inside <SignedIn>');
  useSyncExternalStore(seat.live.subscribe, () => seat.live.version);
  return seat;
}
