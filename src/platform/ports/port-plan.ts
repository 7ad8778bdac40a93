/** Which address and port every row of the matrix gets in this installation. */
import { isIP } from 'node:net';
import { z } from 'zod';
import type { SettingDefinition, SettingsSchema } from '#platform/settings/settings.ts';
import type { PortRow } from './ports.ts';
import { portRow, portRows, rowsOf, tlsTwin } from './ports.ts';

/** Where a row is opened. */
export interface Place {
  /** The address to listen on, or of the interface that joins and sends to a group. */
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface PortPlan {
  /** Where `row` is to be opened; nothing where it is switched off. @throws {RangeError} If there is no such row. */
  placeOf(row: string): Place | undefined;
}

const LOOPBACK = '127.0.0.1';

/** True for the addresses that only this machine can reach. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

const Address = z
  .string()
  .refine((text) => isIP(text) !== 0, 'write an IP address, as in 192.0.2.10');

const OwnPlace = z.union([
  z.int().min(0).max(65_535),
  z.literal('off'),
  z.literal('matrix'),
  z
    .string()
    .refine(
      (text) => parsePlace(text) !== undefined,
      'write a port from 0 (any free one) to 65535, address:port, "off" or "matrix"',
    ),
]);

// The highest port of the matrix that is listened on, moved by this, is still a port.
const GREATEST_OFFSET =
  65_535 -
  Math.max(
    ...portRows()
      .filter((row) => row.role !== 'dials')
      .map((row) => row.port),
  );

/** `ports.offset`, and `ports.ROW` for every row that is opened here. */
export const portSettings: SettingsSchema = {
  offset: {
    schema: z.union(
      [z.int().min(0).max(GREATEST_OFFSET), z.literal('any')],
      `write a number from 0 to ${GREATEST_OFFSET}, or "any"`,
    ),
    default: 0,
    what: 'What is added to every port of the matrix; "any" takes free ports instead.',
    why: 'Firewalls know the ports of the matrix; a second instance on a machine needs others.',
  },
  ...Object.fromEntries(
    portRows()
      .filter((row) => row.role !== 'dials')
      .map((row) => [row.id, settingOf(row)]),
  ),
};

/** `address.COMPONENT` for every component of the matrix. */
export const addressSettings: SettingsSchema = Object.fromEntries(
  [...new Set(portRows().map((row) => row.destination))]
    .filter((component) => rowsOf(component).length > 0)
    .map((component) => [
      component,
      {
        schema: Address,
        default: LOOPBACK,
        unit: 'address',
        what: `The address ${component} listens on; ports that are plain and have a TLS twin stay on loopback.`,
        why: 'Nothing is open to a network before somebody says so.',
      },
    ]),
);

/** Works out the plan from the values of `portSettings` and `addressSettings`. */
export function planPorts(
  ports: Readonly<Record<string, unknown>>,
  addresses: Readonly<Record<string, unknown>>,
): PortPlan {
  return {
    placeOf(id) {
      const row = portRow(id);
      const own = ports[id];
      if (own === 'off') return undefined;
      const given = addresses[row.destination];
      const address = typeof given === 'string' && !tlsTwin(id) ? given : LOOPBACK;
      if (typeof own === 'number') return { address, port: own };
      const place = typeof own === 'string' ? parsePlace(own) : undefined;
      return place ?? { address, port: moved(row.port, ports['offset']) };
    },
  };
}

function moved(port: number, offset: unknown): number {
  if (offset === 'any') return 0;
  return port + (typeof offset === 'number' ? offset : 0);
}

function settingOf(row: PortRow): SettingDefinition {
  return {
    schema: OwnPlace,
    default: 'matrix',
    what: `Port of ${row.destination}. ${row.purpose}`,
    why: `The matrix says ${row.port}.`,
  };
}

/** Reads `address:port`, with an IPv6 address in brackets. */
function parsePlace(text: string): Place | undefined {
  const [, v6, v4, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = v6 ?? v4 ?? '';
  return isIP(address) !== 0 && Number(port) <= 65_535
    ? { address, port: Number(port) }
    : undefined;
}

/** The same plan with any free port in place of each: for a second copy on a machine whose ports the first has. */
export function onFreePorts(plan: PortPlan): PortPlan {
  return {
    placeOf(row) {
      const place = plan.placeOf(row);
      return place && { ...place, port: 0 };
    },
  };
}
