import { DatabaseGoneError } from './database.ts';

/** What Node says when there is nobody at the other end, or nobody any more. */
const SYSTEM_CODES =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;

const SQL_STATES = /^(08...|57P0.|53...|25006|58030)$/;

const REFUSED_WRITES = /^(53[124]..|25006|58030)$/;

/** What `pg` says without a code. */
const WORDS =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout expired|timeout exceeded when trying to connect|The server closed|Connection ended)/;

/**
 * Whether a failure of `pg` says that the database is away, and not that the statement was wrong.
 *
 * Class 08 is a broken connection; 57P0x a server that stops, crashed or starts; class 53 one that has no
 * room (disk, memory, sessions); 25006 a server that takes no writes, as after a failover; 58030 a failing disk.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isGone(error: unknown): boolean {
  if (error instanceof DatabaseGoneError) return true;
  if (error instanceof AggregateError) return error.errors.some(isGone); // several addresses of one host
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect'; // no socket file
  return SYSTEM_CODES.test(code) || SQL_STATES.test(code) || WORDS.test(error.message);
}

/** Whether the server answers but does not write: its disk or memory is full, its disk fails, or it only reads. */
export function refusesWrites(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && REFUSED_WRITES.test(String(error.code));
}

/** The error as a caller of `Database` should see it. */
export function asDatabaseError(error: unknown): unknown {
  if (!isGone(error) || error instanceof DatabaseGoneError) return error;
  const { message } =
    error instanceof AggregateError ? (error.errors[0] as Error) : (error as Error);
  return new DatabaseGoneError(`Cannot reach the database: ${message}`, { cause: error });
}
