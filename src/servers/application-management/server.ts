import { pause } from '#base/keep-trying.ts';
import { type Milliseconds, seconds } from '#base/time.ts';
import type { Platform, Running } from '#platform/platform.ts';
import { Changes } from './changes.ts';
import { applicationManagement } from './contract.ts';
import { implementApplicationManagement } from './implementation.ts';
import { Register } from './rules/register.ts';

/** Leases are told of as ended at most this late. */
const SWEEP_EVERY: Milliseconds = seconds(1);

/** Who starts hears within this time where to publish, if it hears multicast at all. */
const BEACON_EVERY: Milliseconds = seconds(5);
const FIRST_BEACON_EVERY: Milliseconds = 50;

/** Starts application management; resolves once components can publish themselves. */
export async function startApplicationManagement(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const register = new Register();
  const changes = new Changes();
  const stop = new AbortController();
  life.defer(() => stop.abort());
  void sweep(platform, register, changes, stop.signal);
  void announce(platform, register, stop.signal);
  const { clock, trace } = platform;
  const implementation = implementApplicationManagement({ register, changes, clock, trace });
  life.use(await platform.doors.rpc(applicationManagement, implementation, ['app-management']));
  return life.move();
}

async function sweep(
  { clock, trace }: Platform,
  register: Register,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  for (; !signal.aborted; await pause(clock, SWEEP_EVERY, signal)) {
    for (const lost of register.expire({ now: clock.now(), monotonic: clock.monotonic() })) {
      const { component, instance, renewedAt } = lost;
      trace.warning('application.lost', { component, instance, renewedAt });
      changes.tell(lost);
    }
  }
}

/** Tells the network where to publish, as this component published itself. Nobody depends on hearing it. */
async function announce(
  { clock, beacons }: Platform,
  register: Register,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const own = register.find('application-management');
    const url = own.find(({ row }) => row === 'app-management')?.url;
    if (url !== undefined) beacons.send('app-management-multicast', { url });
    // At the start it is not published yet, but will be in a moment.
    await pause(clock, url === undefined ? FIRST_BEACON_EVERY : BEACON_EVERY, signal);
  }
}
