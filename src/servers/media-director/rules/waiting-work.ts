import type { AgentId, Channel, QueueId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { compareWork } from './order.ts';
import { SortedSet } from './sorted-set.ts';

/** One queue's waiting work of one channel, or what waits for one agent, the first to be served first. */
export type Line = SortedSet<OpenWorkItem>;

const EMPTY: Line = new SortedSet(compareWork);

/** All queued work items, by what can take them: an index over the open items. */
export class WaitingWork {
  readonly #lines = new Map<string, Line>();
  readonly #only = new Map<string, Line>();

  /** What waits in a queue for whoever serves it. */
  line(queue: QueueId, channel: Channel): Line {
    return this.#lines.get(`${queue} ${channel}`) ?? EMPTY;
  }

  /** What waits for this agent and nobody else. */
  only(agent: AgentId): Line {
    return this.#only.get(agent) ?? EMPTY;
  }

  add(item: OpenWorkItem): void {
    const { lines, key } = this.#place(item);
    let line = lines.get(key);
    if (!line) lines.set(key, (line = new SortedSet(compareWork)));
    line.add(item);
  }

  delete(item: OpenWorkItem): void {
    const { lines, key } = this.#place(item);
    const line = lines.get(key);
    line?.delete(item);
    if (line?.size === 0) lines.delete(key);
  }

  #place(item: OpenWorkItem): { lines: Map<string, Line>; key: string } {
    return item.onlyAgent === undefined
      ? { lines: this.#lines, key: `${item.queue} ${item.channel}` }
      : { lines: this.#only, key: item.onlyAgent };
  }
}

/** The first in a line that `fits`. */
export function firstOf(
  line: Line,
  fits: (item: OpenWorkItem) => boolean,
): OpenWorkItem | undefined {
  const { first } = line;
  if (first === undefined || fits(first)) return first; // nearly always
  for (const item of line) if (fits(item)) return item;
  return undefined;
}
