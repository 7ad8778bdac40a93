import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { Agent } from '#domain/configuration/documents.ts';
import type { CentreRouting } from '#domain/configuration/routing.ts';
import type { OpenWorkItem, Participant } from '#domain/work-item/open-work-item.ts';

/** A work item of somebody else's in which an agent takes part, or is asked to. */
export interface Part {
  readonly item: OpenWorkItem;
  readonly participant: Participant;
}

/** An agent as the question "what may they be offered?" needs them. */
export interface AgentFacts {
  readonly status: AgentStatus;
  readonly agent: Agent;
  /** Offers and contacts they own; wrap-ups stand in the status. */
  readonly work: readonly OpenWorkItem[];
  readonly parts: readonly Part[];
  readonly routing: CentreRouting;
}
