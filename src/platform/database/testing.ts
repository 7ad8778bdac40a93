/** A fresh database for a test. Only tests import this file. */
import pg from 'pg';
import { inject } from 'vitest';
import { newId } from '#base/id.ts';
import { openDatabase } from './pool.ts';
import type { Database } from './database.ts';

/** The server that the test run shares; `test/servers/postgresql.ts` provides it. */
export interface TestServer {
  /** Signs in as one who may make and drop databases. */
  readonly adminUrl: string;
  /** Signs in as the owner of the databases made, no superuser. */
  readonly url: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresql: TestServer;
  }
}

export interface TestDatabase extends Database {
  /** For a program of its own that a test starts. */
  readonly url: string;
}

/** Makes an empty database, some 20 ms; disposing it drops it, whoever is still connected. */
export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrl, url: ownerUrl } = inject('postgresql');
  const name = `test_${newId().replaceAll('-', '')}`;
  const url = withDatabase(ownerUrl, name);
  const owner = pg.escapeIdentifier(userOf(ownerUrl));
  // A copy of the files is five times faster than the default, which writes all of them to the log.
  await administer(adminUrl, `create database ${name} owner ${owner} strategy file_copy`);
  const database = await openDatabase({ url, name: 'test' });
  let dropping: Promise<void> | undefined;
  const drop = async (): Promise<void> => {
    await database[Symbol.asyncDispose]();
    await administer(adminUrl, `drop database if exists ${name} with (force)`);
  };
  return {
    url,
    query: (statement) => database.query(statement),
    transaction: (work) => database.transaction(work),
    kysely: () => database.kysely(),
    migrate: (schema, directory) => database.migrate(schema, directory),
    listen: (channel, heard) => database.listen(channel, heard),
    [Symbol.asyncDispose]: () => (dropping ??= drop()),
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const withDatabase = (url: string, name: string): string =>
  url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);

const userOf = (url: string): string =>
  decodeURIComponent(/^\w+:\/\/([^:@/]+)/.exec(url)?.[1] ?? 'postgres');
