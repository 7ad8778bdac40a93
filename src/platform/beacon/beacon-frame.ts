/**
 * One notice in one datagram:
 *
 *     | version: 1 byte | key id: 8 bytes | signature: 64 bytes | JSON |
 *
 * The key id is the beginning of the SHA-256 of the signer's public key; the Ed25519 signature is of the JSON,
 * `{ row, component, instance, at, sequence, body }`.
 */
import { createHash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Notice } from './beacon.ts';

/** Fits into one frame of every network, IPv6 and a tunnel included: nothing is ever cut. */
export const MOST_BYTES = 1200;

const VERSION = 1;
const KEY_ID_BYTES = 8;
const SIGNATURE_BYTES = 64;
const HEADER_BYTES = 1 + KEY_ID_BYTES + SIGNATURE_BYTES;

const Body = z.object({
  row: z.string(),
  component: z.string().max(64),
  instance: z.string().min(1).max(64),
  at: z.int(),
  sequence: z.int().min(1),
  body: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** A notice and the row it was sent to. */
export interface BeaconNotice extends Notice {
  readonly row: string;
}

/** What names a public key in a datagram. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256')
    .update(der)
    .digest('hex')
    .slice(0, KEY_ID_BYTES * 2);
}

/** @throws {RangeError} If the notice does not fit into one datagram. */
export function encodeBeacon(notice: BeaconNotice, keyId: string, key: KeyObject): Buffer {
  const json = Buffer.from(JSON.stringify(notice));
  if (HEADER_BYTES + json.length > MOST_BYTES) {
    throw new RangeError(`Cannot send a notice: it is over ${MOST_BYTES - HEADER_BYTES} bytes`);
  }
  return Buffer.concat([
    Buffer.of(VERSION),
    Buffer.from(keyId, 'hex'),
    sign(null, json, key),
    json,
  ]);
}

/** A datagram whose signature has not been looked at: nothing in it can be believed. */
export interface SealedBeacon {
  readonly keyId: string;
  readonly notice: BeaconNotice;
  /** Costs some 200 µs, so everything cheaper is looked at first. */
  isSignedBy(publicKey: KeyObject): boolean;
}

/** Reads a datagram; undefined if it is no beacon. */
export function decodeBeacon(bytes: Buffer): SealedBeacon | undefined {
  if (bytes.length <= HEADER_BYTES || bytes.length > MOST_BYTES || bytes[0] !== VERSION)
    return undefined;
  const json = bytes.subarray(HEADER_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(json.toString());
  } catch {
    return undefined;
  }
  const parsed = Body.safeParse(value);
  if (!parsed.success) return undefined;
  const signature = bytes.subarray(1 + KEY_ID_BYTES, HEADER_BYTES);
  return {
    keyId: bytes.toString('hex', 1, 1 + KEY_ID_BYTES),
    notice: parsed.data,
    isSignedBy: (publicKey) => verify(null, json, publicKey, signature),
  };
}
