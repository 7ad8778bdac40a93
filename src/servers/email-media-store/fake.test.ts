import { connectInProcess } from '#platform/rpc/in-process.ts';
import { emailMediaStore } from './contract.ts';
import { FakeEmailStore } from './fake.ts';
import { emailStoreContract } from './suite.ts';

emailStoreContract(async () => {
  const fake = new FakeEmailStore();
  const store = connectInProcess(emailMediaStore, fake, { role: 'desktop-server' });
  return {
    store,
    bring: async (mail) => fake.bring(mail),
    hold: async (mail) => fake.hold(mail),
    accept: async (conversation, agent) => fake.own(conversation, agent),
    close: async (conversation) => fake.close(conversation),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
});
