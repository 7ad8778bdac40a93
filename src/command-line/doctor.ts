import { readFileSync, statSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import type { ComponentName } from '#base/component-name.ts';
import { messageOf } from '#base/failure.ts';
import type { Milliseconds } from '#base/time.ts';
import { days, seconds } from '#base/time.ts';
import type { ComponentDefinitions } from '#platform/component.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { readDatabaseUrl } from '#platform/database/url-file.ts';
import { readAddresses } from '#platform/installation/address-file.ts';
import { programVersion } from '#platform/installation/program.ts';
import { databaseSettings } from '#platform/platform-settings.ts';
import { addressSettings, planPorts, portSettings } from '#platform/ports/port-plan.ts';
import { rowsOf } from '#platform/ports/ports.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { certificateStates } from './cert.ts';
import { connectRunning } from './connect.ts';
import type { Context } from './context.ts';
import { portStates } from './ports.ts';

/** One thing the doctor looked at. */
export interface Finding {
  readonly subject: string;
  readonly state: 'good' | 'warning' | 'bad';
  /** What is so, and where it is not good what to do, in plain words. */
  readonly words: string;
}

const good = (subject: string, words: string): Finding => ({ subject, state: 'good', words });
const warning = (subject: string, words: string): Finding => ({ subject, state: 'warning', words });
const bad = (subject: string, words: string): Finding => ({ subject, state: 'bad', words });

const GIB = 1024 ** 3;
/** PostgreSQL stops when its disk is full; recovery needs some room, too. */
const LEAST_DISK = GIB;
const SCARCE_DISK = 5 * GIB;
/** Certificates, leases and figures all assume that clocks agree. */
const WORST_CLOCK_DIFFERENCE: Milliseconds = seconds(2);
const PATIENCE: Milliseconds = seconds(5);

/** `emcee doctor`: says in plain words what is wrong and what to do. Resolves with the exit code. */
export async function printDoctor(
  context: Context,
  components: ComponentDefinitions,
  options: { json?: boolean },
): Promise<number> {
  const findings = await examine(context, components);
  if (options.json) console.log(JSON.stringify(findings, undefined, 2));
  else for (const finding of findings) console.log(formatFinding(finding));
  return findings.some((finding) => finding.state === 'bad') ? 1 : 0;
}

const MARK = { good: 'ok     ', warning: 'WARNING', bad: 'BAD    ' } as const;

const formatFinding = ({ subject, state, words }: Finding): string =>
  `${MARK[state]}  ${subject}: ${words}`;

/** Looks at everything; a look that fails is itself a finding. */
export async function examine(
  context: Context,
  components: ComponentDefinitions,
): Promise<Finding[]> {
  const isRunning = runningComponents(context.directory).length > 0;
  const looks: Readonly<Record<string, () => Promise<Finding[]> | Finding[]>> = {
    Program: () => [good('Program', `Emcee ${programVersion} on Node ${process.versions.node}`)],
    'Data directory': () => lookAtDirectory(context.directory),
    'Disk space': () => lookAtDisk(context.directory),
    'Open files': lookAtOpenFiles,
    Database: () => lookAtDatabase(context),
    Certificates: () => lookAtCertificates(context.directory),
    Ports: () => (isRunning ? lookAtOpenPorts(context) : lookAtFreePorts(context, components)),
    Components: () => (isRunning ? lookAtHealth(context.directory) : notRunning(context.directory)),
  };
  const found = await Promise.all(
    Object.entries(looks).map(async ([subject, look]) => {
      try {
        return await look();
      } catch (error) {
        return [bad(subject, messageOf(error))];
      }
    }),
  );
  return found.flat();
}

function runningComponents(directory: string): string[] {
  return readAddresses(directory)
    .filter(({ pid }) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    })
    .map((each) => each.component);
}

function notRunning(directory: string): Finding[] {
  return [warning('Components', `nothing runs in "${directory}"; start it by emcee start`)];
}

function lookAtDirectory(directory: string): Finding[] {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (!found) return [good('Data directory', `"${directory}" is made by the first start`)];
  if (!found.isDirectory()) {
    return [bad('Data directory', `"${directory}" is not a directory; name another by EMCEE_DATA`)];
  }
  const us = process.getuid?.() ?? found.uid;
  if (found.uid !== us) {
    const words = `"${directory}" belongs to user ${found.uid}, and this is user ${us}; run this as that user`;
    return [us === 0 ? warning('Data directory', words) : bad('Data directory', words)];
  }
  if ((found.mode & 0o077) !== 0) {
    return [bad('Data directory', `others may enter "${directory}"; run chmod 700 on it`)];
  }
  return [good('Data directory', `"${directory}"`)];
}

function lookAtDisk(directory: string): Finding[] {
  let at = directory;
  while (!statSync(at, { throwIfNoEntry: false })) at = dirname(at);
  const disk = statfsSync(at);
  const free = disk.bavail * disk.bsize;
  const words = `${(free / GIB).toFixed(1)} GiB free`;
  if (free < LEAST_DISK) {
    return [bad('Disk space', `${words}; make room, or move the data directory to a larger disk`)];
  }
  if (free < SCARCE_DISK) return [warning('Disk space', `${words}; make room soon`)];
  return [good('Disk space', words)];
}

/** Every chat visitor is an open file. */
function lookAtOpenFiles(): Finding[] {
  if (process.platform !== 'linux') return [];
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, hard = ''] = /^Max open files\s+\S+\s+(\S+)/m.exec(limits) ?? [];
  const count = hard === 'unlimited' ? Infinity : Number(hard);
  if (!(count < 4_096)) return [];
  return [
    warning(
      'Open files',
      `at most ${count} at once, which is also the most chats; raise ulimit -n`,
    ),
  ];
}

async function lookAtDatabase({ settings, directory }: Context): Promise<Finding[]> {
  const own = settings.of('database', databaseSettings).url;
  const url = own === '' ? readDatabaseUrl(directory) : own;
  const kind = own === '' ? 'the embedded PostgreSQL' : 'your PostgreSQL';
  if (url === undefined) return [good('Database', `${kind}, which starts with Emcee`)];
  try {
    await using database = await openDatabase({ url, name: 'emcee doctor' });
    const [row] = await database.query<{ version: string; now: Date }>({
      text: `select current_setting('server_version') as version, clock_timestamp() as now`,
    });
    const difference = Math.abs((row?.now.getTime() ?? 0) - Date.now());
    const findings = [good('Database', `${kind} ${row?.version ?? ''} answers`)];
    if (difference > WORST_CLOCK_DIFFERENCE) {
      const words = `this machine and the database differ by ${Math.round(difference / 1_000)} s`;
      findings.push(bad('Clock', `${words}; let both follow the same time server`));
    }
    return findings;
  } catch (error) {
    const advice = own === '' ? 'start Emcee again' : 'check EMCEE_DATABASE_URL, and that it runs';
    return [bad('Database', `${kind} does not answer (${messageOf(error)}); ${advice}`)];
  }
}

function lookAtCertificates(directory: string): Finding[] {
  const now = Date.now();
  const states = certificateStates(directory, now);
  const ended = states.filter((state) => state.ends.getTime() < now);
  if (ended.length > 0) {
    const names = ended.map((state) => basename(state.name)).join(', ');
    return [bad('Certificates', `${names} ended; run emcee cert rotate, then start Emcee again`)];
  }
  const soon = states.filter((state) => state.ends.getTime() < now + days(14));
  if (soon.length > 0) {
    const names = soon.map((state) => state.name).join(', ');
    return [
      warning('Certificates', `${names} end within 14 days; start Emcee again to renew them`),
    ];
  }
  return states.length === 0 ? [] : [good('Certificates', `${states.length}, all valid`)];
}

/** While nothing of ours runs, whatever answers on a port of ours is somebody else. */
async function lookAtFreePorts(
  { settings }: Context,
  components: ComponentDefinitions,
): Promise<Finding[]> {
  const plan = planPorts(
    settings.of('ports', portSettings),
    settings.of('address', addressSettings),
  );
  const places = [...components.keys()]
    .flatMap((component: ComponentName) => rowsOf(component))
    .filter((row) => row.role === 'listens' && row.transport.endsWith('tcp'))
    .map((row) => ({ row, place: plan.placeOf(row.id) }));
  const taken: Finding[] = [];
  for (const { row, place } of places) {
    if (place === undefined || place.port === 0 || (await isFree(place.port, place.address)))
      continue;
    const words = `${place.port} on ${place.address} is taken by another program; stop that, or set ports.${row.id}`;
    taken.push(bad('Ports', words));
  }
  return taken.length > 0 ? taken : [good('Ports', 'all are free')];
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function lookAtOpenPorts(context: Context): Promise<Finding[]> {
  const running = new Set(runningComponents(context.directory));
  const opened = new Map(
    readAddresses(context.directory).flatMap((each) =>
      each.opened.map((place) => [place.row, place] as const),
    ),
  );
  const silent = (await portStates(context)).filter(
    (state) => running.has(state.component) && opened.has(state.id) && !state.listening,
  );
  if (silent.length > 0) {
    const rows = silent.map((state) => state.id).join(', ');
    return [bad('Ports', `${rows} should listen and do not answer; start Emcee again`)];
  }
  return [good('Ports', `${opened.size} rows listen`)];
}

async function lookAtHealth(directory: string): Promise<Finding[]> {
  await using client = connectRunning(applicationManagement, directory);
  const { applications } = await client.call.list({}, { timeout: PATIENCE });
  return applications.map((application): Finding => {
    const words = application.parts
      .filter((part) => part.state !== 'good')
      .map((part) => `${part.part} ${part.state}${part.detail ? `, ${part.detail}` : ''}`)
      .join('; ');
    if (application.state === 'good') return good(application.component, 'well');
    if (application.state === 'degraded') return warning(application.component, words);
    return bad(application.component, words || 'gone; see emcee trace, and start it again');
  });
}
