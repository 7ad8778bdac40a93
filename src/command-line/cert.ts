import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { openAuthority } from '#platform/tls/authority.ts';
import { certificatesOf, isDue } from '#platform/tls/identity.ts';
import { formatTable } from './table.ts';

export interface IssueOptions {
  readonly host?: readonly string[];
  readonly out?: string;
}

/** One certificate of this installation. */
export interface CertificateState {
  /** `authority`, or the role it names. */
  readonly name: string;
  readonly file: string;
  readonly hosts: readonly string[];
  readonly ends: Date;
  /** Less than a third of its life is left; it is renewed at the next start. */
  readonly isDue: boolean;
}

/** The certificates of an installation, the authority's first. None before the first start. */
export function certificateStates(directory: string, now: number): CertificateState[] {
  const folder = join(directory, 'tls');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .toSorted(
      (a, b) => Number(b === 'authority.pem') - Number(a === 'authority.pem') || a.localeCompare(b),
    )
    .flatMap((name) => {
      const file = join(folder, name);
      const [newest] = certificatesOf(readFileSync(file, 'utf8'));
      if (newest === undefined) return [];
      const parsed = new X509Certificate(newest);
      return {
        name: basename(name, '.pem'),
        file,
        hosts: hostsOf(parsed),
        ends: parsed.validToDate,
        isDue: isDue(newest, now),
      };
    });
}

const hostsOf = (certificate: X509Certificate): string[] =>
  (certificate.subjectAltName ?? '')
    .split(', ')
    .filter((name) => /^(?:DNS|IP Address):/.test(name))
    .map((name) => name.slice(name.indexOf(':') + 1));

/** `emcee cert list` */
export function listCertificates(directory: string): void {
  const states = certificateStates(directory, Date.now());
  if (states.length === 0) {
    console.log('There are no certificates yet: the first start makes them.');
    return;
  }
  console.log(
    formatTable([
      ['name', 'ends', 'hosts', 'file'],
      ...states.map((state) => [
        state.name,
        state.ends.toISOString().slice(0, 10) + (state.isDue ? ' (due)' : ''),
        state.hosts.join(' '),
        state.file,
      ]),
    ]),
  );
}

/** `emcee cert issue ROLE`: key, certificate and authority in one folder, to carry to another machine. */
export async function issueCertificate(
  directory: string,
  role: string,
  options: IssueOptions,
): Promise<void> {
  const authority = await openAuthority(directory);
  const identity = await authority.issue({ role, hosts: options.host ?? [] });
  const out = resolve(options.out ?? `emcee-${role}`);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const files = [
    ['key.pem', identity.key],
    ['certificate.pem', identity.certificate],
    ['authority.pem', identity.authority],
  ] as const;
  for (const [name, content] of files) {
    writeFileSync(join(out, name), content, { mode: 0o600, flag: 'wx' });
  }
  console.log(`Wrote ${files.map(([name]) => name).join(', ')} to ${out}.`);
  console.log('Whoever has the key may speak as this role: carry it safely, and keep no copy.');
}

/** `emcee cert rotate [ROLE]`: new certificates in place of those of this machine. */
export async function rotateCertificates(
  directory: string,
  role: string | undefined,
): Promise<void> {
  const states = certificateStates(directory, Date.now()).filter(
    (state) => state.name !== 'authority' && (role === undefined || state.name === role),
  );
  if (states.length === 0) {
    throw new Error(
      role === undefined
        ? 'Cannot rotate: there are no certificates yet, the first start makes them'
        : `Cannot rotate "${role}": this machine has no certificate of that role; see emcee cert list`,
    );
  }
  const authority = await openAuthority(directory);
  for (const { name, hosts } of states) await authority.renew({ role: name, hosts });
  console.log(`Renewed ${states.map((state) => state.name).join(', ')}.`);
  console.log('Components that run go on with the old ones until they start again.');
}
