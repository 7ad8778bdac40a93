import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { licenseDirector } from './contract.ts';
import type { LicenseKeeper } from './license-keeper.ts';

/** Seats in one answer. */
const PAGE = 1_000;

export function implementLicenseDirector(parts: {
  readonly keeper: LicenseKeeper;
  readonly clock: Clock;
  readonly trace: Trace;
}): Implementation<typeof licenseDirector> {
  const { keeper, clock, trace } = parts;
  return {
    methods: {
      async takeSeat({ holder }, { role }) {
        const taken = keeper.take(holder, role);
        if (taken.type === 'seat') return { seat: taken.seat, warning: taken.warning };
        const { name, limit, used } = taken;
        trace.warning('seat.refused', { name, limit, used });
        throw new Refusal('no-seat', `All ${limit} of "${name}" are taken`, { name, limit, used });
      },
      async checkIn({ holders }, { role }) {
        for (const holder of holders) keeper.hold(holder, role);
        return { seats: holders.length };
      },
      async releaseSeat({ holder }) {
        keeper.seats.release(holder);
        return {};
      },
      async seats({ after }) {
        const all = keeper.seats.all().toSorted((a, b) => a.since - b.since);
        const seats = all.slice(after, after + PAGE);
        return { seats, next: all.length > after + PAGE ? after + PAGE : undefined };
      },
      async limits() {
        return { limits: keeper.limits(), file: describeFile(keeper, clock) };
      },
    },
    streams: {},
  };
}

type FileState = Awaited<
  ReturnType<Implementation<typeof licenseDirector>['methods']['limits']>
>['file'];

function describeFile({ file }: LicenseKeeper, clock: Clock): FileState {
  switch (file.type) {
    case 'none':
      return { state: 'none' };
    case 'unreadable':
      return { state: 'unreadable', reason: file.reason };
    case 'license': {
      const { issuedTo, expires } = file.license;
      const isExpired = expires !== undefined && expires <= clock.now();
      return { state: isExpired ? 'expired' : 'valid', issuedTo, expires };
    }
  }
}
