/**
 * What the media director promises: the universal queue. Stores put work items in; it finds each an
 * agent; desktops accept, decline and finish. Every answer that changes something is durable first.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import { AGENT_METHODS } from './contract/agents.ts';
import { DESKTOP, STORES } from './contract/common.ts';
import { INSIGHT_METHODS } from './contract/insight.ts';
import { MOVING_METHODS } from './contract/moving.ts';
import { PARTICIPANT_METHODS } from './contract/participants.ts';
import { READING_METHODS } from './contract/reading.ts';
import { STANDING_METHODS } from './contract/standing.ts';
import { STORE_METHODS } from './contract/stores.ts';
import { SUPERVISION_METHODS } from './contract/supervision.ts';
import { CALL_METHODS, SWITCH_METHODS, SWITCH_STREAMS } from './contract/switch.ts';
import { WORK_METHODS } from './contract/work.ts';

export { Submission } from './contract/stores.ts';
export type { Page } from '#domain/work-item/whole-centre.ts';

export const mediaDirector = defineContract({
  name: 'media-director',
  version: 1,
  methods: {
    ...STORE_METHODS,
    ...AGENT_METHODS,
    ...WORK_METHODS,
    ...MOVING_METHODS,
    ...PARTICIPANT_METHODS,
    ...SUPERVISION_METHODS,
    ...READING_METHODS,
    ...STANDING_METHODS,
    ...INSIGHT_METHODS,
    ...SWITCH_METHODS,
    ...CALL_METHODS,
  },
  streams: {
    /** The journal, every event once it is durable. Without `since`: from now on. */
    journal: {
      event: DirectorRecord,
      cursor: z.int().min(0),
      roles: [...DESKTOP, ...STORES, 'web-chat-gateway', 'ids-multimedia', 'ids-view'],
    },
    ...SWITCH_STREAMS,
  },
});
