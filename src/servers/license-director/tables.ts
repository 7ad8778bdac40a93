/** All SQL of the license director. */
import type { Instant } from '#base/time.ts';
import type { Database } from '#platform/database/database.ts';
import type { Grace } from './rules/judge-limit.ts';

/** Peaks are shown, and kept, for this many days. */
const PEAK_DAYS = 30;

export interface Remembered {
  readonly graces: ReadonlyMap<string, Grace>;
  /** The most seats in use of the last 30 days, by limit. */
  readonly peaks: ReadonlyMap<string, number>;
}

export async function readRemembered(database: Database): Promise<Remembered> {
  const graces = await database.query<{ name: string; since: Date; last_over: Date }>({
    text: 'select name, since, last_over from license.graces',
  });
  return {
    graces: new Map(
      graces.map((row) => [
        row.name,
        { since: row.since.getTime(), lastOver: row.last_over.getTime() },
      ]),
    ),
    peaks: await readPeaks(database),
  };
}

/** The most seats in use of the last 30 days, by limit. */
export async function readPeaks(database: Database): Promise<Map<string, number>> {
  const peaks = await database.query<{ name: string; peak: number }>({
    text: `select name, max(peak) as peak from license.peaks
           where day > current_date - $1::integer group by name`,
    values: [PEAK_DAYS],
  });
  return new Map(peaks.map((row) => [row.name, row.peak]));
}

/** Writes the graces as they are, and of today the greatest peak of those stored and those given. */
export async function writeRemembered(
  database: Database,
  graces: ReadonlyMap<string, Grace>,
  today: ReadonlyMap<string, number>,
  now: Instant,
): Promise<void> {
  const graceRows = [...graces].map(([name, { since, lastOver }]) => ({
    name,
    since: new Date(since).toISOString(),
    last_over: new Date(lastOver).toISOString(),
  }));
  const peakRows = [...today].map(([name, peak]) => ({ name, peak }));
  await database.transaction(async (tx) => {
    await tx.query({
      text: `delete from license.graces where name <> all ($1::text[])`,
      values: [[...graces.keys()]],
    });
    await tx.query({
      text: `insert into license.graces (name, since, last_over)
             select name, since, last_over
             from jsonb_to_recordset($1::jsonb)
               as row (name text, since timestamptz, last_over timestamptz)
             on conflict (name) do update set since = excluded.since, last_over = excluded.last_over`,
      values: [JSON.stringify(graceRows)],
    });
    await tx.query({
      text: `insert into license.peaks as p (day, name, peak)
             select $2::date, name, peak
             from jsonb_to_recordset($1::jsonb) as row (name text, peak integer)
             on conflict (day, name) do update set peak = greatest(p.peak, excluded.peak)`,
      values: [JSON.stringify(peakRows), new Date(now).toISOString().slice(0, 10)],
    });
    await tx.query({
      text: 'delete from license.peaks where day <= $1::date - $2::integer',
      values: [new Date(now).toISOString().slice(0, 10), PEAK_DAYS],
    });
  });
}
