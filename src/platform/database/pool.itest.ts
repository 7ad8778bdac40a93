import { expect, test } from 'vitest';
import { testDatabase } from './testing.ts';

test('Database.query() gives int8 as a number and a date as its text', async () => {
  await using database = await testDatabase();
  const rows = await database.query({
    text: `select count(*) as rows, date '2026-02-28' as day, $1::int[] as list`,
    values: [[1, 2]],
  });
  expect(rows).toEqual([{ rows: 1, day: '2026-02-28', list: [1, 2] }]);
});
