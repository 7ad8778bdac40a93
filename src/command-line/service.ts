import { accessSync, constants, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultDataDirectory } from '#platform/installation/data-directory.ts';
import { programRoot } from '#platform/installation/program.ts';

export interface ServiceOptions {
  readonly user?: string;
  readonly data?: string;
  readonly set?: readonly string[];
  readonly print?: boolean;
}

/** What the unit is made of. */
export interface UnitOptions {
  /** Node and the launcher. */
  readonly program: readonly string[];
  readonly directory: string;
  /** The account it runs under; left out in a unit of one's own user. */
  readonly user?: string | undefined;
  readonly forSystem: boolean;
  readonly set: readonly string[];
}

const SYSTEM_UNIT = '/etc/systemd/system/emcee.service';
const SYSTEM_DATA = '/var/lib/emcee';

/** `emcee service install`: a systemd unit, of the system for root and of the user for others. */
export function installService(options: ServiceOptions): void {
  const forSystem = process.getuid?.() === 0;
  if (!forSystem && options.user !== undefined) {
    throw new Error('Cannot install a service for another user: run this as root');
  }
  if (forSystem) refuseClosed(programRoot);
  // What this shell's centre uses: a service on another directory would start an empty one.
  const { EMCEE_DATA, EMCEE_DATABASE_URL } = process.env;
  const directory =
    options.data ?? EMCEE_DATA ?? (forSystem ? SYSTEM_DATA : defaultDataDirectory(undefined));
  if (EMCEE_DATABASE_URL) {
    throw new Error(
      `Cannot install the service with EMCEE_DATABASE_URL: everybody can read a unit, and it may hold a password; write {"database":{"url":"…"}} into ${join(directory, 'settings.json')} and unset it`,
    );
  }
  const unit = formatUnit({
    program: [process.execPath, join(programRoot, 'bin', 'emcee.js')],
    directory,
    user: options.user,
    forSystem,
    set: options.set ?? [],
  });
  if (options.print) {
    process.stdout.write(unit);
    return;
  }
  const path = forSystem ? SYSTEM_UNIT : join(homedir(), '.config/systemd/user/emcee.service');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, unit, { mode: 0o644 });
  const systemctl = forSystem ? 'systemctl' : 'systemctl --user';
  console.log(
    `Wrote ${path}. Its data will be in ${directory}. To start it now and at every boot:\n`,
  );
  console.log(`  ${systemctl} daemon-reload && ${systemctl} enable --now emcee`);
}

/** The text of the unit. */
export function formatUnit({ program, directory, user, forSystem, set }: UnitOptions): string {
  const command = [...program, 'start', ...set.flatMap((flag) => ['--set', flag])];
  // Without an account of its own the service gets one from systemd that owns nothing but the data.
  const account =
    user === undefined ? ['DynamicUser=yes', 'StateDirectory=emcee'] : [`User=${user}`];
  return `${[
    '[Unit]',
    'Description=Emcee contact centre',
    'After=network-online.target postgresql.service',
    'Wants=network-online.target',
    '',
    '[Service]',
    `ExecStart=${command.map((word) => quote(word.replaceAll('$', '$$$$'))).join(' ')}`,
    `Environment=${quote(`EMCEE_DATA=${directory}`)}`,
    ...(forSystem ? account : []),
    '# Emcee passes the signal on to its own processes, and drains them in 20 s.',
    'KillMode=mixed',
    'TimeoutStopSec=60',
    'Restart=on-failure',
    'RestartSec=2',
    '# Settings, ports or data forbid it: trying again helps nobody.',
    'RestartPreventExitStatus=78',
    'LimitNOFILE=65536',
    'UMask=0077',
    'NoNewPrivileges=yes',
    ...(forSystem
      ? [
          'ProtectSystem=strict',
          `ReadWritePaths=${quote(`-${directory}`)}`,
          'ProtectHome=read-only',
          'PrivateTmp=yes',
          'PrivateDevices=yes',
          'ProtectKernelTunables=yes',
          'ProtectControlGroups=yes',
          'RestrictSUIDSGID=yes',
        ]
      : []),
    '',
    '[Install]',
    `WantedBy=${forSystem ? 'multi-user.target' : 'default.target'}`,
  ].join('\n')}\n`;
}

/** One word of a unit. In a command line a `$` must be doubled, too. @see systemd.syntax(7), "Quoting" */
function quote(word: string): string {
  const escaped = word.replaceAll('%', '%%');
  if (/^[\w@%+=:,./$-]+$/.test(escaped)) return escaped;
  return `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The service's account must be able to read the program, which it cannot below somebody's private home. */
function refuseClosed(path: string): void {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    accessSync(at, constants.R_OK);
    if ((statSync(at).mode & 0o005) !== 0o005) {
      throw new Error(
        `Cannot install a service from "${path}": other accounts may not enter "${at}"; ` +
          'install Emcee where all may read it, as in /opt/emcee, or name an account by --user',
      );
    }
  }
}
