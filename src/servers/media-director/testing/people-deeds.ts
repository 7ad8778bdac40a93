/** What several people do with one work item, at random. Only tests import this file. */
import type { AgentId } from '#domain/ids.ts';
import { ParticipantRole } from '#domain/work-item/event.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { newItemId, type RuleCentre } from './centre.ts';

type DoToItem = (
  centre: RuleCentre,
  item: OpenWorkItem,
  agent: AgentId,
  chance: { readonly which: number; readonly how: number },
) => unknown;

const DEEDS: Readonly<Record<string, DoToItem>> = {
  /** Somebody takes what rings at them. */
  takeUp(centre) {
    const ringing = [...centre.state.centre.items.values()].find((i) => i.state === 'offered');
    if (!ringing?.agent || !ringing.offer) return;
    centre.run('accept', { item: ringing.id, agent: ringing.agent, offer: ringing.offer });
  },
  invite: (centre, { id, agent: owner }, agent, { how }) =>
    centre.run('invite', {
      item: id,
      agent: owner ?? agent,
      colleague: agent,
      role: how % 2 === 0 ? 'consulted' : 'conferee',
    }),
  /** Whoever is asked here, or anywhere, says yes more often than no. */
  answerInvitation(centre, item, _, { how }) {
    const asked = [item, ...centre.state.centre.items.values()].flatMap(
      ({ id, participants = [] }) =>
        participants.flatMap(({ agent, invitation, segment }) =>
          segment === undefined && invitation ? [{ item: id, agent, invitation }] : [],
        ),
    );
    const [first] = asked;
    const answer = how % 4 === 0 ? 'decline' : 'accept';
    if (first) centre.run('answerInvitation', { ...first, answer });
  },
  join: (centre, { id }, agent, { how }) =>
    centre.run('join', { item: id, agent, role: pick(['monitor', 'coach', 'conferee'], how) }),
  changeRole: (centre, { id, agent: owner, participants = [] }, agent, { how }) => {
    const who = participants[0]?.agent ?? agent;
    const by = how % 2 === 0 ? (owner ?? agent) : who;
    const role = pick(ParticipantRole.options, how);
    centre.run('changeRole', { item: id, agent: who, role, by });
  },
  leave: (centre, { id, agent: owner }, agent, { how }) =>
    centre.run('leave', { item: id, agent: how % 2 === 0 ? (owner ?? agent) : agent }),
  removeParticipant: (centre, { id, agent: owner }, agent) =>
    centre.run('removeParticipant', { item: id, agent: owner ?? agent, participant: agent }),
  transferToParticipant(centre, { id, agent: owner, participants: [first] = [] }) {
    if (!owner || !first) return;
    const target = { agent: first.agent };
    centre.run('transfer', { item: id, agent: owner, target, to: newItemId() });
  },
  merge(centre, { id, agent: owner, channel }, agent, { which }) {
    const same = [...centre.state.centre.items.values()].filter((i) => i.channel === channel);
    const into = pick(same, which).id;
    centre.run('merge', { item: id, into, agent: owner ?? agent });
  },
  split: (centre, { id, agent: owner }, agent) =>
    centre.run('split', { item: id, agent: owner ?? agent, to: newItemId() }),
  reorder: (centre, { id }, agent, { how }) =>
    centre.run('reorder', { item: id, priority: how % 10, tier: how % 3, by: agent }),
};

/** Done to a work item, rather to one that somebody has in hand; many are refused, and must change nothing then. */
export const PEOPLE_DEEDS: Readonly<Record<string, DoToItem>> = Object.fromEntries(
  Object.entries(DEEDS).map(([name, deed]): [string, DoToItem] => [
    name,
    (centre, item, agent, chance) => deed(centre, inHands(centre, item), agent, chance),
  ]),
);

const inHands = (centre: RuleCentre, item: OpenWorkItem): OpenWorkItem =>
  item.state === 'accepted'
    ? item
    : ([...centre.state.centre.items.values()].find((i) => i.state === 'accepted') ?? item);

function pick<T>(from: readonly T[], which: number): T {
  const picked = from[which % from.length];
  if (picked === undefined) throw new Error('Cannot pick from nothing');
  return picked;
}
