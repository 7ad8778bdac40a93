/** What must hold of owners and participants after every step, from first principles. Only tests import this file. */
import { isDeepStrictEqual } from 'node:util';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { RuleCentre } from './centre.ts';

/** What is wrong with who takes part in what, in one sentence each. */
export function faultsOfPeople({ state: { centre }, now }: RuleCentre): string[] {
  const faults: string[] = [];
  const segments = new Map<AgentId, number>();
  const count = (agent: AgentId): void => void segments.set(agent, (segments.get(agent) ?? 0) + 1);
  for (const item of centre.items.values()) {
    const { id, agent: owner, segment, participants = [], state } = item;
    const say = (what: string): void => void faults.push(`${id} ${what}`);
    if (owner && segment) count(owner);
    if (participants.length > 0 && state !== 'accepted' && state !== 'awaiting-customer') {
      say(`has participants and is ${state}`);
    }
    if (new Set(participants.map((p) => p.agent)).size < participants.length) {
      say('has somebody twice');
    }
    for (const { agent, segment: own, invitation, deadline } of participants) {
      if (agent === owner) say(`is owned by ${agent}, who takes part in it`);
      if (!centre.agents.get(agent)?.present) say(`has ${agent}, who is not there`);
      if (own) count(agent);
      else if (invitation === undefined || deadline === undefined) say('asked without a deadline');
      else if (deadline < now) say(`P08: rings at ${agent} past its deadline`);
    }
  }
  if (!isDeepStrictEqual(sorted(segments), sorted(centre.contacts))) {
    faults.push(`contacts are ${text(centre.contacts)}, segments ${text(segments)}`);
  }
  return faults;
}

/** Whether the agent is in work of another's in a way that takes up room of theirs. */
export const isPartOf = ({ participants = [] }: OpenWorkItem, agent: AgentId): boolean =>
  participants.some((p) => p.agent === agent && (p.role === 'consulted' || p.role === 'conferee'));

/** Whether an invitation rings there. */
export function isInvited(items: Iterable<OpenWorkItem>, agent: AgentId): boolean {
  for (const { participants } of items) {
    if (participants?.some((p) => p.agent === agent && p.segment === undefined)) return true;
  }
  return false;
}

const sorted = (counts: ReadonlyMap<AgentId, number>) =>
  [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
const text = (counts: ReadonlyMap<AgentId, number>) => JSON.stringify(sorted(counts));
