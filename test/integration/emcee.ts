/** The `emcee` command as a person runs it, one command at a time. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/emcee.js', import.meta.url));

/** What a command printed, and its exit code. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly complaints: string;
}

/** Runs one command to its end, `input` on its standard input. */
export function emcee(words: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { timeout: 60_000, maxBuffer: 20_000_000 };
    const child = execFile(
      process.execPath,
      [PROGRAM, ...words],
      options,
      (error, out, complaints) => {
        resolve({
          code: typeof error?.code === 'number' ? error.code : error ? -1 : 0,
          out,
          complaints,
        });
      },
    );
    child.stdin?.end(input);
  });
}
