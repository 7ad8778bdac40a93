import { connectInProcess } from './in-process.ts';
import { example, rpcSuite } from './suite.ts';

rpcSuite('in process', async ({ implementation, role, clock }) =>
  connectInProcess(example, implementation, { role, clock }),
);
