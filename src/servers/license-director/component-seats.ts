import type { Client } from '#base/contract.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import type { Clock } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type {
  Application,
  applicationManagement,
} from '#servers/application-management/contract.ts';
import { CHECK_IN_EVERY } from './contract.ts';
import type { LicenseKeeper } from './license-keeper.ts';

/** Keeps the seats of running components as application management knows them, so that none has to ask for its own. */
export async function keepComponentSeats(
  keeper: LicenseKeeper,
  applications: Client<typeof applicationManagement>,
  { clock, trace, signal }: { clock: Clock; trace: Trace; signal: AbortSignal },
): Promise<void> {
  const running = new Map<string, Application>();
  const hold = ({ component, instance }: Application): void => {
    keeper.hold({ type: 'component', component, instance }, 'application-management');
  };
  const follow = async (): Promise<void> => {
    for await (const { event } of applications.follow.changes({ signal })) {
      const { component, instance, state } = event;
      if (state === 'gone') {
        running.delete(instance);
        keeper.seats.release({ component, instance });
      } else {
        running.set(instance, event);
        hold(event);
      }
    }
  };
  const checkIn = async (): Promise<void> => {
    for (; !signal.aborted; await pause(clock, CHECK_IN_EVERY, signal)) {
      for (const application of running.values()) hold(application);
    }
  };
  const failed = (error: unknown): void => trace.warning('applications.lost', {}, error);
  await Promise.all([keepTrying(follow, { clock, signal, failed }), checkIn()]);
}
