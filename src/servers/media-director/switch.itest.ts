import { describe, expect } from 'vitest';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { mediaDirector } from './contract.ts';
import { startMediaDirector } from './server.ts';
import {
  mediaDirectorSwitchContract,
  SWITCH_DOCUMENTS,
  type SwitchedSubject,
} from './testing/switch-suite.ts';

/** A director on a database of its own, that has heard of the whole configuration. */
async function start(): Promise<SwitchedSubject> {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  const configuration = new ConfigurationDouble();
  for (const { kind, id, body } of SWITCH_DOCUMENTS) configuration.put(kind, id, body);
  life.use(centre.serve(configurationServer, configuration.implementation()));
  const settings = { 'seat-timeout': 0 };
  life.use(await startMediaDirector(centre.platform('media-director', { database, settings })));
  await expect
    .poll(() => database.query({ text: 'select 1 as known from media_director.configuration' }))
    .toHaveLength(SWITCH_DOCUMENTS.length);
  const running = life.move();
  return {
    desktop: centre.connect(mediaDirector, 'desktop-server'),
    store: centre.connect(mediaDirector, 'simple-messaging-media-store'),
    voice: centre.connect(mediaDirector, 'voice-media-store'),
    xml: centre.connect(mediaDirector, 'xml-server'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

describe('beside a switch, on PostgreSQL', () => {
  mediaDirectorSwitchContract(start);
});
