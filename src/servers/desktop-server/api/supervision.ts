import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { AgentId, WorkItemId } from '#domain/ids.ts';
import { AgentStatus } from '#domain/agent/agent-status.ts';
import { Explanation } from '#domain/work-item/explanation.ts';
import { CentreSnapshot } from '#domain/work-item/centre.ts';
import { AskedReadiness, Nothing } from './common.ts';

const id = z.object({ id: AgentId });

/** What supervisors do with agents. */
export const supervisionApi = defineApi({
  centre: {
    method: 'GET',
    path: '/centre',
    result: CentreSnapshot,
    roles: ['supervisor'],
    summary: 'All open work items and all logged-in agents.',
  },
  explanation: {
    method: 'GET',
    path: '/work-items/{id}/explanation',
    params: z.object({ id: WorkItemId }),
    query: z.object({
      offer: z.coerce.number().int().min(0).optional(),
      agent: AgentId.optional(),
    }),
    result: Explanation,
    roles: ['supervisor'],
    summary:
      'Why a work item went where it went, or why it waits, and why nobody else got it. Of each reason all agents are counted and the first are named; `agent` is answered for in any case; `offer` asks for one offer alone, 0 for why it waits.',
    errors: { 'unknown-item': 404, 'unknown-offer': 404 },
  },
  forceReadiness: {
    method: 'PUT',
    path: '/agents/{id}/readiness',
    params: id,
    body: AskedReadiness,
    result: AgentStatus,
    roles: ['supervisor'],
    summary: 'Sets an agent ready or not ready.',
    errors: { 'unknown-agent': 404, 'not-logged-in': 409, 'unknown-code': 422 },
  },
  forceLogOut: {
    method: 'POST',
    path: '/agents/{id}/log-out',
    params: id,
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Logs an agent out; their work goes back to its queues.',
    errors: { 'unknown-agent': 404, 'not-logged-in': 409 },
  },
});
