/** A real Cyrus for tests, the second opinion on IMAP: unpacked beside the machine and never installed. */
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openAuthority } from '#platform/tls/authority.ts';
import { appendByImap, deliverByLmtp, greetsByImap } from './mail-wires.ts';
import type { MailServer } from './mail-wires.ts';
import { accountOfServers, readableTree, spawnServer, sparePorts } from './unprivileged.ts';
import { unpacked } from './unpacked.ts';

/** Its packages. */
export const CYRUS = ['cyrus-imapd', 'cyrus-pop3d', 'libsasl2-modules'];

const PORTS = ['imap', 'imaps', 'pop3', 'pop3s', 'lmtp'] as const;
const PASSWORD = 'test';

/**
 * Starts a Cyrus in a directory of its own; disposing it removes all of it.
 *
 * @throws {ServerMissing} If this machine cannot get the packages.
 */
export async function startCyrus(): Promise<MailServer> {
  await using parts = new AsyncDisposableStack();
  const home = await mkdtemp('/tmp/ec-'); // short: sockets stand in it
  parts.defer(() => rm(home, { recursive: true, force: true }));
  await chmod(home, 0o755);
  const tree = await readableTree(await unpacked('cyrus', CYRUS), join(home, 'tree'));
  const authority = await openAuthority(join(home, 'authority'));
  const identity = await authority.issue({
    role: 'mail-server',
    hosts: ['localhost', '127.0.0.1'],
  });
  const ports = await sparePorts(PORTS);

  const { uid, gid, user } = await accountOfServers();
  const run = join(home, 'run');
  const folders = [
    '',
    'config',
    'config/db',
    'config/proc',
    'config/socket',
    'spool',
    'spool/stage.',
  ];
  for (const folder of folders) await mkdir(join(run, folder));
  await writeFile(join(run, 'server.pem'), identity.certificate + identity.key, { mode: 0o600 });
  await writeFile(join(run, 'imapd.conf'), settings(run, user));
  await writeFile(join(run, 'cyrus.conf'), services(join(tree, 'usr/lib/cyrus/bin'), run, ports));
  for (const path of [...folders, 'server.pem']) await chown(join(run, path), uid, gid);
  parts.use(await answerPasswords(join(run, 'mux')));

  let running: AsyncDisposable | undefined;
  const stop = async (): Promise<void> => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const start = async (): Promise<void> => {
    running ??= await startProcess(tree, run, ports.imap);
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
 * Says yes to everybody with the one password, in the way of saslauthd: four strings with their length before them
 * (name, password, service, realm), one string in answer.
 */
async function answerPasswords(path: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => {
    let asked = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      asked = Buffer.concat([asked, bytes]);
      const strings: string[] = [];
      for (let at = 0; at + 2 <= asked.length && strings.length < 4;) {
        const end = at + 2 + asked.readUInt16BE(at);
        if (end > asked.length) return;
        strings.push(asked.toString('utf8', at + 2, end));
        at = end;
      }
      if (strings.length === 4) socket.end(strings[1] === PASSWORD ? '\0\x02OK' : '\0\x02NO');
    });
  }).listen(path);
  await once(server, 'listening');
  await chmod(path, 0o777);
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Resolves once it accepts connections. */
async function startProcess(tree: string, run: string, port: number): Promise<AsyncDisposable> {
  const libraries = globSync(`${tree}/{usr/,}lib/*-linux-*/`);
  const server = await spawnServer(
    [
      `${tree}/usr/sbin/cyrmaster`,
      '-C',
      `${run}/imapd.conf`,
      '-M',
      `${run}/cyrus.conf`,
      '-p',
      `${run}/config/pid`,
    ],
    {
      cwd: '/',
      env: {
        LD_LIBRARY_PATH: [...libraries, `${tree}/usr/lib/cyrus`].join(':'),
        SASL_PATH: libraries.map((each) => join(each, 'sasl2')).join(':'),
        CYRUS_VERBOSE: '1',
      },
    },
  );
  await Promise.race([server.ended, listens(port)]);
  return server;
}

/** Nothing tells that it listens but listening. */
async function listens(port: number): Promise<void> {
  const greets = (): Promise<boolean> =>
    greetsByImap(port).then(
      () => true,
      () => false,
    );
  for (let attempt = 0; attempt < 500 && !(await greets()); attempt++) await setTimeout(20);
}

const settings = (run: string, user: string): string => `
configdirectory: ${run}/config
defaultpartition: default
partition-default: ${run}/spool
proc_path: ${run}/config/proc
mboxname_lockpath: ${run}/config/lock
lmtpsocket: ${run}/config/socket/lmtp
idlesocket: ${run}/config/socket/idle
notifysocket: ${run}/config/socket/notify
cyrus_user: ${user}
admins: admin
servername: localhost
unixhierarchysep: yes
altnamespace: yes
virtdomains: off
autocreate_quota: 0
autocreate_post: yes
allowplaintext: yes
duplicatesuppression: no
expunge_mode: immediate
popminpoll: 0
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: ${run}/mux
sasl_mech_list: PLAIN
tls_server_cert: ${run}/server.pem
tls_server_key: ${run}/server.pem
tls_client_certs: off
`;

const services = (bin: string, run: string, ports: MailServer['ports']): string => {
  const program = (name: string): string => `${bin}/${name} -C ${run}/imapd.conf`;
  const service = (name: string, command: string, port: number): string =>
    `  ${name} cmd="${command}" listen="127.0.0.1:${port}" prefork=0 maxchild=300`;
  return [
    'START {',
    `  recover cmd="${program('ctl_cyrusdb')} -r"`,
    `  idled cmd="${program('idled')}"`,
    '}',
    'SERVICES {',
    service('imap', program('imapd'), ports.imap),
    service('imaps', `${program('imapd')} -s`, ports.imaps),
    service('pop3', program('pop3d'), ports.pop3),
    service('pop3s', `${program('pop3d')} -s`, ports.pop3s),
    service('lmtp', `${program('lmtpd')} -a`, ports.lmtp),
    '}',
    'EVENTS {',
    '}',
    '',
  ].join('\n');
};
