/** Calls that an `adjunct` switch asks about: answered at once, and nothing waits here. */
import { seconds, type Milliseconds } from '#base/time.ts';
import { ConversationId, InteractionId, type AgentId } from '#domain/ids.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { chooseAgent } from '../choose-agent.ts';
import type { CommandParams, CommandReplies } from '../command.ts';
import type { DirectorState } from '../director-state.ts';
import { plan, type Plan, type Rule } from '../plan.ts';

type Reply = CommandReplies['routeRequest'];

/** A call lands within a second or two of the answer; one that does not went elsewhere. */
const LANDS_WITHIN: Milliseconds = seconds(10);

export const routeRequest: Rule<CommandParams['routeRequest'], Reply> = (
  state,
  { switch: of, call, queue: queueId, deadline, requirements, preferredAgent },
  { at, newItem },
) => {
  const before = state.switches.routes.get(call);
  if (before !== undefined) return plan([], answer(before));
  if (at > deadline) return nextStep('too-late');
  const queue = state.queue(queueId);
  if (!queue) return nextStep('unknown-queue');

  const id = newItem();
  const asked: OpenWorkItem = {
    id, // it never waits and is nobody's: only what it asks for is looked at
    conversation: ConversationId.parse(id),
    interaction: InteractionId.parse(id),
    channel: 'voice',
    queue: queueId,
    priority: queue.priority,
    state: 'queued',
    enteredAt: at,
    queuedAt: at,
    since: at,
    requirements: requirements ?? queue.requirements,
    preferredAgent,
    serviceLevelCounted: true,
  };
  const isThere = (agent: AgentId): boolean =>
    state.centre.agents.get(agent)?.atSwitch?.switch === of;
  const chosen = chooseAgent(state, asked, at, { free: state.reachable, may: isThere });
  if (!chosen) return nextStep('nobody-free');
  const routed: DirectorEvent = {
    type: 'call-routed',
    agent: chosen.agent,
    switch: of,
    call,
    queue: queueId,
    until: Math.max(at, deadline) + LANDS_WITHIN,
  };
  return plan([routed], answer(chosen.agent));
};

const answer =
  (agent: AgentId) =>
  (state: DirectorState): Reply => {
    const { station = '', device } = state.centre.agents.get(agent) ?? {};
    return { type: 'agent', agent, station, device };
  };

const nextStep = (why: (Reply & { type: 'next-step' })['why']): Plan<Reply> =>
  plan([], () => ({ type: 'next-step', why }));
