import { useEffect, useRef } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { useLive } from '#ui/live/use-live.ts';
import { chime, note } from './alert.ts';
import type { Invitation } from './work/taking-part.ts';

/** Tells of each offer and invitation once, however often it is seen. They are numbered in one row. */
export function useOfferAlert(
  offers: readonly OpenWorkItem[],
  invitations: readonly Invitation[],
): void {
  const { live } = useLive();
  const told = useRef(new Set<number>());
  useEffect(() => {
    const ringing = [
      ...offers.map((item) => ({ item, number: item.offer ?? 0 })),
      ...invitations.map(({ item, participant }) => ({
        item,
        number: participant.invitation ?? 0,
      })),
    ];
    const fresh = ringing.filter(({ number }) => number > 0 && !told.current.has(number));
    if (fresh.length === 0) return;
    told.current = new Set(ringing.map(({ number }) => number));
    chime();
    const [first] = fresh;
    if (!first) return;
    const queue = live.configuration.nameOf('queue', first.item.queue);
    note(live.summaries.get(first.item.id)?.title || 'New contact', queue);
  }, [offers, invitations, live]);
}
