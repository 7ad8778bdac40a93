import { connectInProcess } from '#platform/rpc/in-process.ts';
import { contactDirectory } from './contract.ts';
import { fakeContactDirectory } from './fake.ts';
import { directorySuite } from './testing/suite.ts';

directorySuite('in memory', async (clock) => {
  const directory = fakeContactDirectory({ clock });
  const as = (role: string) => connectInProcess(contactDirectory, directory, { role, clock });
  const [desktop, store] = [as('desktop-server'), as('task-media-store')];
  return {
    desktop,
    store,
    async [Symbol.asyncDispose]() {
      await desktop[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
});
