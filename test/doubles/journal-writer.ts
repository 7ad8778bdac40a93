/**
 * A program that appends to a journal as fast as it can until it is killed: `journal-writer.ts URL`. Prints
 * the position of every event once it is acknowledged, one per line.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '#platform/database/pool.ts';
import { openJournal } from '#platform/journal/open-journal.ts';

const PRODUCERS = 32;

const database = await openDatabase({ url: process.argv[2] ?? '', name: 'writer' });
const journal = await openJournal<number, { n: number }>(database, {
  schema: 'crash',
  stream: 's',
  write: async (tx, changes) => {
    await tx.query({
      text: 'insert into crash.sums select unnest($1::bigint[]) on conflict do nothing',
      values: [changes],
    });
  },
});

let next = journal.position;
await Promise.all(
  Array.from({ length: PRODUCERS }, async () => {
    for (;;) {
      const n = ++next;
      const [event] = await journal.append({
        changes: [n],
        events: [{ at: Date.now(), body: { n } }],
      });
      writeSync(1, `${event?.position}\n`); // at once: a kill must not take back what was acknowledged
    }
  }),
);
