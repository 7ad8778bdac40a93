import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/**
 * Asks for something that must not be seen: at a terminal without showing what is typed, from a pipe the
 * next line. Never an argument, which every user of the machine can read.
 *
 * @throws {Error} If standard input ends first.
 */
export async function askSecret(prompt: string): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) process.stderr.write(`${prompt}: `);
  const lines = createInterface({
    input: process.stdin,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
    terminal: isTerminal,
  });
  try {
    for await (const line of lines) return line;
    throw new Error(`Cannot ask for "${prompt}": there is nothing on standard input`);
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
