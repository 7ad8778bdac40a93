import type { Instant } from '#base/time.ts';
import type { AgentId, Channel, WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';
import type { FreeAgents } from './free-agents.ts';
import { brakedUntil } from './brake.ts';
import { compareInLine, compareWork, needAt } from './order.ts';
import { isResting } from './rest.ts';
import type { AgentSignature } from './signatures.ts';
import type { Line, Waiting } from './waiting-work.ts';

/** How work is chosen where it is not for an offer of the moment. */
export interface WorkOptions {
  /** Whether the agent rather stays with the queue they served last, as the centre's `hysteresis` says; true where left out. */
  readonly stays?: boolean;
  /** Says what the agent may have; left out: who is free. */
  readonly free?: FreeAgents;
  /** Work that is passed over. */
  readonly skips?: (item: WorkItemId) => boolean;
}

/**
 * Chooses the work for an agent, among all that waits for somebody like them or for them alone: by tier,
 * priority, then the greatest need. Work that they cannot take holds nothing up.
 */
export function chooseWork(
  state: DirectorState,
  agent: AgentId,
  at: Instant,
  options: WorkOptions = {},
): OpenWorkItem | undefined {
  const { free = state.free, stays = true, skips } = options;
  const signature = free.signatureOf(agent);
  const channels = [...free.channelsOf(agent)];
  if (!signature || channels.length === 0) return undefined;

  const search = new Search({ state, agent, at, skips });
  for (const line of state.waiting.personal(agent)) {
    if (channels.includes(line.channel)) search.look(line);
  }
  if (!walkInOrder(state, signature, channels, search)) {
    lookAtOwn(state, signature, channels, search);
  }
  const status = stays ? state.centre.agents.get(agent) : undefined;
  return search.best(status?.lastQueue)?.item;
}

interface SearchOptions {
  readonly state: DirectorState;
  readonly agent: AgentId;
  readonly at: Instant;
  readonly skips: WorkOptions['skips'];
}

/** What was found so far: of the most urgent class the first of every service objective. */
class Search {
  rank = Infinity;
  readonly #state: DirectorState;
  readonly #agent: AgentId;
  readonly #at: Instant;
  readonly #skips: WorkOptions['skips'];
  readonly #found: Waiting[] = [];

  constructor({ state, agent, at, skips }: SearchOptions) {
    this.#state = state;
    this.#agent = agent;
    this.#at = at;
    this.#skips = skips;
  }

  /** The first in the line that the agent may have counts as found, where it stands before what was. */
  look(line: Line): void {
    if (this.isBehind(line) || !this.#state.hasRoomFor(line.queue, this.#agent)) return;
    const { head: first } = line;
    // transfers to this agent pass, whatever their queue's brake says: they stand among no others
    const braked = brakedUntil(this.#state, line.queue, this.#at) !== undefined;
    if (!first || (braked && line.asks)) return;
    const fits = (waiting: Waiting): boolean =>
      !(braked && waiting.item.onlyAgent === undefined) &&
      !isResting(this.#state.policy, waiting.item, this.#agent, this.#at) &&
      !this.#skips?.(waiting.id);
    const found = fits(first) ? first : line.items.find(fits);
    if (found) this.#keep(found, line);
  }

  /** Whether nothing in the line, or in one that stands behind it, can be chosen any more. */
  isBehind({ rank, objective, head }: Line): boolean {
    if (rank !== this.rank) return rank > this.rank;
    for (const found of this.#found) {
      if (found.objective !== objective) continue;
      return head !== undefined && compareInLine(found, head) <= 0;
    }
    return false;
  }

  /**
   * The one in greatest need; but the agent stays with the work of `last`, unless another's need is greater
   * by the hysteresis. Among queues of one objective nobody stays: there what is older always goes first.
   */
  best(last: Waiting['item']['queue'] | undefined): Waiting | undefined {
    let best: Waiting | undefined;
    for (const found of this.#found) {
      if (!best || compareWork(found, best, this.#at) < 0) best = found;
    }
    const own = this.#found.find(({ item }) => item.queue === last);
    if (!own || !best) return best;
    const margin = 1 + this.#state.routing.hysteresis / 100;
    return needAt(best, this.#at) <= needAt(own, this.#at) * margin ? own : best;
  }

  #keep(found: Waiting, { rank }: Line): void {
    if (rank > this.rank) return;
    if (rank < this.rank) {
      this.rank = rank;
      this.#found.length = 0;
    }
    const same = this.#found.findIndex((f) => f.objective === found.objective);
    const there = this.#found[same];
    if (!there) this.#found.push(found);
    else if (compareInLine(found, there) < 0) this.#found[same] = found;
  }
}

/**
 * Looks at all lines in order until the agent meets one: soon, where they can do most of what waits. Where
 * they can do little of it, their own lines are the shorter way.
 *
 * @returns Whether it came to an end.
 */
function walkInOrder(
  { waiting, signatures }: DirectorState,
  { met }: AgentSignature,
  channels: readonly Channel[],
  search: Search,
): boolean {
  // Of so many lines the agent meets one: that many steps are to be expected, against one for each that they meet.
  if (met.size * met.size < signatures.counts.requirements) return false;
  let patience = met.size;
  const isOver = (line: Line): boolean => {
    if (--patience < 0 || search.isBehind(line)) return true;
    if (line.asks && met.has(line.asks.index)) search.look(line);
    return false;
  };
  waiting.classes.find(({ rank, bands }) => {
    if (rank > search.rank) return true;
    for (const { channel, lines } of bands) if (channels.includes(channel)) lines.find(isOver);
    return patience < 0;
  });
  return patience >= 0;
}

/** Looks at every line that the agent meets, of each requirement the most urgent first. */
function lookAtOwn(
  { waiting }: DirectorState,
  { met }: AgentSignature,
  channels: readonly Channel[],
  search: Search,
): void {
  const isOver = (line: Line): boolean => {
    if (line.rank > search.rank) return true;
    search.look(line);
    return false;
  };
  for (const channel of channels) {
    met.eachIn(waiting.asked(channel), (index) => {
      waiting.asking(index, channel)?.find(isOver);
    });
  }
}
