/**
 * The keys of beacons. An installation's own is worked out from its secret; its public half stands in
 * `beacons/own.pem` of the data directory. To hear the beacons of another machine, carry that file into
 * the `beacons/` folder here, under any other name.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSecretKey } from '#platform/installation/secret-key.ts';
import { keyIdOf } from './beacon-frame.ts';

const FOLDER = 'beacons';
const OWN = 'own.pem';

/** What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410 §7). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface BeaconKeys {
  readonly own: { readonly id: string; readonly key: KeyObject };
  /** Public keys that are believed, by id; our own among them. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
}

/** Opens the keys of the installation in `directory`. A file that holds no key is left out. */
export function openBeaconKeys(directory: string): BeaconKeys {
  const seed = openSecretKey(directory).derive('beacons');
  const der = Buffer.concat([PKCS8_ED25519, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  const folder = join(directory, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${OWN}.${process.pid}`);
  writeFileSync(draft, publicKey.export({ type: 'spki', format: 'pem' }));
  renameSync(draft, join(folder, OWN));
  const trusted = readdirSync(folder)
    .filter((name) => name.endsWith('.pem') && name !== OWN)
    .flatMap((name) => readPublicKey(join(folder, name)));
  const all = [publicKey, ...trusted];
  return {
    own: { id: keyIdOf(publicKey), key },
    trusted: new Map(all.map((each) => [keyIdOf(each), each])),
  };
}

function readPublicKey(path: string): KeyObject[] {
  try {
    const key = createPublicKey(readFileSync(path));
    return key.asymmetricKeyType === 'ed25519' ? [key] : [];
  } catch {
    return [];
  }
}
