import { prepareSchema } from '#platform/database/migrate.ts';
import { createJournal } from './statements.ts';
import type { Database } from '#platform/database/database.ts';

/** Makes the table that holds the streams of `schema`, where it is missing. Safe to call at every start. */
export function prepareJournal(database: Database, schema: string): Promise<void> {
  return prepareSchema(database, schema, 'journal', createJournal(schema));
}
