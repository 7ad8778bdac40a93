import type { Instant, Milliseconds } from '#base/time.ts';
import type { Queue } from '#domain/configuration/documents.ts';
import type { AgentId, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { AgentFacts } from './agent-facts.ts';
import { rankOf } from './order.ts';
import { preferenceEnds, preferredAgents, waitedFor } from './preferred.ts';
import type { RequirementSignature } from './signatures.ts';
import type { Waiting } from './line.ts';

/** What placing depends on beside the item. */
interface Known {
  agent(id: AgentId): AgentFacts | undefined;
  queue(id: QueueId): Queue | undefined;
  signatureOf(item: OpenWorkItem, step?: number): RequirementSignature | undefined;
}

const NONE: readonly never[] = [];

/** How a waiting item is to be found at this moment; it stands in no line yet. @param ageing `organisation.routing.ageing` */
export function placingOf(
  known: Known,
  item: OpenWorkItem,
  ageing: Milliseconds,
  at: Instant,
): Waiting {
  const { onlyAgent, queue } = item;
  const isForOne = onlyAgent !== undefined;
  const asks = isForOne ? undefined : known.signatureOf(item);
  const isPreferring = !isForOne && preferenceEnds(item, at) !== undefined;
  return {
    ...rankOf(item, known.queue(queue), ageing),
    item,
    asks,
    only: isForOne ? [onlyAgent] : isPreferring ? waitedFor(known, item, at) : NONE,
    prefers: isPreferring ? preferredAgents(item) : NONE,
    hopes: asks && hasLaterStep(item) ? hopesOf(known, item, asks) : NONE,
    inQueue: undefined,
    line: undefined,
  };
}

const hasLaterStep = ({ requirements = [], step = 0 }: OpenWorkItem): boolean =>
  step + 1 < requirements.length;

/** What it asks for; and while nobody is there for that, what it will ask for in later steps. */
const hopesOf = (
  known: Known,
  item: OpenWorkItem,
  asks: RequirementSignature,
): RequirementSignature[] => (asks.present > 0 ? [asks] : [asks, ...laterSignatures(known, item)]);

const laterSignatures = (known: Known, item: OpenWorkItem): RequirementSignature[] =>
  (item.requirements ?? []).flatMap((_, step) =>
    step > (item.step ?? 0) ? (known.signatureOf(item, step) ?? []) : [],
  );
