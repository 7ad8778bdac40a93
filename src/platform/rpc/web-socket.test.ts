import { createServer } from 'node:net';
import { once } from 'node:events';
import { connectRpc } from './connect.ts';
import { serveRpc } from './serve.ts';
import { serviceOf } from './service.ts';
import { example, rpcSuite } from './suite.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { openUpgradeGate } from '#platform/doors/upgrade-gate.ts';

rpcSuite('ws', async ({ implementation, role, clock }) => {
  const server = serveRpc({ verify: (token) => (token === 'token' ? role : undefined), clock });
  server.add(serviceOf(example, implementation));
  const gate = openUpgradeGate({
    allowsHost: () => true,
    frameBytes: server.limits.frameBytes,
    accept: (socket) => server.accept(socket),
  });
  const listener = createServer((socket) => gate.take(socket)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = portOf(listener);
  const client = connectRpc(example, { url: `ws://127.0.0.1:${port}`, token: 'token' }, { clock });
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      gate[Symbol.dispose]();
      listener.close();
    },
  };
});
