/** The command line on a centre that runs, as a person uses it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { COMPONENTS } from '#base/component-name.ts';
import { portRows, rowsOf } from '#platform/ports/ports.ts';
import type { RunningProgram } from '../journeys/centre.ts';
import { startProgram } from '../journeys/centre.ts';
import { emcee } from './emcee.ts';

const PortState = z.strictObject({
  id: z.string(),
  port: z.int().min(1).max(65_535),
  transport: z.string(),
  tls: z.boolean(),
  component: z.string(),
  listening: z.boolean(),
  address: z.string().nullable(),
});

const folder = mkdtempSync(join(tmpdir(), 'emcee-command-line-'));
const life = new AsyncDisposableStack();
life.defer(() => rmSync(folder, { recursive: true, force: true }));
let centre: RunningProgram;

beforeAll(async () => {
  centre = life.use(await startProgram());
  await centre.printed(/is ready/);
});
afterAll(() => life.disposeAsync());

const here = (): string[] => ['--data', centre.data];

test('emcee start prints the addresses and a set-up link', () => {
  expect(centre.output()).toMatch(
    /Set up +http:\/\/127\.0\.0\.1:\d+\/control-panel\/#set-up=[\w-]{43}\n/,
  );
  expect(centre.output()).toMatch(/Open +https:\/\/127\.0\.0\.1:\d+\/\n/);
  expect(centre.output()).toContain(centre.data);
});

test('emcee ports has every row of the matrix, and every row of a running component listens', async () => {
  const { out } = await emcee(['ports', '--json', ...here()]);
  const states = z.array(PortState).parse(JSON.parse(out));
  expect(states.map((state) => state.id)).toEqual(portRows().map((row) => row.id));
  const ours = COMPONENTS.flatMap((component) => rowsOf(component)).map((row) => row.id);
  const silent = states.filter((state) => ours.includes(state.id) && !state.listening);
  expect(silent).toEqual([]);
  const heard = states.filter((state) => state.listening);
  expect(heard.map((state) => state.id).toSorted()).toEqual(ours.toSorted());
  expect(new Set(heard.map((state) => state.address))).toEqual(new Set(['127.0.0.1']));
});

test('emcee doctor finds a new centre well', async () => {
  const { code, out } = await emcee(['doctor', '--json', ...here()]);
  const findings = z
    .array(z.object({ subject: z.string(), state: z.string(), words: z.string() }))
    .parse(JSON.parse(out));
  expect(findings.filter((finding) => finding.state === 'bad')).toEqual([]);
  expect(findings.map((finding) => finding.subject)).toEqual(
    expect.arrayContaining([...COMPONENTS]),
  );
  expect(code).toBe(0);
});

test('emcee contracts prints every contract as JSON Schema', async () => {
  const { out } = await emcee(['contracts']);
  const contracts = z
    .array(z.object({ name: z.enum(COMPONENTS), methods: z.record(z.string(), z.unknown()) }))
    .parse(JSON.parse(out));
  expect(contracts.map((contract) => contract.name)).toEqual(
    expect.arrayContaining([
      'media-director',
      'simple-messaging-media-store',
      'configuration-server',
    ]),
  );
});

test('emcee user adds people, who are there after a restore elsewhere', async () => {
  const password = 'long enough to pass\n';
  const words = ['agent-1', '--name', 'Agent 1', '--role', 'agent', '--role', 'supervisor'];
  expect(await emcee(['user', 'add', ...words, ...here()], password)).toMatchObject({ code: 0 });
  expect(await emcee(['user', 'add', 'agent-1', ...here()], password)).toMatchObject({
    code: 1,
    complaints: 'emcee: Cannot add "agent-1": there is one of that login already\n',
  });
  const users = await emcee(['user', 'list', '--json', ...here()]);
  expect(JSON.parse(users.out)).toMatchObject([
    { login: 'agent-1', name: 'Agent 1', roles: ['agent', 'supervisor'], retired: false },
  ]);

  const file = join(folder, 'centre.backup');
  const passphrase = 'a passphrase\n';
  expect(await emcee(['backup', file, ...here()], passphrase)).toMatchObject({ code: 0 });
  const data = join(folder, 'restored');
  expect(await emcee(['restore', file, '--data', data], 'another one\n')).toMatchObject({
    code: 1,
    complaints: expect.stringContaining('passphrase is wrong'),
  });
  expect(await emcee(['restore', file, '--data', data], passphrase)).toMatchObject({ code: 0 });
  await using restored = await startProgram({ data });
  await restored.printed(/is ready/);
  expect((await emcee(['user', 'list', '--json', '--data', data])).out).toBe(users.out);
});

test('emcee trace shows what components did', async () => {
  const { out } = await emcee([
    'trace',
    '--from',
    '2020-01-01',
    '--text',
    'component.started',
    ...here(),
  ]);
  expect(out).toMatch(/ info +media-director component\.started\n/);
});

test('a second start on the same data directory says who uses it', async () => {
  const second = await emcee(['start', '--set', 'ports.offset=any', ...here()]);
  expect(second).toMatchObject({
    code: 78,
    complaints: expect.stringMatching(
      new RegExp(
        `^emcee: Cannot use the data directory "${centre.data}": process \\d+ runs database in it; stop that one, or name another directory by EMCEE_DATA\n$`,
      ),
    ),
  });
});

test.each([
  [
    'media-director,database --run media-director',
    'twice beside others: give each a --run of its own',
  ],
  [
    'media-director --run media-director --run media-director',
    '3 times in one installation: 2 at most',
  ],
])('a director is not started as --run %s', async (words, complaint) => {
  const { code, complaints } = await emcee(['start', '--run', ...words.split(' ')]);
  expect([code === 0, complaints]).toEqual([
    false,
    `emcee: Cannot run "media-director" ${complaint}\n`,
  ]);
});

test('a port in use is named, with the setting that changes it', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  const data = join(folder, 'taken');
  const settings = ['--set', 'ports.offset=any', '--set', `ports.app-management=${port}`];
  const { code, complaints } = await emcee(['start', '--data', data, ...settings]);
  taken.close();
  expect(code).toBe(78);
  expect(complaints).toBe(
    `emcee: Cannot open port ${port} on 127.0.0.1 for "app-management": another program uses it; stop that one, or change the setting ports.app-management or ports.offset\n`,
  );
});

test('commands say in one sentence that nothing runs', async () => {
  const data = join(folder, 'nothing');
  expect(await emcee(['user', 'list', '--data', data])).toEqual({
    code: 1,
    out: '',
    complaints: `emcee: Cannot reach configuration-server: Emcee does not run in the data directory "${data}"; start it by emcee start, or name another directory by --data\n`,
  });
});

test('a parent that is killed takes its children along, and the next start goes on', async () => {
  const data = join(folder, 'killed');
  const first = await startProgram({ data });
  await first.printed(/is ready/);
  process.kill(first.pid, 'SIGKILL');
  await using second = await startProgram({ data });
  await second.printed(/is ready/);
  expect((await emcee(['doctor', '--data', data])).code).toBe(0);
});

test('components in processes of their own find each other', async () => {
  const words = COMPONENTS.flatMap((component) => ['--run', component]);
  await using apart = await startProgram({ words });
  await apart.printed(/Set up/);
  const { out } = await emcee(['doctor', '--json', '--data', apart.data]);
  const findings = z
    .array(z.object({ subject: z.string(), state: z.string(), words: z.string() }))
    .parse(JSON.parse(out));
  expect(findings.filter((finding) => finding.state === 'bad')).toEqual([]);
  expect(findings.map((finding) => finding.subject)).toEqual(
    expect.arrayContaining([...COMPONENTS]),
  );
});
