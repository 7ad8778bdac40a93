/**
 * The other side of this component's door, the same for all: makes a component known while it runs, and
 * finds others. Used where components are put together; a component itself uses `platform.peers`.
 */
import { hostname } from 'node:os';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';
import type { Member } from '#platform/component.ts';
import { programVersion } from '#platform/installation/program.ts';
import type { Directory } from '#platform/peers/directory.ts';
import { urlOf } from '#platform/peers/directory.ts';
import type { Peers } from '#platform/platform.ts';
import { RENEW_EVERY, applicationManagement } from './contract.ts';
import type { Publication } from './contract.ts';

/** Whoever looks for a component tries again by itself; a directory that is away must not hold it up. */
const LOOK_UP_TIMEOUT: Milliseconds = seconds(2);

/** A goodbye is a courtesy: without it the lease ends by itself. */
const GOODBYE_TIMEOUT: Milliseconds = 100;

/** The longest sentence that a publication may hold. */
const LONGEST_DETAIL = 500;

/** Publishes a component, at once, at every change of its health, and before its lease ends. */
export function joinApplicationManagement(member: Member): AsyncDisposable {
  const { clock, component, instance, peers, trace } = member.platform;
  const client = peers.connect(applicationManagement);
  const stop = new AbortController();
  let changed = Promise.withResolvers<void>();
  const listener = member.health.onChange((health) => {
    if (health.component === component) changed.resolve();
  });
  const publishing = keepTrying(
    async (signal) => {
      while (!signal.aborted) {
        changed = Promise.withResolvers();
        await client.call.publish(publicationOf(member), { signal });
        await Promise.race([changed.promise, pause(clock, RENEW_EVERY, signal)]);
      }
    },
    {
      clock,
      signal: stop.signal,
      failed: (error) => trace.debug('application.not-published', { reason: String(error) }),
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      listener[Symbol.dispose]();
      stop.abort();
      await publishing;
      await client.call.withdraw({ instance }, { timeout: GOODBYE_TIMEOUT }).catch(() => undefined);
      await client[Symbol.asyncDispose]();
    },
  };
}

function publicationOf(member: Member): Publication {
  const { component, instance } = member.platform;
  const own = member.health.components().find((each) => each.component === component);
  return {
    component,
    instance,
    version: programVersion,
    addresses: member.opened().map((place) => ({
      row: place.row,
      url: urlOf(reachable(place)),
      ...(place.since !== undefined && { since: place.since }),
    })),
    parts: (own?.parts ?? []).map(({ part, state, detail }) => ({
      part,
      state,
      ...(detail !== '' && { detail: detail.slice(0, LONGEST_DETAIL) }),
    })),
  };
}

/** Others cannot dial "everywhere", but this machine by its name. */
function reachable<T extends { readonly address: string }>(place: T): T {
  const isEverywhere = place.address === '0.0.0.0' || place.address === '::';
  return isEverywhere ? { ...place, address: hostname() } : place;
}

/** Finds components by asking application management. */
export function askApplicationManagement(peers: Peers): Directory {
  const client = peers.connect(applicationManagement);
  return {
    async find(component) {
      if (component === applicationManagement.name) return [];
      const { addresses } = await client.call.find({ component }, { timeout: LOOK_UP_TIMEOUT });
      return addresses;
    },
  };
}
