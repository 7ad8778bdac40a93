/** A colleague is asked to take part, and answers. */
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { hasJoined, participantOf } from '#domain/work-item/participants.ts';
import { isEquippedFor, roomIn } from '../availability.ts';
import type { CommandParams, CommandReplies } from '../command.ts';
import type { DirectorState } from '../director-state.ts';
import { offerTimeout } from '../match.ts';
import { away, ringsAlready } from '../ringing.ts';
import {
  done,
  notLoggedIn,
  notYours,
  plan,
  refuse,
  unknownItem,
  wrongState,
  type Refused,
  type Rule,
} from '../plan.ts';

/** More people than this in one conversation help nobody. */
const MOST_PARTICIPANTS = 20;

/** Consults or confers: rings at the colleague, who has as long to answer as for an offer of that queue. */
export const invite: Rule<CommandParams['invite'], CommandReplies['invite']> = (
  state,
  { item: id, agent: owner, colleague, role },
  { at },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (!isInHands(item)) return wrongState(item);
  if (item.agent !== owner) return notYours(item);
  const reply = (after: DirectorState): CommandReplies['invite'] => {
    const now = after.item(id);
    const participant = now && participantOf(now, colleague);
    if (!participant)
      throw new Error(`Cannot tell how agent "${colleague}" takes part: not at all`);
    return { participant };
  };
  const known = participantOf(item, colleague);
  if (known?.role === role) return plan([], reply);
  if (known || colleague === owner) return takesPartAlready(id, colleague);
  const refused = tooMany(item) ?? cannotCome(state, item, colleague);
  if (refused) return refused;
  return plan(
    [
      {
        type: 'participant-invited',
        item: id,
        agent: colleague,
        role,
        by: owner,
        invitation: state.lastOffer + 1,
        deadline: at + offerTimeout(state, item.queue),
      },
    ],
    reply,
  );
};

export const answerInvitation: Rule<
  CommandParams['answerInvitation'],
  CommandReplies['answerInvitation']
> = (state, { item: id, agent, invitation, answer }, { segment }) => {
  const item = state.item(id);
  const participant = item && participantOf(item, agent);
  const isTheirs = participant?.invitation === invitation;
  if (answer === 'decline') {
    if (!isTheirs || hasJoined(participant)) return done(); // declined before, or over: nobody comes
    return done([{ type: 'invitation-ended', item: id, agent, invitation, ending: 'declined' }]);
  }
  if (!isTheirs) return invitationOver(id, agent);
  if (hasJoined(participant)) return done();
  const { role } = participant;
  return done([
    { type: 'invitation-ended', item: id, agent, invitation, ending: 'accepted' },
    { type: 'participant-joined', item: id, agent, role, segment },
  ]);
};

/** Nobody answered in time. The customer is not waiting for them, so they stay as ready as they were. */
export const invitationExpired: Rule<
  CommandParams['invitationExpired'],
  CommandReplies['invitationExpired']
> = (state, { item: id, agent, invitation }) => {
  const item = state.item(id);
  const participant = item && participantOf(item, agent);
  if (participant?.invitation !== invitation || hasJoined(participant)) return done();
  return done([{ type: 'invitation-ended', item: id, agent, invitation, ending: 'no-answer' }]);
};

/** Whether it is with an agent who owns it: only then is there anything to take part in. */
export const isInHands = ({ state }: OpenWorkItem): boolean =>
  state === 'accepted' || state === 'awaiting-customer';

export const takesPartAlready = (item: WorkItemId, agent: AgentId): Refused =>
  refuse(
    'takes-part-already',
    `Cannot bring agent "${agent}" into work item "${item}": they are there in another role`,
    { item, agent },
  );

export function tooMany({ id, participants = [] }: OpenWorkItem): Refused | undefined {
  if (participants.length < MOST_PARTICIPANTS) return undefined;
  return refuse('too-many-participants', `Cannot add anybody to work item "${id}": it is full`, {
    item: id,
    most: MOST_PARTICIPANTS,
  });
}

/** No room for one more contact like the item, or nothing there to handle it with; nothing where there is. */
export function noRoom(state: DirectorState, item: OpenWorkItem, id: AgentId): Refused | undefined {
  const facts = state.agent(id);
  if (!facts) return notLoggedIn(id);
  const { channel, queue } = item;
  const isEquipped = isEquippedFor(channel, facts);
  if (isEquipped && roomIn(channel, facts) > 0 && state.hasRoomFor(queue, id)) return undefined;
  return refuse('no-capacity', `Cannot bring agent "${id}" in: they have no room for it`, {
    agent: id,
  });
}

function cannotCome(state: DirectorState, item: OpenWorkItem, id: AgentId): Refused | undefined {
  const facts = state.agent(id);
  if (!facts) return notLoggedIn(id);
  return away(id, facts.status.present) ?? ringsAlready(id, facts) ?? noRoom(state, item, id);
}

const invitationOver = (item: WorkItemId, agent: AgentId): Refused =>
  refuse('invitation-over', `Cannot join work item "${item}": the invitation is over`, {
    item,
    agent,
  });
