import { useEffect } from 'react';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Summary } from '#servers/desktop-server/api/work.ts';

/** Tells in the tab's title what waits, for an agent who works in another window. */
export function useTitle(
  offers: number,
  held: readonly OpenWorkItem[],
  summaries: ReadonlyMap<WorkItemId, Summary>,
): void {
  const unread = held.reduce((sum, item) => sum + (summaries.get(item.id)?.unread ?? 0), 0);
  useEffect(() => {
    const waiting = offers > 0 ? 'New contact' : unread > 0 ? `${unread} unread` : '';
    document.title = waiting ? `${waiting} · Emcee` : 'Emcee';
  }, [offers, unread]);
}
