import type { Instant } from '#base/time.ts';
import type { AgentId, SegmentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Batch } from './batch.ts';
import { type LiveSegment, isOpen, isWrappingUp } from './live.ts';

/**
 * Counts owners' segments: how long agents had contacts, and wrapped them up. A segment is kept until the agent's
 * next one ends, since its wrap-up begins behind its end, when the work item may be gone already.
 */
export class SegmentTally {
  readonly #segments = new Map<SegmentId, LiveSegment>();
  /** Segments that have ended and are kept for their wrap-up. */
  readonly #finished = new Map<AgentId, Set<SegmentId>>();

  constructor(segments: readonly LiveSegment[]) {
    for (const segment of segments) {
      this.#segments.set(segment.segment, segment);
      if (!isOpen(segment)) this.#finish(segment);
    }
  }

  get(segment: SegmentId): LiveSegment | undefined {
    return this.#segments.get(segment);
  }

  all(): readonly LiveSegment[] {
    return [...this.#segments.values()];
  }

  /** Counts an event; `items` are those open before it. */
  count(
    at: Instant,
    event: DirectorEvent,
    items: ReadonlyMap<WorkItemId, OpenWorkItem>,
    batch: Batch,
  ): void {
    switch (event.type) {
      case 'work-item-accepted': {
        const { segment, agent, item } = event;
        if (!items.has(item) || this.#segments.has(segment)) return;
        return this.#put({ segment, agent, item, queue: event.queue, from: at }, batch);
      }
      case 'owner-changed': {
        // They took part before; it is theirs to handle from here on.
        const { segment, agent, item: id } = event;
        const item = items.get(id);
        if (!item || this.#segments.has(segment)) return;
        return this.#put({ segment, agent, item: id, queue: item.queue, from: at }, batch);
      }
      case 'segment-ended': {
        const segment = this.#segments.get(event.segment);
        if (!segment || !isOpen(segment)) return;
        this.#dropFinished(event.agent, batch);
        batch.count(at, segment, { handled: 1 });
        batch.handled(segment, { from: segment.from, to: at }, false);
        this.#finish(segment);
        return this.#put({ ...segment, to: at, ending: event.ending }, batch);
      }
      case 'wrap-up-started': {
        const segment = this.#segments.get(event.segment);
        if (segment) this.#put({ ...segment, wrapUpFrom: at, wrapUpTo: undefined }, batch);
        return;
      }
      case 'wrap-up-ended': {
        const segment = this.#segments.get(event.segment);
        if (!segment || segment.wrapUpFrom === undefined || !isWrappingUp(segment)) return;
        batch.handled(segment, { from: segment.wrapUpFrom, to: at }, true);
        return this.#put({ ...segment, wrapUpTo: at, code: event.code }, batch);
      }
      case 'agent-logged-out':
        return this.#dropFinished(event.agent, batch);
      default: // of other things; taking part without owning is nobody's contact in figures
        return;
    }
  }

  #put(segment: LiveSegment, batch: Batch): void {
    this.#segments.set(segment.segment, segment);
    batch.segments.set(segment.segment, segment);
    batch.touch({ kind: 'segment', id: segment.segment });
  }

  #finish({ agent, segment }: LiveSegment): void {
    const finished = this.#finished.get(agent);
    if (finished) finished.add(segment);
    else this.#finished.set(agent, new Set([segment]));
  }

  #dropFinished(agent: AgentId, batch: Batch): void {
    const finished = this.#finished.get(agent);
    for (const id of finished ?? []) {
      const segment = this.#segments.get(id);
      if (segment && isWrappingUp(segment)) continue;
      finished?.delete(id);
      this.#segments.delete(id);
      batch.touch({ kind: 'segment', id });
    }
    if (finished?.size === 0) this.#finished.delete(agent);
  }
}
