import { meets } from '#domain/requirement/meets.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Advantage, Reason } from '#domain/work-item/explanation.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from '../director-state.ts';
import type { Candidate } from '../order.ts';
import { requirementOf } from '../requirements.ts';
import { refusedBy } from '../rest.ts';
import { skillOf } from '../signatures.ts';

/** What put the chosen agent before another who could have had the item too, with the two values. */
export function outrankedBy(
  state: DirectorState,
  item: OpenWorkItem,
  chosen: AgentId,
  other: AgentId,
): Reason {
  const behind = (by: Advantage, of?: (agent: AgentId) => number): Reason => ({
    type: 'outranked',
    by,
    ...(of && { theirs: of(other), chosens: of(chosen) }),
  });
  const refused = refusedBy(item);
  if (item.preferredAgent === chosen && !refused.has(chosen)) return behind('preferred-agent');
  if (item.accountOwner === chosen && !refused.has(chosen)) return behind('account-owner');
  if (refused.has(other) && !refused.has(chosen)) return behind('refused-before');
  const { preferred } = requirementOf(item);
  if (preferred && prefers(state, preferred, chosen) && !prefers(state, preferred, other)) {
    return behind('preferred-skills');
  }
  for (const { by, of } of comparisons(state, item)) {
    if (of(other) !== of(chosen)) return behind(by, of);
  }
  return behind('id');
}

type Preferred = NonNullable<ReturnType<typeof requirementOf>['preferred']>;

const prefers = (state: DirectorState, preferred: Preferred, agent: AgentId): boolean => {
  const facts = state.agent(agent);
  return facts !== undefined && meets(facts.agent, preferred);
};

interface Comparison {
  readonly by: Advantage;
  readonly of: (agent: AgentId) => number;
}

/** What the queue's order looks at, the first difference deciding. @see AGENT_ORDERS */
function comparisons(state: DirectorState, item: OpenWorkItem): Comparison[] {
  const order = state.queue(item.queue)?.agentOrder ?? 'longest-idle';
  const by = (advantage: Advantage, value: (candidate: Candidate) => number): Comparison => ({
    by: advantage,
    of: (agent) => {
      const candidate = state.free.candidate(agent, item.channel);
      return candidate ? value(candidate) : 0;
    },
  });
  const usual = [
    by('least-at-hand', ({ load }) => load),
    by('longest-idle', ({ idleSince }) => idleSince),
  ];
  switch (order) {
    case 'longest-idle':
      return usual;
    case 'least-occupied':
      return [
        by('least-at-hand', ({ load }) => load),
        by('least-occupied', ({ occupancy }) => occupancy),
        ...usual,
      ];
    case 'most-spare-capacity':
      return [by('most-spare-capacity', ({ room }) => room), ...usual];
    case 'round-robin':
      return [by('round-robin', ({ lastOfferAt }) => lastOfferAt), ...usual];
    case 'most-skilled':
      return [{ by: 'most-skilled', of: (agent) => levelsOf(state, item, agent) }, ...usual];
  }
}

function levelsOf(state: DirectorState, item: OpenWorkItem, agent: AgentId): number {
  const asks = state.signatureOf(item);
  const signature = state.free.place(agent)?.signature;
  return asks && signature ? skillOf(signature, asks) : 0;
}
