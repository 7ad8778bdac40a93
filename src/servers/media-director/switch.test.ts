import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ManualClock, seconds } from '#base/time.ts';
import type { AgentAtSwitch } from '#domain/switch/driver.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { mediaDirector } from './contract.ts';
import { fakeMediaDirector } from './fake.ts';
import { agentId, submission } from './testing/centre.ts';
import { THE_SWITCH } from './testing/switch-bridge.ts';
import { mediaDirectorSwitchContract, SWITCH_DOCUMENTS } from './testing/switch-suite.ts';

describe('beside a switch, in memory', () => {
  mediaDirectorSwitchContract(async () => {
    const fake = fakeMediaDirector({ documents: SWITCH_DOCUMENTS });
    const connect = (role: string) =>
      connectInProcess(mediaDirector, fake.implementation, { role });
    return {
      desktop: connect('desktop-server'),
      store: connect('simple-messaging-media-store'),
      voice: connect('voice-media-store'),
      xml: connect('xml-server'),
      [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
    };
  });
});

describe('by the clock', () => {
  const BLENDED = agentId('blended');
  const READY: AgentAtSwitch = { agent: BLENDED, state: { state: 'ready' }, calls: [] };

  /** A blended agent who is ready here and at the switch. */
  const begin = async () => {
    const clock = new ManualClock(1_800_000_000_000);
    const fake = fakeMediaDirector({ clock, documents: SWITCH_DOCUMENTS });
    const as = (role: string) => connectInProcess(mediaDirector, fake.implementation, { role });
    const [desktop, store, xml] = [as('desktop-server'), as('task-media-store'), as('xml-server')];
    await desktop.call.logIn({ agent: BLENDED, station: 'first' });
    await desktop.call.setReadiness({ agent: BLENDED, readiness: { state: 'ready' } });
    const report = (agents: AgentAtSwitch[] = [], isWhole = false) =>
      xml.call.switchReports({
        switch: THE_SWITCH,
        up: true,
        agents: agents.map((each) => ({ ...each, calls: [...each.calls] })),
        isWhole,
      });
    await report([READY], true);
    const pass = async (time: number): Promise<void> => {
      for (let left = time; left > 0; left -= 1_000) {
        clock.advance(Math.min(left, 1_000));
        await turn();
      }
    };
    const atSwitch = async () => (await desktop.call.snapshot({})).agents[0]?.atSwitch;
    const types = () => fake.journal.map(({ body }) => body.type);
    return { clock, fake, desktop, store, report, pass, atSwitch, types };
  };

  test('a switch that is not heard of for 15 s is taken for lost; when it speaks again it is asked for everything', async () => {
    const { report, pass, atSwitch } = await begin();
    await pass(seconds(14));
    expect(await report()).toEqual({ isWholeWanted: false });
    await pass(seconds(14));
    expect((await atSwitch())?.now).toEqual({ state: 'ready' });
    await pass(seconds(1));
    expect((await atSwitch())?.now).toEqual({ state: 'unknown' });
    expect(await report()).toEqual({ isWholeWanted: true });
    await report([READY], true);
    expect((await atSwitch())?.now).toEqual({ state: 'ready' });
  });

  test('P08: who was asked for in vain is let alone after 5 s, and asked again after 10 s', async () => {
    const { clock, store, report, pass, types } = await begin();
    await store.call.submit({ item: submission({ enteredAt: clock.now() }) });
    expect(types().at(-1)).toBe('interlock-requested');
    await pass(seconds(5));
    expect(types().at(-1)).toBe('interlock-ended');
    await report();
    await pass(seconds(10));
    expect(types().slice(-2)).toEqual(['interlock-rested', 'interlock-requested']);
  });
});
