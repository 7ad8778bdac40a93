import type { Application } from '#servers/application-management/contract.ts';
import type { Seat } from '#servers/license-director/contract.ts';
import type { administrationApi, ComponentState } from '../api/administration.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Workplace } from './workplace.ts';

type AdministrationHandlers = Handlers<typeof administrationApi>;

/** How the system is: components, seats, webhooks. */
export function systemHandlers({
  rooms,
  webhooks,
}: Workplace): Pick<
  AdministrationHandlers,
  'components' | 'standing' | 'seats' | 'webhookDeliveries' | 'replayWebhook'
> {
  return {
    async components() {
      const { applications } = await rooms.applications.call.list({});
      return { components: applications.map(componentState) };
    },
    standing: () => rooms.director.call.standing({}),
    async seats() {
      const [{ limits }, seats] = await Promise.all([
        rooms.licenses.call.limits({}),
        allSeats(rooms.licenses.call.seats),
      ]);
      return {
        limits: limits.map(({ name, used, limit }) => ({ name, used, limit })),
        seats: seats.map(({ holder, since }) => ({
          name: holder.type === 'agent' ? 'agents' : 'components',
          holder: holder.type === 'agent' ? holder.agent : `${holder.component} ${holder.instance}`,
          since,
        })),
      };
    },
    webhookDeliveries: ({ params, query }) => webhooks.deliveries(params.id, query.limit),
    async replayWebhook({ params, body }) {
      await webhooks.replay(params.id, body.since);
      return {};
    },
  };
}

/** More seats than this nobody reads through. */
const MOST_SEATS = 20_000;

async function allSeats(seats: Workplace['rooms']['licenses']['call']['seats']): Promise<Seat[]> {
  const all: Seat[] = [];
  for (let after: number | undefined = 0; after !== undefined && all.length < MOST_SEATS;) {
    const page: Awaited<ReturnType<typeof seats>> = await seats({ after });
    all.push(...page.seats);
    after = page.next;
  }
  return all;
}

function componentState(application: Application): ComponentState {
  const { component, instance, version, since, state, parts, addresses } = application;
  return {
    component,
    instance,
    version,
    since,
    state,
    parts,
    addresses: addresses.map(({ row, url }) => ({ row, address: url })),
  };
}
