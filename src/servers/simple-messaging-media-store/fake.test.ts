import { connectInProcess } from '#platform/rpc/in-process.ts';
import { simpleMessagingMediaStore } from './contract.ts';
import { FakeMessagingStore } from './fake.ts';
import { messagingStoreContract } from './suite.ts';

messagingStoreContract(async () => {
  const store = new FakeMessagingStore();
  const connect = (role: string) => connectInProcess(simpleMessagingMediaStore, store, { role });
  const [gateway, desktop] = [connect('web-chat-gateway'), connect('desktop-server')];
  return {
    gateway,
    desktop,
    accept: async (conversation, agent) => store.own(conversation, agent),
    close: async (conversation) => store.close(conversation),
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]();
      await desktop[Symbol.asyncDispose]();
    },
  };
});
