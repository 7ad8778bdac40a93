import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ManualClock, minutes, seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { Director } from './director.ts';
import type { Ledger } from './ledger.ts';
import { DirectorState } from './rules/director-state.ts';
import { agentId, chats, documents, POLICY, submission } from './testing/centre.ts';

const ONE = agentId('agent-1');
const GRACE = minutes(1);

/** A ledger on which everything is durable at once. */
class QuickLedger implements Ledger {
  readonly isOurs = true;
  readonly isAway = false;
  position: number;

  constructor(position: number) {
    this.position = position;
  }

  async append(_: number, events: readonly unknown[]): Promise<number> {
    return (this.position += events.length);
  }

  follow(): never {
    throw new Error('Nobody follows this one');
  }

  async ours(): Promise<void> {}

  mayHaveEnded(): boolean {
    return false;
  }

  async endingsOf(): ReturnType<Ledger['endingsOf']> {
    return new Map();
  }
}

function begin(more: Parameters<typeof documents>[0] = {}) {
  const clock = new ManualClock(1_800_000_000_000);
  const state = new DirectorState(POLICY);
  state.configure(
    documents({
      agent: { 'agent-1': chats(1) },
      queue: { sales: {} },
      organisation: { organisation: { vanishGrace: GRACE } },
      ...more,
    }),
  );
  const start = (): Director => {
    const director = new Director({ clock, state, ledger: new QuickLedger(state.position) });
    director.begin();
    return director;
  };
  return { clock, state, start };
}
type Begun = ReturnType<typeof begin>;

/** Moves time on, a second at a time, letting what was decided become durable. */
async function pass(clock: ManualClock, time: Milliseconds): Promise<void> {
  for (let left = time; left > 0; left -= 1_000) {
    clock.advance(Math.min(left, 1_000));
    await turn();
  }
}

/** Agent 1 is ready and has an offer, or has accepted it. */
async function atWork(director: Director, { clock }: Begun, takes = true): Promise<WorkItemId> {
  await director.run({ name: 'logIn', params: { agent: ONE, station: 'first' } });
  const readiness = { state: 'ready' } as const;
  await director.run({ name: 'setReadiness', params: { agent: ONE, readiness } });
  const item = submission({ enteredAt: clock.now() });
  await director.run({ name: 'submit', params: { item } });
  const answer = { item: item.id, agent: ONE, offer: 1 };
  if (takes) await director.run({ name: 'accept', params: answer });
  return item.id;
}

describe('presence is not readiness', () => {
  test('P14, R08: a network lost, or an application in the background, for less than the grace changes nothing', async () => {
    const centre = begin();
    const director = centre.start();
    const item = await atWork(director, centre);
    await pass(centre.clock, GRACE - 1);
    await director.present([ONE]);
    await pass(centre.clock, GRACE - 1);
    expect(centre.state.centre.agents.get(ONE)).toMatchObject({
      present: true,
      readiness: { state: 'ready' },
    });
    expect(centre.state.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
  });

  test('R08: who is back after the grace is there again, and ready only when they say so', async () => {
    const centre = begin();
    const director = centre.start();
    const item = await atWork(director, centre);
    await pass(centre.clock, GRACE);
    await director.present([ONE]);
    expect(centre.state.centre.agents.get(ONE)).toMatchObject({
      present: true,
      readiness: { state: 'not-ready', reason: 'vanished' },
    });
    const readiness = { state: 'ready' } as const;
    await director.run({ name: 'setReadiness', params: { agent: ONE, readiness } });
    expect(centre.state.item(item)).toMatchObject({ state: 'offered', agent: ONE });
  });

  test('P01: a director that begins anew believes who is heard, and gives everybody the whole grace', async () => {
    const centre = begin();
    const first = centre.start();
    await atWork(first, centre);
    await pass(centre.clock, GRACE - 1_000);
    await first[Symbol.asyncDispose]();
    const second = centre.start();
    await pass(centre.clock, GRACE - 1_000);
    expect(centre.state.centre.agents.get(ONE)?.present).toBe(true);
    await second.present([ONE]);
    await pass(centre.clock, GRACE - 1_000);
    expect(centre.state.centre.agents.get(ONE)?.present).toBe(true);
    await pass(centre.clock, 1_000);
    expect(centre.state.centre.agents.get(ONE)?.present).toBe(false);
  });
});

describe('what comes by itself', () => {
  test('an offer is accepted after the time its queue sets', async () => {
    const centre = begin({ queue: { sales: { autoAcceptAfter: 3_000 } } });
    const item = await atWork(centre.start(), centre, false);
    await pass(centre.clock, 2_999);
    expect(centre.state.item(item)?.state).toBe('offered');
    await pass(centre.clock, 1);
    expect(centre.state.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
  });

  test('R15: a silent customer’s contact gives up its room, by the time that is set now', async () => {
    const centre = begin();
    const director = centre.start();
    const item = await atWork(director, centre);
    await director.run({ name: 'awaitCustomer', params: { item, agent: ONE } });
    await pass(centre.clock, seconds(30));
    expect(centre.state.item(item)?.isReleased).toBeUndefined(); // nothing is set yet
    const routing = { idleContactReleases: seconds(40) };
    const organisation = { organisation: { vanishGrace: GRACE, routing } };
    director.configure(documents({ organisation }, centre.state.configuration.revision + 1));
    await pass(centre.clock, seconds(10) - 1);
    expect(centre.state.item(item)?.isReleased).toBeUndefined();
    await pass(centre.clock, 1);
    expect(centre.state.item(item)?.isReleased).toBe(true);
  });
});
