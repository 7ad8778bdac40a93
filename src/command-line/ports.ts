import { connect } from 'node:net';
import type { Milliseconds } from '#base/time.ts';
import type { Opened } from '#platform/installation/address-file.ts';
import { readAddresses } from '#platform/installation/address-file.ts';
import { addressSettings, planPorts, portSettings } from '#platform/ports/port-plan.ts';
import type { PortRow } from '#platform/ports/ports.ts';
import { portRows } from '#platform/ports/ports.ts';
import type { Context } from './context.ts';
import { formatTable } from './table.ts';

/** A row of the matrix as it is at this moment. */
export interface PortState {
  readonly id: string;
  /** Where it listens; else where it would by the settings. */
  readonly port: number;
  readonly transport: PortRow['transport'];
  readonly tls: boolean;
  /** Who listens or sends there: a component of ours, or a server outside for what is only dialled. */
  readonly component: string;
  readonly listening: boolean;
  /** The address it listens on; null where it does not. */
  readonly address: string | null;
}

/** A port of this machine answers at once or not at all. */
const PROBE: Milliseconds = 1_000;

/** The state of every row: what the components wrote down when they opened it, and whether it answers. */
export async function portStates({ settings, directory }: Context): Promise<PortState[]> {
  const plan = planPorts(
    settings.of('ports', portSettings),
    settings.of('address', addressSettings),
  );
  const opened = new Map(
    readAddresses(directory).flatMap((each) =>
      each.opened.map((place) => [place.row, { ...place, isAlive: isAlive(each.pid) }] as const),
    ),
  );
  return Promise.all(
    portRows().map(async (row): Promise<PortState> => {
      const place = opened.get(row.id);
      const listening = place?.isAlive === true && (await answers(row, place));
      const planned = row.role === 'dials' ? undefined : plan.placeOf(row.id)?.port;
      return {
        id: row.id,
        port: listening ? place.port : planned || row.port,
        transport: row.transport,
        tls: listening ? place.tls : row.tls,
        component: row.destination,
        listening,
        address: listening ? place.address : null,
      };
    }),
  );
}

/** `emcee ports` */
export async function printPorts(context: Context, options: { json?: boolean }): Promise<void> {
  const states = await portStates(context);
  if (options.json) {
    console.log(JSON.stringify(states, undefined, 2));
    return;
  }
  const rows = new Map(portRows().map((row) => [row.id, row]));
  console.log(
    formatTable([
      ['port', 'over', 'component', 'row', 'listening'],
      ...states.map((state) => [
        String(state.port),
        state.transport + (state.tls ? ' tls' : ''),
        state.component,
        state.id,
        state.listening
          ? (state.address ?? '')
          : rows.get(state.id)?.role === 'dials'
            ? 'outside'
            : 'no',
      ]),
    ]),
  );
  const listening = states.filter((state) => state.listening).length;
  console.log(
    listening === 0
      ? '\nNothing listens: Emcee does not run in this data directory.'
      : `\n${listening} of ${states.length} rows listen.`,
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Only TCP can be asked; what a living process wrote down of UDP is believed. */
function answers(row: PortRow, place: Opened): Promise<boolean> | boolean {
  if (!row.transport.endsWith('tcp')) return true;
  const host = { '0.0.0.0': '127.0.0.1', '::': '::1' }[place.address] ?? place.address;
  return new Promise((resolve) => {
    const socket = connect({ host, port: place.port, timeout: PROBE });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => end(true));
    socket.on('timeout', () => end(false));
    socket.on('error', () => end(false));
  });
}
