import { useState } from 'react';
import type { EmailId } from '#domain/ids.ts';
import { type Desk, lookedAt, nextReading, seenNumber, toggled, UNREAD } from './reading.ts';

export interface ReadingHandle {
  readonly open: ReadonlySet<EmailId>;
  readonly unseen: ReadonlyMap<EmailId, number>;
  /** The number up to which everything has been seen. */
  readonly seen: number;
  readonly toggle: (id: EmailId) => void;
  /** Opens everything that has not been seen. */
  readonly look: () => void;
}

/** What of a conversation stands open; what had been read before is asked once, when it is first shown. */
export function useReading(desk: Desk): ReadingHandle {
  const [kept, keep] = useState(UNREAD);
  const reading = nextReading(kept, desk);
  if (reading !== kept) keep(reading);
  return {
    open: reading.open,
    unseen: reading.unseen,
    seen: seenNumber(reading),
    toggle: (id) => keep((before) => toggled(before, id)),
    look: () => keep(lookedAt),
  };
}
