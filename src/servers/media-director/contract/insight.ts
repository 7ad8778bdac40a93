/** Why work goes where it goes. */
import { z } from 'zod';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { Explanation } from '#domain/work-item/explanation.ts';
import { DESKTOP, UnknownItem } from './common.ts';

export const INSIGHT_METHODS = {
  /**
   * Every decision about a work item, open or ended, the oldest first, each with why nobody else got it;
   * last why it waits now, if it does. Recomputed by the rules themselves from what the journal keeps.
   *
   * Of each reason all agents are counted and the first are named: up to 200 where one `offer` is asked
   * for, else 25. `agent` is answered for whatever the bounds. Takes up to some seconds for what is long ago.
   */
  explain: {
    params: z.object({
      item: WorkItemId,
      /** Only this offer; 0: only why it waits now. */
      offer: z.int().min(0).optional(),
      agent: AgentId.optional(),
    }),
    result: Explanation,
    errors: {
      /** No such work item came in, as far back as is kept. */
      'unknown-item': UnknownItem,
      'unknown-offer': z.object({ item: WorkItemId, offer: z.int() }),
    },
    roles: [...DESKTOP, 'command-line'],
    idempotent: true,
  },
} as const;
