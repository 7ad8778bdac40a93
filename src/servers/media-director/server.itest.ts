import { describe, expect, test } from 'vitest';
import type { Database } from '#platform/database/database.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { mediaDirector } from './contract.ts';
import { startMediaDirector } from './server.ts';
import { mediaDirectorContract, SUITE_DOCUMENTS } from './suite.ts';

/** A director on a database of its own, with a configuration server. */
async function startCentre() {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  const configuration = new ConfigurationDouble();
  for (const { kind, id, body } of SUITE_DOCUMENTS) configuration.put(kind, id, body);
  life.use(centre.serve(configurationServer, configuration.implementation()));
  const settings = { 'seat-timeout': 0 };
  const platform = () => centre.platform('media-director', { database, settings });
  const running = life.move();
  return {
    centre,
    database,
    configuration,
    platform,
    desktop: centre.connect(mediaDirector, 'desktop-server'),
    store: centre.connect(mediaDirector, 'simple-messaging-media-store'),
    start: async () => running.use(await startMediaDirector(platform())),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

/** It has heard of everything that is configured. */
const configured = (database: Database) =>
  expect
    .poll(() => database.query({ text: 'select 1 as known from media_director.configuration' }))
    .toHaveLength(SUITE_DOCUMENTS.length);

describe('the contract, on PostgreSQL', () => {
  mediaDirectorContract(async () => {
    const parts = await startCentre();
    await parts.start();
    await configured(parts.database);
    return parts;
  });
});

void test;
