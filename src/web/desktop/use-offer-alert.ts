import { useEffect, useRef } from 'react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { useLive } from '#ui/live/use-live.ts';
import { chime, note } from './alert.ts';

/** Tells of each offer once, however often it is seen. */
export function useOfferAlert(offers: readonly OpenWorkItem[]): void {
  const { live } = useLive();
  const told = useRef(new Set<number>());
  useEffect(() => {
    const fresh = offers.filter(({ offer }) => offer !== undefined && !told.current.has(offer));
    if (fresh.length === 0) return;
    told.current = new Set(offers.map(({ offer }) => offer ?? 0));
    chime();
    const [first] = fresh;
    if (!first) return;
    const queue = live.configuration.nameOf('queue', first.queue);
    note(live.summaries.get(first.id)?.title || 'New contact', queue);
  }, [offers, live]);
}
