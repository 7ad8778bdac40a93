import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { done, type Rule } from './plan.ts';
import { agentGone } from './session.ts';

/**
 * From here on decisions see the documents that the state has taken in; agents who were retired are
 * logged out. What else changed for agents, the state knows already.
 */
export const configurationChanged: Rule<
  CommandParams['configurationChanged'],
  CommandReplies['configurationChanged']
> = (state, _, facts) => {
  const { revision } = state.configuration;
  const taken: DirectorEvent[] =
    revision === state.revisionTaken ? [] : [{ type: 'configuration-taken', revision }];
  const retired = [...state.centre.agents.keys()].filter(
    (agent) => !state.configuration.get('agent', agent),
  );
  const events = [
    ...taken,
    ...retired.flatMap((agent) => agentGone(state, agent, { reason: 'retired' }, facts)),
  ];
  // How long a silent customer's contact takes up room may be another time now.
  const awaiting = [...state.centre.items.values()].filter((i) => i.state === 'awaiting-customer');
  return {
    ...done(events),
    freed: { items: new Set(awaiting.map(({ id }) => id)), agents: new Set() },
  };
};
