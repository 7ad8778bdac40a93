/** What room an agent has, from first principles: by going through everything. Only tests import this file. */
import { USUAL_WEIGHTS } from '#domain/configuration/routing.ts';
import { CHANNELS, type AgentId, type Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { RuleCentre } from './centre.ts';
import { usesOf, type Moment } from './moment.ts';

/** Whether the agent could have had the item then, for all they had already. */
export const hasRoom = (
  centre: RuleCentre,
  then: Moment,
  id: AgentId,
  { channel, queue }: OpenWorkItem,
): boolean => {
  if (spareRoom(centre, then, id, channel) <= 0) return false;
  const most = centre.state.queue(queue)?.mostPerAgent;
  return most === undefined || usesOf(then, id).filter((use) => use.queue === queue).length < most;
};

/** How many more contacts of the channel. */
export function spareRoom(centre: RuleCentre, then: Moment, id: AgentId, channel: Channel): number {
  const { weights, interrupts, mostPerAgent } = centre.state.routing;
  const agent = centre.state.configuration.get('agent', id);
  const own = agent?.capacity[channel] ?? 0;
  const uses = usesOf(then, id);
  const left =
    Math.min(own, mostPerAgent[channel] ?? own) -
    uses.filter((use) => use.channel === channel).length;
  if (agent?.budget === undefined) return left;
  const weightOf = (one: Channel): number => weights[one] ?? USUAL_WEIGHTS[one];
  const counting = CHANNELS.filter((c) => c === channel || !interrupts[channel]?.includes(c));
  const weight = uses
    .flatMap((use) => counting.filter((c) => c === use.channel))
    .reduce((sum, c) => sum + weightOf(c), 0);
  return Math.min(left, Math.floor((agent.budget - weight) / weightOf(channel)));
}
