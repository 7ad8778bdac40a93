/** An anchor as it is kept: the head, then items and agents, so many to a part that nothing blocks for long. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { Anchor } from './archive.ts';
import type { AnchorPart } from './tables.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Some milliseconds of reading and writing. */
const ROWS = 250;

/** What a part grows to at most when it is unpacked: an item has returns, participants and requirements. */
const LARGEST = 64 * 1024 * 1024;

const Head = z.looseObject({
  position: z.int(),
  revision: z.int(),
  lastOffer: z.int(),
  entered: z.int(),
  ended: z.int(),
  parts: z.int(),
});

interface Rows {
  readonly items?: readonly OpenWorkItem[];
  readonly agents?: readonly AgentStatus[];
}

/** Packs an anchor. Lets others work between the parts: what an anchor holds never changes. */
export async function packAnchor({ items, agents, ...head }: Anchor): Promise<AnchorPart[]> {
  const rows: Rows[] = [
    ...slices(items).map((slice) => ({ items: slice })),
    ...slices(agents).map((slice) => ({ agents: slice })),
  ];
  const packed = [await pack({ ...head, parts: rows.length })];
  for (const each of rows) packed.push(await pack(each));
  return packed.map((content, part) => ({ part, content }));
}

/** Unpacks an anchor of which `read` gets the parts. @throws {Error} If it is not whole. */
export async function unpackAnchor(
  read: (part: number) => Promise<Uint8Array | undefined>,
): Promise<Anchor> {
  const unpacked = async (part: number): Promise<unknown> => {
    const content = await read(part);
    if (!content) throw new Error('Cannot read an anchor: a part of it is missing');
    const text = await decompress(content, { maxOutputLength: LARGEST });
    return JSON.parse(text.toString('utf8'));
  };
  const { parts, ...head } = Head.parse(await unpacked(0));
  const items: OpenWorkItem[] = [];
  const agents: AgentStatus[] = [];
  for (let part = 1; part <= parts; part++) {
    const rows = (await unpacked(part)) as Rows; // written by this very program
    for (const item of rows.items ?? []) items.push(item);
    for (const agent of rows.agents ?? []) agents.push(agent);
  }
  return { ...head, items, agents };
}

const pack = (value: object): Promise<Buffer> => compress(JSON.stringify(value));

function slices<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, n) =>
    rows.slice(n * ROWS, (n + 1) * ROWS),
  );
}
