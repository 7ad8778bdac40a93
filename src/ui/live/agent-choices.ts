import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { Live } from './live.ts';
import { readinessName } from './readiness.ts';

/** The agents who are logged in and fit, each with their readiness, to choose one of. */
export const agentChoices = (
  { centre, configuration }: Live,
  fits: (status: AgentStatus) => boolean = () => true,
): { value: string; label: string }[] =>
  [...centre.agents.values()].filter(fits).map(({ id, readiness }) => ({
    value: id,
    label: `${configuration.nameOf('agent', id)} — ${readinessName(configuration, readiness)}`,
  }));
