/** What keeps the program from starting is said in one sentence that names what to do; nothing is left half done. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram } from '../journeys/centre.ts';
import type { RunningProgram } from '../journeys/centre.ts';
import { skipHere } from '../servers/skip-or-fail.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/emcee.js', import.meta.url));
const NOBODY = 65_534;
const CANNOT_START = 78;
const run = promisify(execFile);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'emcee-start-'));
  await chmod(directory, 0o755);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Starts the program where it cannot start: its exit code, and what it complained of. */
async function failingStart(
  data: string,
  words: readonly string[] = [],
  user?: number,
): Promise<{ code: unknown; complaints: string[] }> {
  const child = spawn(
    process.execPath,
    [PROGRAM, 'start', '--data', data, '--set', 'ports.offset=any', ...words],
    { stdio: ['ignore', 'pipe', 'pipe'], ...(user !== undefined && { uid: user, gid: user }) },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = await once(child, 'close');
  const complaints = output.split('\n').filter((line) => line.startsWith('emcee: '));
  return { code, complaints: complaints.length > 0 ? complaints : [output] };
}

const NOT_AS_NOBODY = 'only root may try it as somebody else, from where everybody may read';

/** Whether this program can be run as another user. */
async function canBeNobody(): Promise<boolean> {
  const reads = ['-e', 'fs.accessSync(process.argv[1])', PROGRAM];
  if (process.getuid?.() !== 0) return false;
  return run(process.execPath, reads, { uid: NOBODY, gid: NOBODY }).then(
    () => true,
    () => false,
  );
}

/** What Linux knows of a process. */
const readStatus = (pid: number): Promise<string> => readFile(`/proc/${pid}/status`, 'utf8');

const started = (program: RunningProgram) => program.printed(/emcee doctor says/);

test('a port in use is named with the setting to change, and the next start finds everything', async () => {
  const data = join(directory, 'port');
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  for (const row of ['media-director', 'desktop-http']) {
    const { code, complaints } = await failingStart(data, ['--set', `ports.${row}=${port}`]);
    expect([code, complaints]).toEqual([
      CANNOT_START,
      [
        `emcee: Cannot open port ${port} on 127.0.0.1 for "${row}": another program uses it; stop that one, or change the setting ports.${row} or ports.offset`,
      ],
    ]);
  }
  taken.close();
  await once(taken, 'close');
  await using program = await startProgram({
    data,
    words: ['--set', `ports.desktop-http=${port}`],
  });
  await started(program);
});

test('a data directory in use is told with the process that uses it, which goes on', async () => {
  const data = join(directory, 'used');
  await using program = await startProgram({ data });
  await started(program);
  const [, url = ''] = await program.printed(/Open {7}(http:\S+)/);
  const { code, complaints } = await failingStart(data);
  expect([code, complaints.length]).toEqual([CANNOT_START, 1]);
  const [, holder] =
    /^emcee: Cannot use the data directory "\S+": process (\d+) runs database in it; stop that one, or name another directory by EMCEE_DATA$/.exec(
      complaints[0] ?? '',
    ) ?? [];
  const parent = Number(/^PPid:\s+(\d+)/m.exec(await readStatus(Number(holder)))?.[1]);
  expect(parent).toBe(program.pid);
  expect((await fetch(`${url}healthz`)).status).toBe(200);
});

test('a data directory that is a file is refused in one sentence', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  expect(await failingStart(file)).toEqual({
    code: CANNOT_START,
    complaints: [
      `emcee: Cannot use the data directory "${file}": a file has its name; name another one by EMCEE_DATA`,
    ],
  });
});

test('a data directory of somebody else, or in a place that is not ours, is refused in one sentence', async (context) => {
  if (!(await canBeNobody())) return skipHere(context, NOT_AS_NOBODY);
  const theirs = await mkdtemp(join(directory, 'theirs-'));
  expect(await failingStart(theirs, [], NOBODY)).toEqual({
    code: CANNOT_START,
    complaints: [
      `emcee: Cannot use the data directory "${theirs}": it belongs to user 0, and this is user ${NOBODY}; name another one by EMCEE_DATA`,
    ],
  });
  const nowhere = join(directory, 'nowhere');
  const { code, complaints } = await failingStart(nowhere, [], NOBODY);
  expect([code, complaints]).toEqual([
    CANNOT_START,
    [
      expect.stringMatching(
        /^emcee: Cannot use the data directory "\S+nowhere": .*permission denied.*; name another one by EMCEE_DATA$/,
      ),
    ],
  ]);
});

test('a data directory that cannot be written is refused in one sentence', async (context) => {
  const isRoot = process.getuid?.() === 0; // who may write anywhere
  if (isRoot && !(await canBeNobody())) return skipHere(context, NOT_AS_NOBODY);
  const user = isRoot ? NOBODY : undefined;
  const sealed = await mkdtemp(join(directory, 'sealed-'));
  if (user !== undefined) await chown(sealed, user, user);
  await chmod(sealed, 0o500);
  const { code, complaints } = await failingStart(sealed, [], user);
  expect([code, complaints]).toEqual([
    CANNOT_START,
    [
      expect.stringMatching(
        /^emcee: Cannot use the data directory "\S+": .*permission denied.*; name another one by EMCEE_DATA$/,
      ),
    ],
  ]);
});

test('a secret that other users may read is refused until it is put right', async () => {
  const data = join(directory, 'secret');
  await using first = await startProgram({ data });
  await started(first);
  await first.stop();
  const secret = join(data, 'secret.key');
  await chmod(secret, 0o644);
  expect(await failingStart(data)).toEqual({
    code: CANNOT_START,
    complaints: [
      `emcee: Cannot use "${secret}": other users of this machine may read it; run chmod 600 on it and restart`,
    ],
  });
  await chmod(secret, 0o600);
  await using again = await startProgram({ data });
  await started(again);
});
