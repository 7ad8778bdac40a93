import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Choice } from '#domain/work-item/event.ts';
import type { DirectorState } from './director-state.ts';
import type { FreeAgents, Group } from './free-agents.ts';
import { isBraked } from './brake.ts';
import { AGENT_ORDERS, type Candidate } from './order.ts';
import { preferredAgents, suits, waitedFor } from './preferred.ts';
import { isResting, refusedBy } from './rest.ts';
import { skillOf, type RequirementSignature } from './signatures.ts';

/** Who gets it, and why. */
export interface Chosen {
  readonly agent: AgentId;
  readonly choice: Choice;
}

/** Those of whom one is chosen: who is free, where nothing else is said. */
export interface Among {
  readonly free: FreeAgents;
  readonly may?: (agent: AgentId) => boolean;
}

/**
 * Chooses the agent for a waiting work item, among those who may be offered it now: the one it waits
 * for, else whom it prefers, else who meets what it prefers, else by its queue's order. Those whose hands
 * it came back from come last, and not before their rest is over.
 */
export function chooseAgent(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
  among: Among = state,
): Chosen | undefined {
  const { free, may } = among;
  const { queue, channel, onlyAgent } = item;
  const chosen = (agent: AgentId, rule: string, candidates: number): Chosen => {
    const by = onlyAgent === undefined ? 'director' : 'transfer';
    const { revision: configuration } = state.configuration;
    return { agent, choice: { by, rule, candidates, configuration } };
  };
  const mayHave = (agent: AgentId): boolean =>
    free.candidate(agent, channel) !== undefined &&
    state.hasRoomFor(queue, agent) &&
    may?.(agent) !== false;

  if (onlyAgent !== undefined) {
    return mayHave(onlyAgent) ? chosen(onlyAgent, 'only-agent', 1) : undefined;
  }
  if (isBraked(state, item, at)) return undefined;
  const refused = refusedBy(item);
  const isFresh = (agent: AgentId): boolean => !refused.has(agent);
  const waited = waitedFor(state, item, at);
  if (waited.length > 0) {
    const [first, ...others] = waited.filter(mayHave);
    return first && chosen(first, ruleOfPreferred(item, first), 1 + others.length);
  }
  const asks = state.waitingOf(item.id)?.asks ?? state.signatureOf(item);
  if (!asks) return undefined; // its queue is not known
  const found = look(state, { item, asks, among }, at);
  if (!found.best) return undefined;
  const preferred = preferredAgents(item).find(
    (agent) => isFresh(agent) && mayHave(agent) && suits(state, item, agent),
  );
  if (preferred) return chosen(preferred, ruleOfPreferred(item, preferred), found.candidates);
  return chosen(found.best.candidate.agent, ruleOf(state, item, found), found.candidates);
}

/** An agent with what comes before the order of the queue. */
interface Standing {
  readonly candidate: Candidate;
  /** They did not take it before. */
  readonly isFresh: boolean;
  /** They meet what the work prefers. */
  readonly isPreferred: boolean;
  /** The sum of their levels, where the queue goes by that. */
  readonly skill: number;
}

interface Found {
  best: Standing | undefined;
  /** How many could have it. */
  candidates: number;
  /** Whether some of them meet what is preferred, and whether some do not. */
  preferred: boolean;
  others: boolean;
}

interface Wanted {
  readonly item: OpenWorkItem;
  readonly asks: RequirementSignature;
  readonly among: Among;
}

/** Looks at the best of every signature that meets what the item asks for. */
function look(state: DirectorState, { item, asks, among }: Wanted, at: Instant): Found {
  const { signatures, policy } = state;
  const { free, may } = among;
  const { queue, channel } = item;
  const definition = state.queue(queue);
  const order = definition?.agentOrder ?? 'longest-idle';
  const most = definition?.mostPerAgent ?? Infinity;
  const isLimited = most !== Infinity;
  const refused = refusedBy(item);
  const resting =
    refused.size === 0
      ? refused
      : new Set([...refused].filter((agent) => isResting(policy, item, agent, at)));
  const found: Found = { best: undefined, candidates: 0, preferred: false, others: false };

  const isPlain = refused.size === 0 && !isLimited && !may;
  const mayHave = ({ agent }: Candidate): boolean =>
    !resting.has(agent) && (!isLimited || state.hasRoomFor(queue, agent)) && may?.(agent) !== false;
  const isFresh = ({ agent }: Candidate): boolean => !refused.has(agent);
  const sizeOf = (group: Group): number => {
    if (may) return group.count(mayHave);
    const rest = [...resting].filter((agent) => group.has(agent) && state.hasRoomFor(queue, agent));
    return group.sizeBelow(queue, most) - rest.length;
  };

  // few are free: what is known of them is looked at first
  free.signatures(channel).eachIn(asks.meeting, (index) => {
    const group = free.group(index, channel);
    const size = group && (isPlain ? group.size : sizeOf(group));
    if (!size) return;
    const first = isPlain
      ? group.first(order)
      : (group.find(order, (one) => isFresh(one) && mayHave(one)) ?? group.find(order, mayHave));
    if (!first) return;
    const isPreferred = asks.preferred?.has(index) ?? false;
    const one: Standing = {
      candidate: first,
      isFresh: isFresh(first),
      isPreferred,
      skill: order === 'most-skilled' ? skillOf(signatures.agent(index), asks) : 0,
    };
    found.candidates += size;
    if (isPreferred) found.preferred = true;
    else found.others = true;
    if (!found.best || compareStanding(one, found.best, order) < 0) found.best = one;
  });
  return found;
}

function compareStanding(a: Standing, b: Standing, order: AgentOrder): number {
  return (
    Number(b.isFresh) - Number(a.isFresh) ||
    Number(b.isPreferred) - Number(a.isPreferred) ||
    b.skill - a.skill ||
    AGENT_ORDERS[order](a.candidate, b.candidate)
  );
}

const ruleOfPreferred = ({ preferredAgent }: OpenWorkItem, agent: AgentId): string =>
  agent === preferredAgent ? 'preferred-agent' : 'account-owner';

function ruleOf(state: DirectorState, item: OpenWorkItem, found: Found): string {
  const { best, candidates, preferred, others } = found;
  if (candidates === 1) return 'only-candidate';
  if (best?.isPreferred && preferred && others) return 'preferred-skills';
  const order = state.queue(item.queue)?.agentOrder ?? 'longest-idle';
  const isBusy = order === 'longest-idle' && best !== undefined && best.candidate.load > 0;
  return isBusy ? 'least-occupied' : order;
}
