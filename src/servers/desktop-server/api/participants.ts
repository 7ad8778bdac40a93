import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { ParticipantRole } from '#domain/work-item/event.ts';
import { Participant } from '#domain/work-item/open-work-item.ts';
import { Nothing } from './common.ts';

const id = z.object({ id: WorkItemId });
const participant = z.object({ id: WorkItemId, agent: AgentId });
const itemErrors = { 'unknown-item': 404, 'wrong-state': 409, 'not-yours': 403 } as const;
const joinErrors = {
  ...itemErrors,
  'takes-part-already': 409,
  'too-many-participants': 409,
  'not-logged-in': 409,
  'no-capacity': 409,
  away: 409,
} as const;

/** Several people at one work item: consulting, conferring, coaching, listening, barging in. */
export const participantsApi = defineApi({
  invite: {
    method: 'POST',
    path: '/work-items/{id}/participants',
    params: id,
    body: z.object({ colleague: AgentId, role: z.enum(['consulted', 'conferee']) }),
    result: Participant,
    roles: ['agent'],
    summary:
      'Asks a colleague to take part: consulted, unseen by the customer, or as conferee. It rings there like an offer.',
    errors: { ...joinErrors, rings: 409 },
  },
  answerInvitation: {
    method: 'POST',
    path: '/work-items/{id}/invitation',
    params: id,
    body: z.object({ invitation: z.int(), answer: z.enum(['accept', 'decline']) }),
    result: Nothing,
    roles: ['agent'],
    summary: 'Answers an invitation; `invitation` is its token.',
    errors: { 'invitation-over': 409 },
  },
  join: {
    method: 'POST',
    path: '/work-items/{id}/join',
    params: id,
    body: z.object({ role: z.enum(['monitor', 'coach', 'conferee']) }),
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Comes without being asked: to listen, to coach, or as conferee to barge in.',
    errors: joinErrors,
  },
  changeRole: {
    method: 'PUT',
    path: '/work-items/{id}/participants/{agent}',
    params: participant,
    body: z.object({ role: ParticipantRole }),
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary:
      'The owner lets a colleague speak, or not any more; a supervisor who joined changes their own role.',
    errors: {
      ...itemErrors,
      'takes-no-part': 404,
      'wrong-role': 409,
      'not-logged-in': 409,
      'no-capacity': 409,
    },
  },
  leave: {
    method: 'POST',
    path: '/work-items/{id}/leave',
    params: id,
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary:
      'Ends the caller’s part. An owner hands over to who has taken part for the longest, else to the queue.',
  },
  removeParticipant: {
    method: 'DELETE',
    path: '/work-items/{id}/participants/{agent}',
    params: participant,
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary:
      'Ends somebody’s part, or takes an invitation back: a supervisor anybody’s, the owner that of whoever was invited.',
    errors: itemErrors,
  },
});
