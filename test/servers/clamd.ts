/** A real ClamAV daemon for tests, unpacked beside the machine. It knows one signature, of ours: the EICAR test file. */
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { accountOfServers, readableTree, spawnServer, sparePorts } from './unprivileged.ts';
import { unpacked } from './unpacked.ts';

/** Its packages. */
export const CLAMD = ['clamav-daemon'];

/** What every scanner finds, and what harms nobody; in two halves, so that none finds it in this file. */
export const EICAR = [
  String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-`,
  'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('');
/** MD5, size and name. */
const SIGNATURE = '44d88612fea8a8f36de82e1278abb02f:68:Test.EICAR\n';

export interface Clamd extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** The path of its socket. */
  readonly socket: string;
}

/**
 * Starts one in a directory of its own; disposing it removes all of it.
 *
 * @param largest Bytes that it takes of one file.
 * @throws {ServerMissing} If this machine cannot get the packages.
 */
export async function startClamd(largest = 10_000_000): Promise<Clamd> {
  await using parts = new AsyncDisposableStack();
  const home = await mkdtemp('/tmp/ec-');
  parts.defer(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755);
  const tree = await readableTree(await unpacked('clamd', CLAMD), join(home, 'tree'));
  const run = await mkdtemp(join(home, 'run-'));
  const { uid, gid } = await accountOfServers();
  const { clamd: port } = await sparePorts(['clamd']);
  const socket = join(run, 'clamd.sock');
  await writeFile(join(run, 'test.hdb'), SIGNATURE);
  await writeFile(
    join(run, 'clamd.conf'),
    [
      `DatabaseDirectory ${run}`,
      `TemporaryDirectory ${run}`,
      `LocalSocket ${socket}`,
      'TCPAddr 127.0.0.1',
      `TCPSocket ${port}`,
      `StreamMaxLength ${largest}`,
      'Foreground yes',
      'MaxThreads 2',
    ].join('\n'),
  );
  for (const path of ['', 'test.hdb', 'clamd.conf']) await chown(join(run, path), uid, gid);
  const server = parts.use(
    await spawnServer([`${tree}/usr/sbin/clamd`, '-c', join(run, 'clamd.conf')], {
      cwd: run,
      env: { LD_LIBRARY_PATH: globSync(`${tree}/{usr/,}lib/*-linux-*/`).join(':') },
    }),
  );
  await Promise.race([accepts(port), server.ended]);
  const life = parts.move();
  return {
    address: `127.0.0.1:${port}`,
    socket,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** Resolves once somebody listens. */
async function accepts(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
