import pg from 'pg';

/** `int8`: `count(*)`, `bigint` columns, positions. */
const INT8 = 20;
/** `date`: a day on the calendar, which is no point in time. */
const DATE = 1082;

const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (format !== 'binary') {
      if (oid === INT8) return readInt8;
      if (oid === DATE) return (value: string) => value;
    }
    return pg.types.getTypeParser(oid, format) as (value: string) => unknown;
  },
};

function readInt8(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`Cannot hold the int8 ${text} in a number`);
}

export interface ConnectionOptions {
  /** As `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** What the server's own views show: the component's name. */
  readonly name: string;
}

/** No statement of ours is meant to take this long; migrations lift it for themselves. */
const STATEMENT_TIMEOUT = 30_000;

/** Somewhat more than the server's own limit: it then speaks first, unless it is gone. */
const QUERY_TIMEOUT = 35_000;

const CONNECT_TIMEOUT = 5_000;

/** The settings that every connection of ours has. */
export function connectionConfig({ url, name }: ConnectionOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: name,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    idle_in_transaction_session_timeout: QUERY_TIMEOUT,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}
