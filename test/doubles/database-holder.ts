/**
 * A program that supervises an embedded PostgreSQL until it is killed: `database-holder.ts DIRECTORY`.
 * Prints `{"pid": …}` of the server once it answers, or the reason why not.
 */
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

try {
  const server = await startEmbeddedPostgresql({
    directory: process.argv[2] ?? '',
    trace: silent,
    durable: false,
  });
  process.on('SIGTERM', () => void server[Symbol.asyncDispose]().then(() => process.exit()));
  process.stdout.write(`${JSON.stringify({ pid: server.pid, adopted: server.adopted })}\n`);
  setInterval(() => undefined, 60_000); // nothing else keeps this process alive
} catch (error) {
  process.stdout.write(`${JSON.stringify({ reason: (error as Error).message })}\n`);
}
