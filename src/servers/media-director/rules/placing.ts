import type { Instant, Milliseconds } from '#base/time.ts';
import type { Queue } from '#domain/configuration/documents.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { AgentFacts } from './availability.ts';
import { rankOf } from './order.ts';
import { preferenceEnds, preferredAgents, waitedFor } from './preferred.ts';
import type { RequirementSignature } from './signatures.ts';
import type { Placing } from './waiting-work.ts';

/** What placing depends on beside the item. */
interface Known {
  agent(id: AgentId): AgentFacts | undefined;
  queue(id: QueueId): Queue | undefined;
  signatureOf(item: OpenWorkItem, step?: number): RequirementSignature | undefined;
}

const NONE: readonly never[] = [];

/** How a waiting item is to be found at this moment. @param ageing `organisation.routing.ageing` */
export function placingOf(
  known: Known,
  item: OpenWorkItem,
  ageing: Milliseconds,
  at: Instant,
): Placing {
  const { onlyAgent, queue } = item;
  const rank = rankOf(item, known.queue(queue), ageing);
  if (onlyAgent !== undefined) {
    return { ...rank, asks: undefined, only: [onlyAgent], prefers: NONE, hopes: NONE };
  }
  const asks = known.signatureOf(item);
  const isPreferring = preferenceEnds(item, at) !== undefined;
  const only = isPreferring ? waitedFor(known, item, at) : NONE;
  const hopes = asks?.present === 0 ? laterSignatures(known, item) : NONE;
  return {
    ...rank,
    asks,
    only,
    prefers: isPreferring ? preferredAgents(item) : NONE,
    // What stands in nobody's line but its own is not found by what it asks for: it is told by itself.
    hopes: only.length > 0 && asks ? [...hopes, asks] : hopes,
  };
}

/** What it will ask for in later steps. */
const laterSignatures = (known: Known, item: OpenWorkItem): RequirementSignature[] =>
  (item.requirements ?? []).flatMap((_, step) =>
    step > (item.step ?? 0) ? (known.signatureOf(item, step) ?? []) : [],
  );
