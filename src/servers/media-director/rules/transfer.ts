import type { AgentId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { offerEnded } from './answer-offer.ts';
import type { DirectorState } from './director-state.ts';
import { segmentEnded, wrapUpAfter } from './finish.ts';
import { forbids, plan, refuse, unknownItem, wrongState, type Rule } from './plan.ts';

/**
 * One pass ends and another begins, with the age of the first. The old owner is free of it in the same
 * breath. An agent who is there is waited for; one who is not is preferred, and anybody may take it.
 */
export const transfer: Rule<CommandParams['transfer'], CommandReplies['transfer']> = (
  state,
  { item: id, agent, target, to, by = agent },
  { at },
) => {
  const answer = (): { item: typeof to } => ({ item: to });
  const item = state.item(id);
  if (!item) {
    return state.endings.get(id)?.to === to ? plan([], answer) : unknownItem(id);
  }
  const refused =
    by === agent
      ? forbids(item, 'transfer', 'owner', agent)
      : forbids(item, 'transfer', 'supervisor');
  if (refused) return refused;
  const taken = state.item(to) ?? (state.endings.has(to) && { id: to, state: 'closed' as const });
  if (taken) return wrongState(taken);

  const queue = 'queue' in target ? target.queue : item.queue;
  const definition =
    'queue' in target ? state.configuration.get('queue', queue) : state.queue(queue);
  if (!definition) {
    return refuse('unknown-queue', `Cannot transfer to queue "${queue}": there is none`, { queue });
  }
  const colleague = 'agent' in target ? target.agent : undefined;
  if (colleague !== undefined && !state.configuration.get('agent', colleague)) {
    return refuse('unknown-agent', `Cannot transfer to agent "${colleague}": there is none`, {
      agent: colleague,
    });
  }
  const waitsFor = colleague !== undefined && canEverTake(state, colleague, item.channel);
  const entered: DirectorEvent = {
    type: 'work-item-entered',
    item: to,
    conversation: item.conversation,
    interaction: item.interaction,
    channel: item.channel,
    queue,
    priority: item.priority,
    entryPoint: item.entryPoint,
    contact: item.contact,
    enteredAt: item.enteredAt,
    serviceLevelDeadline: at + definition.serviceLevel.threshold,
    onlyAgent: waitsFor ? colleague : undefined,
    preferredAgent: waitsFor ? undefined : colleague,
    previous: id,
  };
  return plan(
    [
      ...offerEnded(item, 'withdrawn'),
      ...segmentEnded(item, 'transferred'),
      { type: 'work-item-transferred', item: id, to, by, ...target },
      entered,
      ...wrapUpAfter(state, item, at, false),
    ],
    answer,
  );
};

/** Whether the agent is there and takes that channel at all; whether there is room now does not matter. */
function canEverTake(state: DirectorState, id: AgentId, channel: string): boolean {
  const facts = state.agent(id);
  return Object.entries(facts?.agent.capacity ?? {}).some(([c, most]) => c === channel && most > 0);
}
