/** What agents do that is neither work nor its end: wait for customers, have devices. Only tests import this file. */
import { CHANNELS, CodeId, type AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { RuleCentre } from './centre.ts';

interface Chance {
  readonly how: number;
}

/** Done whether or not there is any work. */
export const DEEDS_OF_AGENTS: Readonly<
  Record<string, (centre: RuleCentre, agent: AgentId, chance: Chance) => unknown>
> = {
  reportDevice(centre, agent, { how }) {
    const channel = CHANNELS[how % CHANNELS.length] ?? 'voice';
    const fault = how % 3 === 0 ? CodeId.parse('device-error') : undefined;
    centre.run('reportDevice', { agent, channel, fault });
  },
  logInWithout: (centre, agent) =>
    centre.run('logIn', { agent, station: 'station 0', without: ['task'] }),
  /** Whoever has something awaits its customer. */
  awaitSome(centre) {
    const owned = [...centre.state.centre.items.values()].find((i) => i.state === 'accepted');
    if (owned?.agent) centre.run('awaitCustomer', { item: owned.id, agent: owned.agent });
  },
  /** A customer writes who is awaited. */
  awaitedWrites(centre) {
    const items = [...centre.state.centre.items.values()];
    const awaited = items.find((item) => item.state === 'awaiting-customer');
    if (awaited) centre.run('customerWrote', { item: awaited.id });
  },
};

/** Done to a work item, if there is one. */
export const DEEDS_OF_OWNERS: Readonly<
  Record<string, (centre: RuleCentre, item: OpenWorkItem, agent: AgentId) => unknown>
> = {
  awaitCustomer: (centre, { id, agent: owner }, agent) =>
    centre.run('awaitCustomer', { item: id, agent: owner ?? agent }),
  failOffer: (centre, { id, agent: owner, offer = 1 }, agent) =>
    centre.run('failOffer', { item: id, agent: owner ?? agent, offer }),
};
