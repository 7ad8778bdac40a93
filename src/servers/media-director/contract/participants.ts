/** Who takes part in a work item beside its owner. */
import { z } from 'zod';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { ParticipantRole } from '#domain/work-item/event.ts';
import { Participant } from '#domain/work-item/open-work-item.ts';
import { agentErrors, DESKTOP, itemErrors, nothing } from './common.ts';

const joining = {
  ...itemErrors,
  ...agentErrors,
  /** They are there in another role, or own it. */
  'takes-part-already': z.object({ item: WorkItemId, agent: AgentId }),
  'too-many-participants': z.object({ item: WorkItemId, most: z.int() }),
  /** They have no room for one more contact of that channel. */
  'no-capacity': z.object({ agent: AgentId }),
  /** Their browser is gone. */
  away: z.object({ agent: AgentId }),
};

export const PARTICIPANT_METHODS = {
  /**
   * The owner asks a colleague to take part: `consulted` whispers with the agents, `conferee` speaks with
   * the customer too. It rings like an offer and takes up room like a contact. Inviting twice to the
   * same has the effect of once.
   */
  invite: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      colleague: AgentId,
      role: z.enum(['consulted', 'conferee']),
    }),
    result: z.object({ participant: Participant }),
    errors: {
      ...joining,
      /** An offer or another invitation rings there. */
      rings: z.object({ agent: AgentId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  answerInvitation: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      invitation: z.int(),
      answer: z.enum(['accept', 'decline']),
    }),
    result: nothing,
    errors: {
      /** It ran out, was taken back, or the item has gone on or ended. */
      'invitation-over': z.object({ item: WorkItemId, agent: AgentId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /** A supervisor comes without being asked. As `conferee` (barge in) it takes up room of theirs. */
  join: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      role: z.enum(['monitor', 'coach', 'conferee']),
    }),
    result: nothing,
    errors: joining,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * The owner (`by`) makes a colleague they invited `conferee` or `consulted`; a supervisor who came by
   * themselves goes between `monitor`, `coach` and `conferee`.
   */
  changeRole: {
    params: z.object({ item: WorkItemId, agent: AgentId, role: ParticipantRole, by: AgentId }),
    result: nothing,
    errors: {
      ...itemErrors,
      ...agentErrors,
      'takes-no-part': z.object({ item: WorkItemId, agent: AgentId }),
      /** Not from the role they have. */
      'wrong-role': z.object({ item: WorkItemId, role: ParticipantRole }),
      'no-capacity': z.object({ agent: AgentId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Ends the agent's part. When the owner leaves, whoever has been consulted or conferring for the
   * longest owns it; where nobody is, it goes back to its queue with its age.
   */
  leave: {
    params: z.object({ item: WorkItemId, agent: AgentId }),
    result: nothing,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * Ends somebody's part, or takes an invitation back: a supervisor (`by`) anybody's, the owner (`agent`)
   * that of whoever was invited.
   */
  removeParticipant: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      participant: AgentId,
      by: AgentId.optional(),
    }),
    result: nothing,
    errors: itemErrors,
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
