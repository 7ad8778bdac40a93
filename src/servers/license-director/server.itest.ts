import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock, days, seconds } from '#base/time.ts';
import { AgentId } from '#domain/ids.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { CHECK_IN_EVERY, licenseDirector } from './contract.ts';
import { startLicenseDirector } from './server.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function issue(limits: Record<string, number>): string {
  const signed = `${encode({ alg: 'EdDSA' })}.${encode({ issuedTo: 'Company 1', limits })}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

test('the license director follows its file, refuses over a limit, and remembers a grace over a restart', async () => {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'license-'));
  life.defer(() => rm(directory, { recursive: true }));
  const database = life.use(await testDatabase());
  const clock = new ManualClock(Date.UTC(2026, 5, 1));
  const centre = new TestCentre();
  const settings = { 'public-key': publicKey.export({ format: 'jwk' }).x };
  const start = () =>
    startLicenseDirector(
      centre.platform('license-director', { clock, database, directory, settings }),
    );
  const client = centre.connect(licenseDirector, 'media-director').call;
  const manager = centre.connect(licenseDirector, 'desktop-server').call;
  const holder = (id: string) => ({
    type: 'agent' as const,
    agent: AgentId.parse(id),
    media: ['web-chat' as const],
    station: 'desk',
  });

  {
    await using _ = await start();
    expect((await manager.limits({})).file).toEqual({ state: 'none' });
    await mkdir(join(directory, 'license-director'));
    await writeFile(join(directory, 'license-director', 'license.jws'), issue({ agents: 1 }));
    clock.advance(seconds(61));
    await expect
      .poll(async () => (await manager.limits({})).file)
      .toEqual({
        state: 'valid',
        issuedTo: 'Company 1',
      });
    clock.advance(CHECK_IN_EVERY);
    expect(await client.takeSeat({ holder: holder('agent-1') })).toMatchObject({
      seat: { through: 'media-director' },
    });
    expect(await client.takeSeat({ holder: holder('agent-2') })).toHaveProperty('warning');
    expect((await manager.seats({})).seats).toHaveLength(2);
  }
  const graces = await database.query({ text: 'select name from license.graces' });
  expect(graces).toEqual([{ name: 'agents' }]);

  await using _ = await start();
  for (const pass of [days(10), days(5)]) {
    clock.advance(pass);
    await client.checkIn({ holders: [holder('agent-1'), holder('agent-2')] });
  }
  await expect(client.takeSeat({ holder: holder('agent-3') })).rejects.toMatchObject({
    code: 'no-seat',
    data: { name: 'agents', limit: 1, used: 2 },
  });
  expect(await client.takeSeat({ holder: holder('agent-2') })).not.toHaveProperty('code');
  const { limits } = await manager.limits({});
  expect(limits[0]).toMatchObject({ name: 'agents', used: 2, state: 'full', peak: 2 });
});
