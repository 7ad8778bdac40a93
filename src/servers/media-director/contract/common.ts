/** Who may ask the media director, and what it refuses with. */
import { z } from 'zod';
import { AgentId, WorkItemId } from '#domain/ids.ts';

export const STORES = [
  'simple-messaging-media-store',
  'email-media-store',
  'task-media-store',
  'voice-media-store',
] as const;
export const DESKTOP = ['desktop-server'] as const;
export const nothing = z.object({});
export const UnknownItem = z.object({ item: WorkItemId });
export const itemErrors = {
  /** No open work item has that id: it may have been closed meanwhile. */
  'unknown-item': UnknownItem,
  /** The item is in a state that does not allow this; `state` is that state. */
  'wrong-state': z.object({ item: WorkItemId, state: z.string() }),
  /** The caller's agent does not own the item, or the offer was to somebody else. */
  'not-yours': z.object({ item: WorkItemId, owner: AgentId.optional() }),
};
export const staleOffer = {
  /** That offer is over: it ran out, was withdrawn, or somebody else holds the item now. */
  'offer-over': z.object({ item: WorkItemId, agent: AgentId.optional() }),
};
export const agentErrors = {
  /** The agent is not logged in. */
  'not-logged-in': z.object({ agent: AgentId }),
};

export const pageErrors = {
  /** That answer is no longer kept: begin again. */
  'unknown-page': nothing,
};
