/** What readers ask. */
import { z } from 'zod';
import { CentreSnapshot } from '#domain/work-item/centre.ts';
import { Page } from '#domain/work-item/whole-centre.ts';
import { STORES, DESKTOP, pageErrors } from './common.ts';

export const READING_METHODS = {
  /**
   * Everything open and everybody logged in, at a position to follow the journal from. What does not
   * fit into one message comes in pages of that same moment: while an answer has `next`, ask again
   * with it as `page`, within a minute; `wholeCentre` does so.
   */
  snapshot: {
    params: z.object({ page: Page.optional() }),
    result: CentreSnapshot.extend({ next: Page.optional() }),
    errors: pageErrors,
    roles: [...DESKTOP, ...STORES, 'web-chat-gateway', 'ids-multimedia', 'ids-view'],
    idempotent: true,
  },
} as const;
