import { minutes } from '#base/time.ts';
import type { Peers } from '#platform/platform.ts';
import type { System } from '#platform/assemble.ts';
import type { Opened } from '#platform/installation/address-file.ts';
import { programVersion } from '#platform/installation/program.ts';
import { urlOf } from '#platform/peers/directory.ts';
import { openSampleCentre } from './sample-centre.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';

/** In processes of their own, on a slow machine, components find each other late. */
const STARTS_WITHIN = minutes(2);

const WORKS_ONCE = '             (works once, for 15 minutes)';

/** Prints where everything is, and the link that sets a new centre up. */
export async function welcome(system: System, directory: string, isLab: boolean): Promise<void> {
  const origins = publicOrigins(system);
  const lines = [`Emcee ${programVersion} is ready.`, ''];
  const [first] = origins;
  if (first === undefined) lines.push(`  Runs       ${system.components.join(', ')}`);
  else {
    if (isLab) {
      lines.push(`  Lab        ${await openSampleCentre(system.peers, first)}`, WORKS_ONCE);
    } else {
      const link = await setUpLink(system.peers, first);
      if (link !== undefined)
        lines.push(`  Set up     ${link}`, '             (works once, for a day)');
    }
    for (const origin of origins) lines.push(`  Open       ${origin}/`);
    if (system.opened().some(isEverywhere)) {
      lines.push('             (HTTPS also by every other address of this machine)');
    }
  }
  lines.push(`  Data       ${directory}`, '', 'emcee doctor says how it is; Ctrl-C stops it.');
  console.log(lines.join('\n'));
}

/** Where browsers come in, plain before TLS: nobody has installed the private authority yet. */
function publicOrigins(system: System): string[] {
  return system
    .opened()
    .filter((place) => place.row.startsWith('desktop-http'))
    .toSorted((a, b) => Number(a.tls) - Number(b.tls))
    .map(urlOf);
}

const isEverywhere = ({ row, address }: Opened): boolean =>
  row === 'desktop-https' && (address === '0.0.0.0' || address === '::');

/** Nothing once the centre has been set up. Behind `#` the token reaches no server's log. */
async function setUpLink(peers: Peers, origin: string): Promise<string | undefined> {
  await using client = peers.connect(configurationServer);
  const { done } = await client.call.setUpState({}, { timeout: STARTS_WITHIN });
  if (done) return undefined;
  const { token } = await client.call.issueLink({ purpose: 'set-up' });
  return `${origin}/control-panel/#set-up=${token}`;
}
