import { testDatabase } from '#platform/database/testing.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { contactDirectory } from './contract.ts';
import { startContactDirectory } from './server.ts';
import { directorySuite } from './testing/suite.ts';

directorySuite('on PostgreSQL', async (clock) => {
  await using life = new AsyncDisposableStack();
  const database = life.use(await testDatabase());
  const centre = new TestCentre();
  life.use(await startContactDirectory(centre.platform('contact-directory', { database, clock })));
  const running = life.move();
  return {
    desktop: centre.connect(contactDirectory, 'desktop-server'),
    store: centre.connect(contactDirectory, 'task-media-store'),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
});
