/**
 * Where the components of an installation really listen: `addresses/COMPONENT.json` in the data directory,
 * one file a copy of a component because each may run in a process of its own. Command line, other processes and
 * tests find the system through it whatever ports it took.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '#base/failure.ts';
import { z } from 'zod';

const FOLDER = 'addresses';

const Opened = z.object({
  row: z.string(),
  address: z.string(),
  port: z.int().min(1).max(65_535),
  tls: z.boolean(),
  /** When it was opened: of several copies of a component, the one that opened last is the one in office. */
  since: z.int().optional(),
});
const AddressFile = z.object({
  component: z.string(),
  instance: z.string(),
  pid: z.int(),
  opened: z.array(Opened),
});

/** One row of the matrix as it is opened. */
export type Opened = Readonly<z.infer<typeof Opened>>;

/** What one component of an installation has opened. The process may be gone since. */
export type ComponentAddresses = Readonly<z.infer<typeof AddressFile>>;

/** Writes down what a component opens. Disposing it takes everything back. */
export interface AddressWriter extends Disposable {
  add(opened: Opened): Disposable;
}

/**
 * Starts the address file of a component, in place of what an earlier run left.
 *
 * @param copy The name of this copy of it, where there may be several.
 */
export function writeAddresses(
  directory: string,
  component: string,
  instance: string,
  copy: string = component,
): AddressWriter {
  const path = join(directory, FOLDER, `${copy}.json`);
  const opened = new Set<Opened>();
  let isOver = false;
  const write = (): void => {
    if (isOver) return;
    mkdirSync(join(directory, FOLDER), { recursive: true, mode: 0o700 });
    const content = { component, instance, pid: process.pid, opened: [...opened] };
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path); // readers see the old file or the new one, never half of one
  };
  write();
  return {
    add(place) {
      opened.add(place);
      write();
      return {
        [Symbol.dispose]() {
          if (opened.delete(place)) write();
        },
      };
    },
    [Symbol.dispose]() {
      if (isOver) return;
      isOver = true;
      rmSync(path, { force: true });
    },
  };
}

/** Those of one component, of several copies the one that opened last first. The processes may be gone since. */
export function addressesOf(directory: string, component: string): ComponentAddresses[] {
  const last = ({ opened }: ComponentAddresses): number =>
    Math.max(0, ...opened.map(({ since = 0 }) => since));
  return readAddresses(directory)
    .filter((one) => one.component === component)
    .toSorted((a, b) => last(b) - last(a));
}

/** What the components of an installation have written down; unreadable files count as absent. */
export function readAddresses(directory: string): ComponentAddresses[] {
  let files: string[];
  try {
    files = readdirSync(join(directory, FOLDER));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  return files
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        const text = readFileSync(join(directory, FOLDER, name), 'utf8');
        return [AddressFile.parse(JSON.parse(text))];
      } catch {
        return []; // taken away meanwhile
      }
    });
}
