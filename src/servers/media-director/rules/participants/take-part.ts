/** Coming without being asked, changing what one does there, and going. */
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { ParticipantRole } from '#domain/work-item/event.ts';
import { hasJoined, participantOf, ROLES } from '#domain/work-item/participants.ts';
import type { CommandParams, CommandReplies } from '../command.ts';
import { away } from '../ringing.ts';
import { wrapUpAfter } from '../segments.ts';
import {
  done,
  notLoggedIn,
  notYours,
  refuse,
  unknownItem,
  wrongState,
  type Rule,
} from '../plan.ts';
import { isInHands, noRoom, takesPartAlready, tooMany } from './invite.ts';
import { ownerGone, partEnded, wrapUpsOfParts } from './parts-ended.ts';

/** A supervisor listens, coaches or barges in. That they may, the caller has made sure. */
export const join: Rule<CommandParams['join'], CommandReplies['join']> = (
  state,
  { item: id, agent, role },
  { segment },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (!isInHands(item)) return wrongState(item);
  const status = state.centre.agents.get(agent);
  if (!status) return notLoggedIn(agent);
  const known = participantOf(item, agent);
  if (known?.role === role && hasJoined(known)) return done();
  if (known || item.agent === agent) return takesPartAlready(id, agent);
  const refused =
    away(agent, status.present) ??
    tooMany(item) ??
    (ROLES[role].isContact ? noRoom(state, item, agent) : undefined);
  return refused ?? done([{ type: 'participant-joined', item: id, agent, role, segment }]);
};

/** The owner lets a colleague speak, or not any more; a supervisor goes on to coach or to barge in, or back. */
export const changeRole: Rule<CommandParams['changeRole'], CommandReplies['changeRole']> = (
  state,
  { item: id, agent, role, by },
) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  const participant = participantOf(item, agent);
  if (!participant || !hasJoined(participant)) return takesNoPart(item, agent);
  if (participant.role === role) return done();
  // Whoever was invited is the owner's guest; whoever came by themselves decides for themselves.
  const isGuest = participant.invitation !== undefined;
  if (by !== (isGuest ? item.agent : agent)) return notYours(item);
  if (!(isGuest ? GUEST_ROLES : OWN_ROLES).has(role)) {
    return refuse('wrong-role', `Cannot make agent "${agent}" a ${role} of work item "${id}"`, {
      item: id,
      role,
    });
  }
  const needsRoom = ROLES[role].isContact && !ROLES[participant.role].isContact;
  return (
    (needsRoom ? noRoom(state, item, agent) : undefined) ??
    done([{ type: 'participant-role-changed', item: id, agent, role }])
  );
};

const GUEST_ROLES: ReadonlySet<ParticipantRole> = new Set(['consulted', 'conferee']);
const OWN_ROLES: ReadonlySet<ParticipantRole> = new Set(['monitor', 'coach', 'conferee']);

/** An owner who leaves hands over to who has taken part for the longest, else it goes back to its queue. */
export const leave: Rule<CommandParams['leave'], CommandReplies['leave']> = (
  state,
  { item: id, agent },
  { at },
) => {
  const item = state.item(id);
  if (!item) return done(); // it has ended, and their part with it
  if (item.agent === agent && isInHands(item)) {
    return done([
      ...ownerGone(item, { ending: 'left', requeued: { reason: 'owner-left' } }),
      ...wrapUpAfter(state, item, at, false),
    ]);
  }
  const participant = participantOf(item, agent);
  if (!participant) return done();
  return done([
    ...partEnded(item, participant, 'left'),
    ...wrapUpsOfParts(state, item, at, [participant]),
  ]);
};

/**
 * A supervisor asks anybody to go, an owner only whom somebody invited: who listens came by themselves,
 * and an owner could be rid of them for good by asking each time.
 */
export const removeParticipant: Rule<
  CommandParams['removeParticipant'],
  CommandReplies['removeParticipant']
> = (state, { item: id, agent: owner, participant: who, by: supervisor }, { at }) => {
  const item = state.item(id);
  if (!item) return unknownItem(id);
  if (supervisor === undefined && item.agent !== owner) return notYours(item);
  const participant = participantOf(item, who);
  if (!participant) return done();
  if (supervisor === undefined && participant.invitation === undefined) {
    return refuse('not-yours', `Cannot ask agent "${who}" to go: they joined by themselves`, {
      item: id,
      owner,
    });
  }
  return done([
    ...partEnded(item, participant, 'left'),
    ...wrapUpsOfParts(state, item, at, [participant]),
  ]);
};

const takesNoPart = ({ id }: OpenWorkItem, agent: AgentId) =>
  refuse('takes-no-part', `Cannot find agent "${agent}" at work item "${id}": they take no part`, {
    item: id,
    agent,
  });
