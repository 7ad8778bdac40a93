import type { Agent } from '#domain/configuration/documents.ts';
import { CHANNELS, type Channel } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** An agent as the question "what may they be offered?" needs them. */
export interface AgentFacts {
  readonly status: AgentStatus;
  readonly agent: Agent;
  /** Offers and contacts; wrap-ups stand in the status. */
  readonly work: readonly OpenWorkItem[];
}

/**
 * The channels in which the agent may be offered work now. Nobody whose browser is gone, who is not
 * ready or is about to be, or who has an offer to answer; and nobody above their capacity, whichever
 * queue it would come from.
 */
export function openChannels({ status, agent, work }: AgentFacts): Channel[] {
  const { readiness, pending } = status;
  if (!status.present || readiness.state !== 'ready' || pending?.state === 'not-ready') return [];
  if (work.some((item) => item.state === 'offered')) return [];
  return CHANNELS.filter(
    (channel) =>
      readiness.except?.[channel] === undefined && roomIn(channel, { status, agent, work }) > 0,
  );
}

/** How many more contacts of a channel the agent can have: capacity less offers, contacts and wrap-ups. */
export function roomIn(channel: Channel, { status, agent, work }: AgentFacts): number {
  const used =
    work.filter((item) => item.channel === channel).length +
    status.wrapUps.filter((wrapUp) => wrapUp.channel === channel).length;
  return (agent.capacity[channel] ?? 0) - used;
}
