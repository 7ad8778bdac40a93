import { openTestInstallation } from '#platform/doors/test-installation.ts';
import { urlOf } from '#platform/peers/directory.ts';
import { secureClientOptions } from '#platform/tls/identity.ts';
import { connectRpc } from './connect.ts';
import { example, rpcSuite } from './suite.ts';
import type { OpenExample } from './suite.ts';

for (const row of ['media-director', 'media-director-secure']) {
  rpcSuite(row.endsWith('secure') ? 'wss' : 'ws', (options) => open(row, options));
}

async function open(
  row: string,
  { implementation, role, clock }: OpenExample,
): Promise<ReturnType<typeof connectRpc<typeof example>>> {
  const installation = openTestInstallation();
  const { doors } = installation.open('media-director', {
    clock,
    place: (id) => (id === row ? { address: '127.0.0.1', port: 0 } : undefined),
  });
  await doors.rpc(example, implementation, ['media-director']);
  const authority = await installation.authority();
  const identity = await authority.issue({ role, hosts: [] });
  const opened = installation.opened(row);
  const proof = opened.tls
    ? { tls: secureClientOptions(identity, 'media-director') }
    : { token: installation.tokens.tokenOf(role) };
  const client = connectRpc(example, { url: urlOf(opened), ...proof }, { clock });
  return {
    ...client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await installation[Symbol.asyncDispose]();
    },
  };
}
