import { Followers } from './followers.ts';
import { JournalStatements } from './statements.ts';
import type { Bus } from '#platform/bus/bus.ts';
import type { Database } from '#platform/database/database.ts';
import type { JournalReader } from './journal.ts';

/** A notice can get lost with the connection that carried it: so often we look for ourselves. */
const LOOK_EVERY = 5_000;

/** The topic on which a stream's writer says how far it has got. */
export const topicOf = (schema: string, stream: string): string => `journal/${schema}/${stream}`;

/**
 * Opens a stream that another process writes. Its writer announces each batch over the same bus; events
 * arrive as soon as they are announced, and at worst some seconds later.
 */
export async function openJournalReader<Body>(
  database: Database,
  bus: Bus,
  { schema, stream }: { readonly schema: string; readonly stream: string },
): Promise<JournalReader<Body>> {
  const statements = new JournalStatements(schema, stream);
  const followers = new Followers<Body>(database, statements, 0);
  const look = async (): Promise<void> => {
    const [row] = await database.query<{ head: number }>(statements.head());
    followers.advance(row?.head ?? 0);
  };
  // A database that is gone comes back, and then the next look or notice tells.
  const tryToLook = (): void => void look().catch(() => undefined);
  await using life = new AsyncDisposableStack();
  life.defer(() => followers.end());
  life.use(
    await bus.subscribe(topicOf(schema, stream), {
      heard: (position) => followers.advance(Number(position)),
      missed: tryToLook,
    }),
  );
  await look(); // after subscribing: nothing falls between
  const timer = setInterval(tryToLook, LOOK_EVERY).unref();
  life.defer(() => clearInterval(timer));
  const parts = life.move();
  return {
    get position() {
      return followers.head;
    },
    async *follow(since, signal) {
      // A cursor that came another way can be ahead of what this process has heard.
      if (since > followers.head) await look();
      yield* followers.follow(since, signal);
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
