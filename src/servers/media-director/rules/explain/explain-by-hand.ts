import type { Instant } from '#base/time.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { DirectorState } from '../director-state.ts';
import type { Explained } from './explain-decision.ts';
import { whyNot } from './why-not.ts';

/** As `explainDecision`, where a supervisor chose: nobody else was asked, and most could not have had it. */
export function explainByHand(
  state: DirectorState,
  id: WorkItemId,
  chosen: AgentId,
  at: Instant,
): Explained | undefined {
  const item = state.item(id);
  if (!item) return undefined;
  return {
    agent: chosen,
    reasonOf: (agent) =>
      agent === chosen ? undefined : (whyNot(state, item, agent, at) ?? { type: 'by-hand' }),
  };
}
