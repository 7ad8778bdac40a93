import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Changes } from './changes.ts';
import { LEASE, type applicationManagement } from './contract.ts';
import { MOST_APPLICATIONS, type Register } from './rules/register.ts';
import { rollUp } from './rules/roll-up.ts';

export function implementApplicationManagement(parts: {
  readonly register: Register;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly trace: Trace;
}): Implementation<typeof applicationManagement> {
  const { register, changes, clock, trace } = parts;
  return {
    methods: {
      async publish(publication, { role }) {
        const { component, instance } = publication;
        if (component !== role) {
          throw new Refusal('not-yours', `"${role}" cannot publish "${component}"`, { component });
        }
        const before = register.get(instance)?.state;
        const moment = { now: clock.now(), monotonic: clock.monotonic() };
        const changed = register.publish(publication, moment);
        if (changed === 'full') {
          throw new Refusal('busy', `${MOST_APPLICATIONS} applications are published already`);
        }
        if (!changed) return { lease: LEASE };
        changes.tell(changed);
        const { state } = changed;
        if (state !== before) trace.info('application.published', { component, instance, state });
        return { lease: LEASE };
      },
      async withdraw({ instance }, { role }) {
        const known = register.get(instance);
        if (known?.component !== role) return {};
        const gone = register.withdraw(instance);
        if (gone) {
          trace.info('application.withdrawn', { component: gone.component, instance });
          changes.tell(gone);
        }
        return {};
      },
      find: async ({ component }) => ({ addresses: register.find(component) }),
      async list() {
        const applications = register.all();
        return { applications, ...rollUp(applications) };
      },
    },
    streams: {
      async *changes(_request, { signal }) {
        for await (const event of changes.follow(register.all(), signal)) {
          yield { event, cursor: undefined };
        }
      },
    },
  };
}
