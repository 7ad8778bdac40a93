import { busContract } from './bus.contract.ts';
import { openProcessBus } from './process-bus.ts';

busContract('openProcessBus()', async () => {
  const bus = openProcessBus();
  return { here: bus, there: bus, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
});
