import { describe } from 'vitest';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { mediaDirector } from './contract.ts';
import { fakeMediaDirector } from './fake.ts';
import { mediaDirectorSwitchContract, SWITCH_DOCUMENTS } from './testing/switch-suite.ts';

describe('beside a switch, in memory', () => {
  mediaDirectorSwitchContract(async () => {
    const fake = fakeMediaDirector({ documents: SWITCH_DOCUMENTS });
    const connect = (role: string) =>
      connectInProcess(mediaDirector, fake.implementation, { role });
    return {
      desktop: connect('desktop-server'),
      store: connect('simple-messaging-media-store'),
      voice: connect('voice-media-store'),
      xml: connect('xml-server'),
      [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
    };
  });
});
