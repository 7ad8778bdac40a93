import { newId } from '#base/id.ts';
import type { AgentId, QueueId, WorkItemId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';

/** What a supervisor does to many contacts at once. */
export type Deed =
  | { readonly type: 'assign'; readonly agent: AgentId }
  | { readonly type: 'move'; readonly queue: QueueId }
  | { readonly type: 'reorder'; readonly priority: number }
  | { readonly type: 'pullBack' }
  | { readonly type: 'wake' }
  | { readonly type: 'forceClose' };

/** What became of one contact. */
export interface Outcome {
  readonly item: WorkItemId;
  /** `done`, or the code of the refusal. */
  readonly outcome: string;
  readonly message?: string | undefined;
}

/** The server takes so many in one request. */
const AT_ONCE = 1_000;

/** Does it to each for itself, and tells what became of every one. */
export async function doToMany(
  items: readonly WorkItemId[],
  deed: Deed,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE);
    const answer = await server.manyWorkItems({ body: requestOf(some, deed) });
    outcomes.push(...answer.outcomes);
  }
  return outcomes;
}

function requestOf(
  items: readonly WorkItemId[],
  deed: Deed,
): Parameters<typeof server.manyWorkItems>[0]['body'] {
  const plain = items.map((item) => ({ item }));
  switch (deed.type) {
    case 'assign': // waits for the agent, so that one contact after the other rings
      return {
        items: items.map((item) => ({ item, to: newId() })),
        what: { type: 'transfer', target: { agent: deed.agent } },
      };
    case 'move':
      return {
        items: items.map((item) => ({ item, to: newId() })),
        what: { type: 'transfer', target: { queue: deed.queue } },
      };
    case 'reorder':
      return { items: plain, what: { type: 'reorder', priority: deed.priority } };
    case 'pullBack':
    case 'wake':
    case 'forceClose':
      return { items: plain, what: { type: deed.type } };
  }
}
