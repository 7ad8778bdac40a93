/** Presence, which is not readiness: a browser is there or it is not. What becomes of a vanished agent's work. */
import type { Instant } from '#base/time.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { CodeId, type Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { offerEnded } from './answer-offer.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { ownerGone, partsOfAgentEnded } from './participants/parts-ended.ts';
import { done, type Facts, type Rule } from './plan.ts';
import { waitsForPreferredUntil } from './preferred.ts';
import { isReturnable, sentOn } from './refused-transfer.ts';
import { endWrapUps } from './segments.ts';

/** What becomes of a vanished agent's contact: where the customer waits at the other end it moves on at once. */
type Fate =
  | { readonly type: 'moves-on'; readonly prefersThem: boolean }
  /** It can wait for a while: until they are given up. */
  | { readonly type: 'waits' }
  /** It needs no browser. */
  | { readonly type: 'goes-on' };

/** A caller holds the line, and whoever comes first hears them; a chat goes on best with who knows it. */
const CALL: Fate = { type: 'moves-on', prefersThem: false };
const CHAT: Fate = { type: 'moves-on', prefersThem: true };
const WAITS: Fate = { type: 'waits' };

const FATES: Readonly<Record<Channel, Fate>> = {
  voice: CALL,
  'web-chat': CHAT,
  sms: CHAT,
  xmpp: CHAT,
  email: WAITS,
  preview: WAITS,
  task: WAITS,
};

const fateOf = ({ channel, state }: OpenWorkItem, { device }: AgentStatus): Fate =>
  channel === 'voice' && device === 'desk-phone' && state !== 'offered'
    ? { type: 'goes-on' }
    : FATES[channel];

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

/** The grace is over: offers and conversations move on; they are not ready until they say so. */
export const agentVanished: Rule<
  CommandParams['agentVanished'],
  CommandReplies['agentVanished']
> = (state, { agent }, facts) => {
  const status = state.centre.agents.get(agent);
  if (!status?.present) return done();
  return done([
    { type: 'agent-presence-changed', agent, present: false },
    ...partsOfAgentEnded(state, agent, 'agent-vanished'),
    ...state.workOf(agent).flatMap((item) => {
      const fate = fateOf(item, status);
      if (item.state === 'offered') return offerMovesOn(state, item, facts);
      return fate.type === 'moves-on' ? moveOn(state, item, facts.at, fate.prefersThem) : [];
    }),
    {
      type: 'agent-readiness-changed',
      agent,
      readiness: { state: 'not-ready', reason: VANISHED },
    },
  ]);
};

/** They did not come back: what they still have moves on too, and they are logged out, unless a call of theirs goes on. */
export const absenceOver: Rule<CommandParams['absenceOver'], CommandReplies['absenceOver']> = (
  state,
  { agent },
  facts,
) => {
  const status = state.centre.agents.get(agent);
  if (!status || status.present) return done();
  const work = state.workOf(agent);
  const goesOn = work.filter((item) => fateOf(item, status).type === 'goes-on');
  const events = work
    .filter((item) => !goesOn.includes(item))
    .flatMap((item) =>
      item.state === 'offered'
        ? offerMovesOn(state, item, facts)
        : moveOn(state, item, facts.at, true),
    );
  if (goesOn.length > 0) return done(events);
  return done([
    ...partsOfAgentEnded(state, agent, 'agent-vanished'),
    ...events,
    ...endWrapUps(state, agent),
    { type: 'agent-logged-out', agent, reason: 'vanished' },
  ]);
};

function offerMovesOn(state: DirectorState, item: OpenWorkItem, facts: Facts): DirectorEvent[] {
  const ended = offerEnded(item, 'withdrawn');
  if (isReturnable(item)) return [...ended, ...sentOn(state, item, facts, 'agent-vanished')];
  const { id, queue, preferredAgent } = item;
  return [
    ...ended,
    { type: 'work-item-requeued', item: id, queue, reason: 'agent-vanished', preferredAgent },
  ];
}

function moveOn(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
  prefersThem: boolean,
): DirectorEvent[] {
  const requeued = {
    reason: 'agent-vanished',
    preferredAgent: prefersThem ? item.agent : undefined,
    waitsForPreferredUntil: prefersThem ? waitsForPreferredUntil(state, item.queue, at) : undefined,
  } as const;
  return ownerGone(item, { ending: 'agent-vanished', requeued });
}
