import { newId } from '#base/id.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Database } from '#platform/database/database.ts';
import { acquireLease, prepareLeases } from '#platform/database/lease.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import type { Side } from './side.ts';

/**
 * What the journal alone can take: the very events of a hand-over, appended as they become known (what a
 * submission, an acceptance and a closing write), fenced, each waiting until it is durable. Nothing is decided.
 */
export async function openGroupCommitSide(
  database: Database,
  steps: readonly (readonly DirectorEvent[])[],
): Promise<Side> {
  await using life = new AsyncDisposableStack();
  await prepareJournal(database, 'group_commit');
  await prepareLeases(database);
  const lease = life.use(await acquireLease(database, { name: 'group-commit', owner: newId() }));
  const journal = life.use(
    await openJournal<never, DirectorEvent>(database, {
      schema: 'group_commit',
      stream: 'group-commit',
      write: async () => {},
      fence: lease.fence,
    }),
  );
  const parts = life.move();
  return {
    name: 'group commit alone',
    settings: steps.map((events) => events.map(({ type }) => type).join(' + ')).join('; '),
    async handOver() {
      for (const events of steps) {
        await journal.append({
          changes: [],
          events: events.map((body) => ({ at: Date.now(), body })),
        });
      }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
