/** Presence, which is not readiness: a browser is there or it is not. What becomes of a vanished agent's work. */
import { CodeId, type AgentId, type Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import { offerEnded } from './answer-offer.ts';
import { endWrapUps, segmentEnded } from './finish.ts';
import { done, type Rule } from './plan.ts';

/** Where the customer is waiting at the other end, work moves on at once; the rest can wait for a while. */
const MOVES_ON_AT_ONCE: Readonly<Record<Channel, boolean>> = {
  voice: true,
  'web-chat': true,
  sms: true,
  xmpp: true,
  email: false,
  preview: false,
  task: false,
};

const VANISHED = CodeId.parse('vanished');

export const present: Rule<CommandParams['present'], CommandReplies['present']> = (
  state,
  { agents },
) =>
  done(
    agents
      .filter((agent) => state.centre.agents.get(agent)?.present === false)
      .map((agent) => ({ type: 'agent-presence-changed', agent, present: true })),
  );

/** The grace is over: offers and conversations move on, the same agent preferred; they are not ready until they say so. */
export const agentVanished: Rule<
  CommandParams['agentVanished'],
  CommandReplies['agentVanished']
> = (state, { agent }) => {
  const status = state.centre.agents.get(agent);
  if (!status?.present) return done();
  const moving = state
    .workOf(agent)
    .filter((item) => item.state === 'offered' || MOVES_ON_AT_ONCE[item.channel]);
  return done([
    { type: 'agent-presence-changed', agent, present: false },
    ...moving.flatMap((item) => moveOn(item, agent)),
    {
      type: 'agent-readiness-changed',
      agent,
      readiness: { state: 'not-ready', reason: VANISHED },
    },
  ]);
};

/** They did not come back: what they still have moves on too, and they are logged out. */
export const absenceOver: Rule<CommandParams['absenceOver'], CommandReplies['absenceOver']> = (
  state,
  { agent },
) => {
  const status = state.centre.agents.get(agent);
  if (!status || status.present) return done();
  return done([
    ...state.workOf(agent).flatMap((item) => moveOn(item, agent)),
    ...endWrapUps(state, agent),
    { type: 'agent-logged-out', agent, reason: 'vanished' },
  ]);
};

function moveOn(item: OpenWorkItem, agent: AgentId): DirectorEvent[] {
  const owned = item.state !== 'offered';
  return [
    ...offerEnded(item, 'withdrawn'),
    ...(owned ? segmentEnded(item, 'agent-vanished') : []),
    {
      type: 'work-item-requeued',
      item: item.id,
      queue: item.queue,
      reason: 'agent-vanished',
      preferredAgent: owned ? agent : item.preferredAgent,
    },
  ];
}
