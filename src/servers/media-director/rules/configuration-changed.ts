import type { CommandParams, CommandReplies } from './command.ts';
import { done, type Rule } from './plan.ts';
import { leave } from './session.ts';

/** Agents who were retired are logged out. What else changed for agents, the state knows already. */
export const configurationChanged: Rule<
  CommandParams['configurationChanged'],
  CommandReplies['configurationChanged']
> = (state, _, facts) =>
  done(
    [...state.centre.agents.keys()]
      .filter((agent) => !state.configuration.get('agent', agent))
      .flatMap((agent) => leave(state, agent, { reason: 'retired' }, facts)),
  );
