/** Relaxation: a work item asks for less when it has waited long enough, or when nobody is there who could do more. */
import type { Instant } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';
import { stepByTime } from './requirements.ts';

/**
 * The steps that waiting items go on to: of `touched` by time, and of all whom a change of who is logged in
 * concerns. Nothing is looked at that nothing happened to.
 */
export function relaxations(
  state: DirectorState,
  touched: Iterable<WorkItemId>,
  at: Instant,
): DirectorEvent[] {
  const events: DirectorEvent[] = [];
  const relax = (id: WorkItemId): void => {
    const item = state.item(id);
    if (item?.state !== 'queued' || !item.requirements || item.onlyAgent) return;
    const isInTime = stepByTime(item, at) === (item.step ?? 0);
    if (isInTime && state.waiting.get(id)?.asks?.present) return; // nearly always
    const step = stepInForce(state, item, at);
    if (step <= (item.step ?? 0)) return;
    events.push({ type: 'requirement-relaxed', item: id, queue: item.queue, step });
  };
  for (const id of touched) relax(id);
  for (const signature of state.signatures.takeChanged()) {
    for (const id of state.waiting.concerning(signature)) {
      state.keepHoping(id);
      relax(id);
    }
  }
  return events;
}

/**
 * The step that an item should be in: by its time in the queue; but one that nobody logged in can meet is
 * skipped, provided that somebody can meet a later one. It never goes back.
 */
export function stepInForce(state: DirectorState, item: OpenWorkItem, at: Instant): number {
  const byTime = stepByTime(item, at);
  const { requirements = [] } = item;
  for (let step = byTime; step < requirements.length; step++) {
    if (state.signatureOf(item, step)?.present) return step;
  }
  return byTime;
}
