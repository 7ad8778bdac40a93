/** The lab's centre: set up with samples the first time, and a link that signs its administrator in. */
import { randomBytes } from 'node:crypto';
import { initialDocuments } from '#domain/configuration/initial.ts';
import { SAMPLE_ADMINISTRATOR, sampleDocuments } from '#domain/configuration/sample.ts';
import { AgentId } from '#domain/ids.ts';
import type { Peers } from '#platform/platform.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';

/** Resolves with the address of the lab page, signed in once. `origin` is where browsers come in. */
export async function openSampleCentre(peers: Peers, origin: string): Promise<string> {
  await using client = peers.connect(configurationServer);
  const agent = AgentId.parse(SAMPLE_ADMINISTRATOR);
  const { done } = await client.call.setUpState({});
  if (!done) {
    const { token } = await client.call.issueLink({ purpose: 'set-up' });
    await client.call.setUp({
      token,
      organisation: {
        name: 'Lab',
        language: 'en',
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      documents: [...sampleDocuments(), ...initialDocuments()],
      // Nobody knows it: the lab is entered by links alone.
      passwords: [{ agent, password: randomBytes(24).toString('base64url') }],
    });
  }
  const { token } = await client.call.issueLink({ purpose: 'sign-in', agent });
  return `${origin}/lab#sign-in=${token}`;
}
