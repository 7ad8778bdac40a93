import { mediaDirector } from '#servers/media-director/contract.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { DirectorDouble } from '../../../test/doubles/director.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { taskMediaStore } from './contract.ts';
import { startFakeTaskMediaStore } from './fake.ts';
import { DIRECTOR_WITHIN, taskStoreSuite } from './testing/suite.ts';

taskStoreSuite('in memory', async () => {
  await using life = new AsyncDisposableStack();
  const centre = new TestCentre();
  const director = new DirectorDouble();
  const configuration = new ConfigurationDouble();
  for (const queue of ['sales', 'support']) configuration.put('queue', queue, {});
  life.use(centre.serve(configurationServer, configuration.implementation()));
  const fake = life.use(
    await startFakeTaskMediaStore({
      director: centre.connect(mediaDirector, 'task-media-store'),
      configuration: centre.connect(configurationServer, 'task-media-store'),
      directorWithin: DIRECTOR_WITHIN,
    }),
  );
  life.use(centre.serve(taskMediaStore, fake.store));
  const running = life.move();
  return {
    client: centre.connect(taskMediaStore, 'desktop-server'),
    director,
    serveDirector: () => running.use(centre.serve(mediaDirector, director.implementation())),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
});
