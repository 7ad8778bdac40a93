/** Servers of the machine's own distribution, for tests, without installing any of them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messageOf } from '#base/failure.ts';
import { ServerMissing } from './shared.ts';

const run = promisify(execFile);

const CACHE = fileURLToPath(new URL('../../.cache/unpacked', import.meta.url));
/** A package index takes a minute on a slow line. */
const PATIENCE = 300_000;

/**
 * Unpacks Debian packages, and whatever they need that is not installed, into a directory of the cache: once, in a
 * second or two. Needs apt-get and dpkg, no root and nothing installed.
 *
 * @returns The root of the tree: `usr/sbin/...` is below it. Another account may read it.
 * @throws {ServerMissing} If this machine has no such packages, or cannot reach them.
 */
export async function unpacked(name: string, packages: readonly string[]): Promise<string> {
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const key = createHash('sha256').update(`${packages.join()} ${process.arch} ${system}`);
  const home = join(CACHE, `${name}-${key.digest('hex').slice(0, 8)}`);
  if (existsSync(home)) return home;
  await mkdir(CACHE, { recursive: true });
  const half = await mkdtemp(join(CACHE, 'half-'));
  try {
    await download(packages, half);
    const root = join(half, 'root');
    await mkdir(root, { mode: 0o755 });
    for (const file of await readdir(half)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', join(half, file), root]);
    }
    await run('chmod', ['-R', 'a+rX', root]);
    // Whole or not at all: another run may be unpacking at the same time.
    await rename(root, home).catch((error: unknown) => {
      if (!existsSync(home)) throw error;
    });
  } catch (cause) {
    throw new ServerMissing(`Cannot unpack ${packages.join(', ')}: ${messageOf(cause)}`, { cause });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return home;
}

/** Downloads by the lists that the machine has; where it has none, by lists of our own. */
async function download(packages: readonly string[], folder: string): Promise<void> {
  const attempt = async (options: readonly string[]): Promise<void> => {
    const names = await closureOf(packages, options);
    await apt([...options, '-qq', 'download', ...names], folder);
  };
  await attempt([]).catch(async () => {
    const state = join(CACHE, 'apt');
    await mkdir(join(state, 'lists', 'partial'), { recursive: true });
    await mkdir(join(state, 'cache', 'archives', 'partial'), { recursive: true });
    const own = [
      ['-o', `Dir::State::Lists=${join(state, 'lists')}`],
      ['-o', `Dir::Cache=${join(state, 'cache')}`],
      ['-o', 'APT::Sandbox::User='],
    ].flat();
    await apt([...own, '-qq', 'update'], folder);
    await attempt(own);
  });
}

/** The packages and what else an installation would bring, each as `name=version`. */
async function closureOf(
  packages: readonly string[],
  options: readonly string[],
): Promise<string[]> {
  const { stdout } = await apt(
    // Packages that are installed must be named too; simulating needs no root
    [...options, '-s', '--no-install-recommends', '--reinstall', 'install', ...packages],
    '/',
  );
  return [...stdout.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+)/gm)].map(
    ([, name = '', version = '']) => `${name}=${version}`,
  );
}

const apt = (words: readonly string[], cwd: string): Promise<{ stdout: string }> =>
  run('apt-get', words, { cwd, timeout: PATIENCE, env: { ...process.env, LC_ALL: 'C' } });
