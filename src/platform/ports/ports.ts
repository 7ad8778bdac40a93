/** The port matrix: every port that a component listens on, dials or sends to. The only place a port number stands. */
import { z } from 'zod';
import matrix from './port-matrix.json' with { type: 'json' };

/** The matrix puts the TLS form of port 29xxx at 39xxx. */
const TLS_TWIN_DISTANCE = 10_000;

const Port = z.int().min(1).max(65_535);

const Row = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  role: z.enum(['listens', 'dials', 'multicast']),
  source: z.array(z.string()).min(1),
  sourcePorts: z.string(),
  destination: z.string(),
  port: Port,
  portRange: z.tuple([Port, Port]).optional(),
  transport: z.enum(['tcp', 'udp', 'udp+tcp', 'udp-multicast']),
  group: z.ipv4().nullable(),
  groupAssumed: z.boolean().optional(),
  protocol: z.string(),
  tls: z.boolean(),
  optional: z.boolean(),
  defaultState: z.enum(['open', 'closed']),
  purpose: z.string(),
  note: z.string().optional(),
  sends: z.string().optional(),
  receives: z.array(z.string()).optional(),
  replaces: z.string().optional(),
});

/** One row of the matrix: who listens where, for whom, and what is spoken there. */
export type PortRow = Readonly<z.infer<typeof Row>>;

const parsed = z.object({ rows: z.array(Row), ours: z.array(Row) }).parse(matrix);
const rows: readonly PortRow[] = [...parsed.rows, ...parsed.ours];
const byId: ReadonlyMap<string, PortRow> = new Map(rows.map((row) => [row.id, row]));

/** Every row, the original's first, then those that Emcee adds. Rows of components that do not exist yet are among them. */
export function portRows(): readonly PortRow[] {
  return rows;
}

/** @throws {RangeError} If the matrix has no such row: a mistake in the program, not in its settings. */
export function portRow(id: string): PortRow {
  const row = byId.get(id);
  if (!row) throw new RangeError(`Cannot find row "${id}" in the port matrix`);
  return row;
}

/** The rows whose near end is `component`: what it listens on, and the groups it sends to. */
export function rowsOf(component: string): readonly PortRow[] {
  return rows.filter((row) => row.destination === component && row.role !== 'dials');
}

/**
 * The row that offers the same over TLS: `…-secure`, or 39xxx for 29xxx, or with an `s` behind its name as
 * `desktop-https` has. Nothing where the matrix has none.
 */
export function tlsTwin(id: string): PortRow | undefined {
  const row = portRow(id);
  if (row.tls) return undefined;
  return rows.find(
    (other) =>
      other.tls &&
      other.role === 'listens' &&
      other.destination === row.destination &&
      ([`${id}-secure`, `${id}s`].includes(other.id) ||
        other.port === row.port + TLS_TWIN_DISTANCE),
  );
}
