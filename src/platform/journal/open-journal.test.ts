import { expect, test } from 'vitest';
import { type Database, DatabaseGoneError } from '#platform/database/database.ts';
import { openJournal } from './open-journal.ts';

/** A database that answers its queries by a script, one after the other. */
function scripted(answers: readonly (object[] | Error)[]): Database & { readonly left: number } {
  const rest = [...answers];
  return {
    get left() {
      return rest.length;
    },
    async query() {
      const answer = rest.shift() ?? new Error('There is no more in the script');
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as Partial<Database> as Database & { readonly left: number };
}

const positionsTaken = (): Error =>
  Object.assign(new Error('duplicate key'), { code: '23505', schema: 'shop', table: 'journal' });

test('append() takes its own late commit for nobody else’s, though the database goes before it can look', async () => {
  const database = scripted([
    [{ head: 0 }],
    new DatabaseGoneError('gone, and nobody knows whether the events are stored'),
    [{ present: 0 }],
    positionsTaken(), // the lost session commits just before the repetition
    new DatabaseGoneError('gone again, while looking whose they are'),
    [{ present: 1 }],
  ]);
  const write = () => Promise.resolve();
  await using journal = await openJournal(database, { schema: 'shop', stream: 's', write });
  expect(await journal.append({ changes: [], events: [{ at: 1, body: 'x' }] })).toEqual([
    { position: 1, at: 1, body: 'x' },
  ]);
  expect(database.left).toBe(0);
});
