import type { AgentId } from '#domain/ids.ts';
import type { Reason } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from '../director-state.ts';
import { refusedBy } from '../rest.ts';

/** What put the chosen agent before another who could have had the item too, with the two values. */
export function outrankedBy(
  state: DirectorState,
  item: OpenWorkItem,
  chosen: AgentId,
  other: AgentId,
): Reason {
  const refused = refusedBy(item);
  if (refused.has(other) && !refused.has(chosen)) {
    return { type: 'outranked', by: 'refused-before' };
  }
  if (item.preferredAgent === chosen) return { type: 'outranked', by: 'preferred-agent' };
  const theirs = state.free.candidate(other, item.channel);
  const chosens = state.free.candidate(chosen, item.channel);
  if (!theirs || !chosens) return { type: 'outranked', by: 'id' };
  if (theirs.load !== chosens.load) {
    const by = 'least-occupied';
    return { type: 'outranked', by, theirs: theirs.load, chosens: chosens.load };
  }
  if (theirs.idleSince !== chosens.idleSince) {
    const by = 'longest-idle';
    return { type: 'outranked', by, theirs: theirs.idleSince, chosens: chosens.idleSince };
  }
  return { type: 'outranked', by: 'id' };
}
