import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureDirectory } from './private-directory.ts';
import type { Cluster } from './cluster.ts';

/** The kernel's limit on a socket's path (`sun_path`): 108 bytes on Linux, 104 on macOS, the final zero included. */
const LONGEST_PATH = process.platform === 'darwin' ? 103 : 107;

const SOCKET_NAME = '/.s.PGSQL.5432';

/** Where the server's socket lies: as the server is told, and as its clients find it. */
export interface SocketDirectory {
  readonly forServer: string;
  readonly forClients: string;
}

/**
 * Chooses the directory of the socket: the cluster itself, or where that path is longer than the kernel
 * takes, a private directory for temporary files, the same one at every start.
 */
export async function chooseSocketDirectory(cluster: Cluster): Promise<SocketDirectory> {
  if (Buffer.byteLength(cluster.path + SOCKET_NAME) <= LONGEST_PATH) {
    return { forServer: '.', forClients: cluster.path };
  }
  const mark = createHash('sha256').update(cluster.path).digest('hex').slice(0, 16);
  const directory = join(tmpdir(), `emcee-${cluster.account.uid}-${mark}`);
  await ensureDirectory(directory, 0o700, cluster.account);
  return { forServer: directory, forClients: directory };
}
