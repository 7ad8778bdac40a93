/** A real Dovecot for tests: IMAP, POP3, LMTP and submission, unpacked beside the machine and never installed. */
import { on } from 'node:events';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openAuthority } from '#platform/tls/authority.ts';
import { appendByImap, deliverByLmtp, greetsByImap } from './mail-wires.ts';
import type { MailServer } from './mail-wires.ts';
import { accountOfServers, readableTree, spawnServer, sparePorts } from './unprivileged.ts';
import { unpacked } from './unpacked.ts';

/** Its packages. */
export const DOVECOT = ['dovecot-imapd', 'dovecot-pop3d', 'dovecot-lmtpd', 'dovecot-submissiond'];
const PORTS = ['imap', 'imaps', 'pop3', 'pop3s', 'lmtp', 'submission', 'submissions'] as const;
const PASSWORD = 'test';

export interface Dovecot extends MailServer {
  readonly ports: Readonly<Record<(typeof PORTS)[number], number>>;
}

export interface DovecotOptions {
  /** The SMTP server that submission hands messages on to, on the loopback address; without it submission fails. */
  readonly relay?: number;
  /** Where bearer tokens are looked up (RFC 7662); without it no token is taken. */
  readonly introspection?: string;
}

/**
 * Starts a Dovecot in a directory of its own; disposing it removes all of it.
 *
 * @throws {ServerMissing} If this machine cannot get the packages.
 */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  await using parts = new AsyncDisposableStack();
  // Short: sockets stand in it, and the place of modules must fit where Dovecot's own stood.
  const home = await mkdtemp('/tmp/ed-');
  parts.defer(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755);
  const tree = await readableTree(await unpacked('dovecot', DOVECOT), join(home, 'tree'));
  const libraries = await moveModules(tree, home);
  const authority = await openAuthority(join(home, 'authority'));
  const identity = await authority.issue({
    role: 'mail-server',
    hosts: ['localhost', '127.0.0.1'],
  });
  const ports = await sparePorts(PORTS);

  const { uid, gid, user, group } = await accountOfServers();
  const run = join(home, 'run');
  await mkdir(run);
  await writeFile(join(run, 'server.pem'), identity.certificate + identity.key, { mode: 0o600 });
  await writeFile(join(run, 'oauth.conf'), oauth(options.introspection ?? ''));
  const settings = [
    `default_internal_user = ${user}\ndefault_internal_group = ${group}\ndefault_login_user = ${user}`,
    `libexec_dir = ${tree}/usr/lib/dovecot\nmail_plugin_dir = ${tree}/usr/lib/dovecot/modules`,
    `base_dir = ${run}/base\nstate_dir = ${run}/state`,
    general(run, `uid=${uid} gid=${gid} home=${run}/mail/%n`),
    services(ports),
    `submission_relay_host = 127.0.0.1\nsubmission_relay_port = ${options.relay ?? 1}`,
    options.introspection === undefined ? '' : bearer(run),
  ];
  const configuration = join(run, 'dovecot.conf');
  await writeFile(configuration, settings.join('\n'));
  for (const path of ['', 'server.pem']) await chown(join(run, path), uid, gid);

  let running: AsyncDisposable | undefined;
  const stop = async (): Promise<void> => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const start = async (): Promise<void> => {
    running ??= await startProcess(tree, configuration, { LD_LIBRARY_PATH: libraries.join(':') });
    await greetsByImap(ports.imap);
  };
  parts.defer(stop);
  await start();
  const life = parts.move();
  return {
    host: 'localhost',
    password: PASSWORD,
    authority: identity.authority,
    ports,
    deliver: (name, ...messages) => deliverByLmtp(ports.lmtp, name, messages),
    append: (name, messages, at = Date.now()) =>
      appendByImap(ports.imap, { user: name, password: PASSWORD }, messages, at),
    stop,
    start,
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/**
 * Dovecot looks for its libraries where LD_LIBRARY_PATH says, but for the module that speaks TLS in a place that is
 * written into one library. That library is copied with another place of no greater length in it.
 */
async function moveModules(tree: string, home: string): Promise<string[]> {
  const own = join(home, 'lib');
  await mkdir(own);
  await symlink(`${tree}/usr/lib/dovecot/modules`, join(home, 'modules'));
  const was = Buffer.from('/usr/lib/dovecot/modules\0');
  const now = Buffer.alloc(was.length, 0);
  if (now.write(join(home, 'modules')) >= was.length) throw new Error(`"${home}" is too long`);
  const copy = join(own, 'libdovecot.so.0');
  await copyFile(`${tree}/usr/lib/dovecot/libdovecot.so.0`, copy);
  const library = await readFile(copy);
  const at = library.indexOf(was);
  if (at < 0) throw new Error('Cannot move the modules of Dovecot: it is of another make');
  now.copy(library, at);
  await writeFile(copy, library);
  const kept = [`${tree}/usr/lib/dovecot`, `${tree}/usr/lib/dovecot/modules/old-stats`];
  return [own, ...kept, ...globSync(`${tree}/{usr/,}lib/*-linux-*/`)];
}

/** Resolves once it accepts connections. */
async function startProcess(
  tree: string,
  configuration: string,
  env: Record<string, string>,
): Promise<AsyncDisposable> {
  // Dovecot would run /usr/bin/doveconf to read its settings; so that reads them and runs Dovecot.
  const read = ['-f', 'service=master', '-c', configuration, '-p', '-m', 'master', '-e'];
  const command = [`${tree}/usr/bin/doveconf`, ...read, `${tree}/usr/sbin/dovecot`, '-F'];
  const server = await spawnServer([...command, '-c', configuration], { cwd: '/', env });
  await Promise.race([server.ended, says(server.stderr, 'starting up for')]);
  return server;
}

async function says(stream: Readable, words: string): Promise<void> {
  for await (const [text] of on(stream, 'data')) if (String(text).includes(words)) return;
}

const general = (run: string, userdb: string): string => `
import_environment = LD_LIBRARY_PATH LC_ALL TZ
log_path = /dev/stderr
listen = 127.0.0.1
protocols = imap pop3 lmtp submission
hostname = localhost
disable_plaintext_auth = no
ssl = yes
ssl_cert = <${run}/server.pem
ssl_key = <${run}/server.pem
mail_location = sdbox:~/sdbox
mail_max_userip_connections = 1000
mail_fsync = never
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = ${userdb} allow_all_users=yes
}
namespace inbox {
  inbox = yes
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}`;

const services = (ports: Dovecot['ports']): string => `
service imap-login {
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service pop3-login {
  chroot =
  service_count = 0
  inet_listener pop3 {
    port = ${ports.pop3}
  }
  inet_listener pop3s {
    port = ${ports.pop3s}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
}
service submission-login {
  chroot =
  service_count = 0
  inet_listener submission {
    port = ${ports.submission}
  }
  inet_listener submissions {
    port = ${ports.submissions}
    ssl = yes
  }
}
service imap {
  process_limit = 1000
}`;

const bearer = (run: string): string => `
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${run}/oauth.conf
}`;

const oauth = (introspection: string): string => `
introspection_mode = post
introspection_url = ${introspection}
username_attribute = username
active_attribute = active
active_value = true
`;
