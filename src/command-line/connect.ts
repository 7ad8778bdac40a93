/** How a command speaks to the system that runs in a data directory. */
import type { Client, ContractDefinition } from '#base/contract.ts';
import type { Opened } from '#platform/installation/address-file.ts';
import { addressesOf } from '#platform/installation/address-file.ts';
import { portRow } from '#platform/ports/ports.ts';
import { connectRpc } from '#platform/rpc/connect.ts';
import { openTokens } from '#platform/tokens/tokens.ts';

/** As what the command line speaks. */
const ROLE = 'command-line';

/** What a command needs does not run here. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';

  constructor(component: string, directory: string) {
    super(
      `Cannot reach ${component}: Emcee does not run in the data directory "${directory}"; start it by emcee start, or name another directory by --data`,
    );
  }
}

/** Connects to a component of the running system. @throws {NotRunningError} */
export function connectRunning<C extends ContractDefinition>(
  contract: C,
  directory: string,
): Client<C> {
  const address = lineAddress(contract.name, directory, (place) => !place.tls && speaksRpc(place));
  return connectRpc(contract, { url: `ws://${address.host}`, token: address.token });
}

/** Where a row of the running system is, and the token to say hello with. @throws {NotRunningError} */
export function lineAddress(
  component: string,
  directory: string,
  choose: (place: Opened) => boolean,
): { readonly host: string; readonly token: string } {
  const places = addressesOf(directory, component).flatMap(({ opened }) => opened);
  const place = places.filter(choose).toSorted((a, b) => rank(a) - rank(b))[0];
  if (!place) throw new NotRunningError(component, directory);
  const host = place.address.includes(':') ? `[${place.address}]` : place.address;
  return { host: `${host}:${place.port}`, token: openTokens(directory).tokenOf(ROLE) };
}

const speaksRpc = (place: Opened): boolean => portRow(place.row).transport === 'tcp';

/** Where a component has several rows, those that say RPC carry its contract. */
const rank = (place: Opened): number => (portRow(place.row).protocol.includes('RPC') ? 0 : 1);
