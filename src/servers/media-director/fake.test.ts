import { describe } from 'vitest';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { mediaDirector } from './contract.ts';
import { fakeMediaDirector } from './fake.ts';
import { mediaDirectorContract, SUITE_DOCUMENTS } from './suite.ts';

describe('the contract, in memory', () => {
  mediaDirectorContract(async () => {
    const fake = fakeMediaDirector({ documents: SUITE_DOCUMENTS });
    const connect = (role: string) =>
      connectInProcess(mediaDirector, fake.implementation, { role });
    return {
      desktop: connect('desktop-server'),
      store: connect('simple-messaging-media-store'),
      [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
    };
  });
});
