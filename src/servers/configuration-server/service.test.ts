import { connectInProcess } from '#platform/rpc/in-process.ts';
import { configurationServer } from './contract.ts';
import { fakeConfigurationServer } from './fake.ts';
import { configurationSuite } from './testing/suite.ts';

configurationSuite('in memory', async (clock) =>
  connectInProcess(configurationServer, await fakeConfigurationServer({ clock }), {
    role: 'desktop-server',
    clock,
  }),
);
