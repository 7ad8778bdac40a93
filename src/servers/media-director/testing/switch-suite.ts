/** What every media director must do beside a switch, with the switch `sim` in each authority mode. Only tests import this file. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Client } from '#base/contract.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import { CallId, EntryPointId, type AgentId } from '#domain/ids.ts';
import { SimDriver } from '#domain/switch/sim-driver.ts';
import type { AuthorityMode } from '#domain/switch/authority.ts';
import type { mediaDirector } from '../contract.ts';
import { callsOn, type Subject } from './calls.ts';
import { agentId, documents, queueId } from './centre.ts';
import { SwitchBridge, THE_SWITCH } from './switch-bridge.ts';

/** A director that is tested, with the clients that a switch needs. */
export interface SwitchedSubject extends Subject {
  readonly xml: Client<typeof mediaDirector>;
  readonly voice: Client<typeof mediaDirector>;
}

const at = (mode: AuthorityMode) => ({ switch: { id: 'main', mode } });

/** The configuration that a subject must have when a test begins. */
export const SWITCH_DOCUMENTS: StoredDocument[] = documents({
  organisation: { organisation: { vanishGrace: 60_000 } },
  agent: {
    blended: { capacity: { voice: 1, 'web-chat': 1 }, ...at('switch-acd') },
    routed: { capacity: { voice: 1, 'web-chat': 1 }, ...at('adjunct') },
    other: { capacity: { voice: 1 }, ...at('adjunct') },
    ours: { capacity: { voice: 1, 'web-chat': 1 } },
  },
  queue: {
    sales: { serves: { type: 'listed', agents: ['blended', 'routed'] } },
    calls: { wrapUp: { longest: 60_000, codeRequired: false } },
  },
});

const [BLENDED, ROUTED, OTHER, OURS] = ['blended', 'routed', 'other', 'ours'].map((id) =>
  agentId(id),
) as [AgentId, AgentId, AgentId, AgentId];
const FIRST = CallId.parse('call-1');
const SECOND = CallId.parse('call-2');
const CALLS = queueId('calls');
const HOTLINE = EntryPointId.parse('hotline');
const READY = { state: 'ready' } as const;

/** The customer has hung up: so soon nobody is rung any more. */
const RINGS_NO_LONGER_THAN = 200;

/** Runs the suite; `start` makes a fresh director for each test. */
export function mediaDirectorSwitchContract(start: () => Promise<SwitchedSubject>): void {
  let subject: SwitchedSubject;
  const life = new Set<AsyncDisposable>();
  beforeEach(async () => {
    subject = await start();
    life.add(subject);
  });
  afterEach(async () => {
    for (const each of [...life].toReversed()) await each[Symbol.asyncDispose]();
    life.clear();
  });

  const { ready, submit, item, offer, centre } = callsOn(() => subject);
  const join = (mode: AuthorityMode): SimDriver => {
    const driver = new SimDriver(mode, [BLENDED, ROUTED, OTHER, OURS]);
    driver.happens({ type: 'time', now: Date.now() });
    life.add(new SwitchBridge({ ...subject, driver }));
    return driver;
  };
  const stateOf = async (driver: SimDriver, agent: AgentId) =>
    (await driver.snapshot()).find((each) => each.agent === agent)?.state;
  const agent = async (id: AgentId) => (await centre()).agents.find((each) => each.id === id);

  describe('switch-acd', () => {
    const blended = async (): Promise<SimDriver> => {
      const driver = join('switch-acd');
      await ready(BLENDED);
      driver.happens({ type: 'set', agent: BLENDED, state: READY });
      await expect.poll(async () => (await agent(BLENDED))?.atSwitch?.now).toEqual(READY);
      return driver;
    };

    test('text is offered once the switch has let go of the agent, who is restored when it is done', async () => {
      const driver = await blended();
      const id = await submit();
      await expect.poll(() => item(id)).toMatchObject({ state: 'offered', agent: BLENDED });
      expect(await stateOf(driver, BLENDED)).toMatchObject({ reason: 'interlock' });
      await subject.desktop.call.accept(await offer(id));
      await subject.desktop.call.close({ item: id, agent: BLENDED });
      await expect.poll(() => stateOf(driver, BLENDED)).toEqual(READY);
    });

    test('a call that lands withdraws the offer; afterwards it comes again, with its age', async () => {
      const driver = await blended();
      const enteredAt = Date.now() - 60_000;
      const id = await submit({ enteredAt });
      await expect.poll(() => item(id)).toMatchObject({ state: 'offered' });
      driver.happens({ type: 'direct-call', call: FIRST, agent: BLENDED });
      await expect
        .poll(() => item(id))
        .toMatchObject({ state: 'queued', enteredAt, returns: [{ reason: 'interlock-lost' }] });
      driver.happens({ type: 'hang-up', call: FIRST });
      await expect.poll(() => item(id)).toMatchObject({ state: 'offered', agent: BLENDED });
    });

    test('with the link down nobody knows what agents are: an offer is withdrawn', async () => {
      const driver = await blended();
      const id = await submit();
      await expect.poll(() => item(id)).toMatchObject({ state: 'offered' });
      driver.happens({ type: 'link', up: false });
      await expect.poll(() => item(id)).toMatchObject({ state: 'queued' });
      expect((await agent(BLENDED))?.atSwitch?.now).toEqual({ state: 'unknown' });
      driver.happens({ type: 'link', up: true });
      await expect.poll(() => item(id)).toMatchObject({ state: 'offered', agent: BLENDED });
    });
  });

  describe('adjunct', () => {
    test('is told the agent with a place for the call, which is kept until it ends', async () => {
      const driver = join('adjunct');
      await ready(ROUTED);
      await expect.poll(async () => (await agent(ROUTED))?.atSwitch).toBeDefined();
      driver.happens({ type: 'set', agent: ROUTED, state: READY });
      driver.happens({ type: 'call', call: FIRST, entryPoint: HOTLINE });
      await expect.poll(async () => (await agent(ROUTED))?.atSwitch?.calls).toEqual([FIRST]);
      const deadline = Date.now() + 1_000;
      const asked = { switch: THE_SWITCH, queue: CALLS, deadline };
      expect(await subject.xml.call.routeRequest({ ...asked, call: SECOND })).toEqual({
        type: 'next-step',
        why: 'nobody-free',
      });
      driver.happens({ type: 'hang-up', call: FIRST });
      await expect.poll(async () => (await agent(ROUTED))?.atSwitch?.calls).toEqual([]);
      const answer = await subject.xml.call.routeRequest({ ...asked, call: SECOND });
      expect(answer).toMatchObject({
        type: 'agent',
        agent: ROUTED,
        station: `station-of-${ROUTED}`,
      });
      expect(await subject.xml.call.routeRequest({ ...asked, call: SECOND })).toEqual(answer);
    });

    test('goes its own next step when nobody is free, when it asks too late, and for an unknown queue', async () => {
      const asked = { switch: THE_SWITCH, call: FIRST, queue: CALLS };
      const { routeRequest } = subject.xml.call;
      const soon = Date.now() + 1_000;
      expect(await routeRequest({ ...asked, deadline: soon })).toMatchObject({
        why: 'nobody-free',
      });
      expect(await routeRequest({ ...asked, deadline: 1 })).toMatchObject({ why: 'too-late' });
      const nowhere = { ...asked, queue: queueId('nowhere'), deadline: soon };
      expect(await routeRequest(nowhere)).toMatchObject({ why: 'unknown-queue' });
    });
  });

  describe('ours', () => {
    test('S05: a call queues as any work item; the caller hangs up and nobody rings for longer than 200 ms', async () => {
      const driver = join('ours');
      await ready(OURS);
      driver.happens({ type: 'call', call: FIRST, entryPoint: HOTLINE });
      await expect
        .poll(async () => (await centre()).items)
        .toMatchObject([{ channel: 'voice', state: 'offered', agent: OURS }]);
      const since = (await centre()).position;
      const hungUp = performance.now();
      driver.happens({ type: 'hang-up', call: FIRST });
      for await (const { event } of subject.desktop.follow.journal({ since })) {
        if (event.body.type !== 'offer-ended') continue;
        expect(event.body).toMatchObject({ agent: OURS, ending: 'abandoned' });
        break;
      }
      expect(performance.now() - hungUp).toBeLessThan(RINGS_NO_LONGER_THAN);
      expect((await centre()).items).toEqual([]);
    });

    test('S10: an accepted call and its work item end together, and wrap-up follows', async () => {
      const driver = join('ours');
      await ready(OURS);
      driver.happens({ type: 'call', call: FIRST, entryPoint: HOTLINE });
      await expect.poll(async () => (await centre()).items).toMatchObject([{ state: 'offered' }]);
      const [call] = (await centre()).items;
      if (!call) throw new Error('Cannot find the call: it is not open');
      await subject.desktop.call.accept(await offer(call.id));
      driver.send({ type: 'connect', call: FIRST, agent: OURS });
      expect(await item(call.id)).toMatchObject({ state: 'accepted', agent: OURS });
      driver.happens({ type: 'hang-up', call: FIRST });
      await expect.poll(async () => (await centre()).items).toEqual([]);
      expect((await agent(OURS))?.wrapUps).toMatchObject([{ item: call.id, channel: 'voice' }]);
    });
  });
}
