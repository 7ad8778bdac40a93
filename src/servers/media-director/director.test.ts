import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { hours, ManualClock, minutes, seconds } from '#base/time.ts';
import type { Instant } from '#base/time.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { Agenda } from './agenda.ts';
import { Director } from './director.ts';
import type { Ledger } from './ledger.ts';
import { DirectorState, NOTHING_YET } from './rules/director-state.ts';
import { agentId, chats, documents, POLICY, RuleCentre, submission } from './testing/centre.ts';

const ONE = agentId('agent-1');

/** A ledger whose disk a test can stop. */
class SlowLedger implements Ledger {
  readonly events: DirectorEvent[] = [];
  isOurs = true;
  isAway = false;
  position = 0;
  readonly #writing: (() => void)[] = [];
  isStopped = false;

  append(_: Instant, events: readonly DirectorEvent[]): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const write = (): void => {
      this.events.push(...events);
      this.position += events.length;
      resolve(this.position);
    };
    this.#writing.push(write);
    if (!this.isStopped) this.flush();
    return promise;
  }

  flush(): void {
    this.isStopped = false;
    for (const write of this.#writing.splice(0)) write();
  }

  follow(): never {
    throw new Error('Nobody follows this one');
  }

  readonly doubt = Promise.withResolvers<void>();

  ours(): Promise<void> {
    return this.doubt.promise;
  }

  mayHaveEnded(): boolean {
    return false;
  }

  async endingsOf(): ReturnType<Ledger['endingsOf']> {
    return new Map();
  }
}

function begin(more: Parameters<typeof documents>[0] = {}) {
  const clock = new ManualClock(1_800_000_000_000);
  const ledger = new SlowLedger();
  const state = new DirectorState(POLICY);
  state.configure(
    documents({
      agent: { 'agent-1': chats(2), 'agent-2': chats(2) },
      queue: { sales: { offerTimeout: 20_000 } },
      organisation: { organisation: { vanishGrace: 60_000 } },
      ...more,
    }),
  );
  const director = new Director({ clock, state, ledger });
  director.begin();
  const ready = async (agent = ONE): Promise<void> => {
    await director.run({ name: 'logIn', params: { agent, station: 'first' } });
    const readiness = { state: 'ready' } as const;
    await director.run({ name: 'setReadiness', params: { agent, readiness } });
  };
  const submit = (more: Partial<ReturnType<typeof submission>> = {}) => {
    const item = submission({ enteredAt: clock.now(), ...more });
    return { id: item.id, done: director.run({ name: 'submit', params: { item } }) };
  };
  /** Moves time on, a second at a time, letting what was decided become durable. */
  const pass = async (time: number): Promise<void> => {
    for (let left = time; left > 0; left -= 1_000) {
      clock.advance(Math.min(left, 1_000));
      await turn();
    }
  };
  const types = () => ledger.events.map((event) => event.type);
  return { clock, ledger, state, director, ready, submit, pass, types };
}

test('P08: an offer ends at its deadline, whatever is done to the wall clock', async () => {
  const { clock, state, ready, submit, pass } = begin();
  await ready();
  const { id, done } = submit();
  await done;
  clock.jump(clock.now() - hours(24));
  await pass(19_999);
  expect(state.item(id)?.state).toBe('offered');
  clock.jump(clock.now() + hours(48));
  await pass(1);
  expect(state.item(id)?.state).toBe('queued');
});

test('R17: a brake ends though the wall clock was set back meanwhile', async () => {
  const { clock, state, director, ready, submit, pass } = begin({
    queue: { sales: { offersPerMinute: 1, offerTimeout: 120_000 } },
  });
  const two = agentId('agent-2');
  await ready();
  const first = submit();
  const second = submit();
  await Promise.all([first.done, second.done]);
  await ready(two);
  expect([first, second].map(({ id }) => state.item(id)?.state)).toEqual(['offered', 'queued']);
  await pass(seconds(40));
  clock.jump(clock.now() - seconds(30));
  await director.present([ONE, two]);
  await pass(seconds(49));
  expect(state.item(second.id)?.state).toBe('queued');
  await pass(seconds(1));
  expect(state.item(second.id)?.state).toBe('offered');
});

test('a parked item wakes when the wall clock says so', async () => {
  const { clock, state, ready, submit, director, pass } = begin();
  await ready();
  const { id, done } = submit();
  await done;
  await director.run({ name: 'accept', params: { item: id, agent: ONE, offer: 1 } });
  const until = clock.now() + hours(2);
  await director.run({ name: 'park', params: { item: id, agent: ONE, until } });
  await pass(seconds(50));
  await director.present([ONE]);
  expect(state.item(id)?.state).toBe('parked');
  clock.jump(until);
  await pass(seconds(10));
  expect(state.item(id)).toMatchObject({ state: 'offered', agent: ONE });
});

test('the service level is missed once, answered or not', async () => {
  const { submit, pass, types, clock } = begin();
  await submit({ enteredAt: clock.now() - hours(1) }).done;
  await pass(minutes(2));
  expect(types().filter((type) => type === 'service-level-missed')).toHaveLength(1);
});

test('R08: who is not heard of for the grace time has vanished; who is heard of now and then has not', async () => {
  const { state, ready, director, pass } = begin();
  await ready();
  for (let n = 0; n < 20; n++) {
    await pass(5_000);
    await director.present([ONE]);
  }
  expect(state.centre.agents.get(ONE)?.present).toBe(true);
  await pass(60_000);
  expect(state.centre.agents.get(ONE)?.present).toBe(false);
});

test('an answer comes when what it says is durable, and not before', async () => {
  const { ledger, submit } = begin();
  ledger.isStopped = true;
  let answered = false;
  const { done } = submit();
  const answer = done.then(() => (answered = true));
  await turn();
  expect(answered).toBe(false);
  ledger.flush();
  await answer;
  expect(ledger.events.at(-1)?.type).toBe('work-item-entered');
});

test('while nothing becomes durable nobody is offered what they could not see; afterwards everybody is matched', async () => {
  const { ledger, state, ready, submit, pass } = begin();
  await ready();
  ledger.isStopped = true;
  const first = submit(); // offered, and not to be seen
  await pass(seconds(3));
  const second = submit();
  await pass(minutes(1) - seconds(10));
  expect(state.item(second.id)?.state).toBe('queued');
  ledger.flush();
  await Promise.all([first.done, second.done]);
  await pass(seconds(1));
  const { readiness } = state.centre.agents.get(ONE) ?? {};
  expect(readiness).toEqual({ state: 'ready' }); // nobody is blamed
  expect(state.item(first.id)).toMatchObject({ state: 'offered', agent: ONE });
  const endings = ledger.events.flatMap((e) => (e.type === 'offer-ended' ? e.ending : []));
  expect(endings).toEqual(['withdrawn']);
});

test('while the lease is in doubt nothing is answered from memory, and nobody is offered anything', async () => {
  const { ledger, state, ready, submit, director, pass } = begin();
  await ready();
  ledger.isOurs = false;
  const { id, done } = submit();
  await done;
  expect(state.item(id)?.state).toBe('queued');
  let isSettled = false;
  const settled = director.settled().then(() => (isSettled = true));
  await pass(seconds(1));
  expect(isSettled).toBe(false);
  ledger.isOurs = true;
  ledger.doubt.resolve();
  await settled;
  await pass(seconds(1));
  expect(state.item(id)?.state).toBe('offered');
});

test('a doubt that ends with another in office makes the state void', async () => {
  const { ledger, director } = begin();
  ledger.isOurs = false;
  ledger.doubt.reject(new Error('another has it'));
  await expect(director.settled()).rejects.toThrow(Refusal);
  expect(await director.failed).toMatchObject({ message: 'another has it' });
});

test('too many callers are refused at once; nothing of what they asked happens', async () => {
  const { ledger, state, submit } = begin();
  ledger.isStopped = true;
  const waiting = Array.from({ length: 10_000 }, () => submit().done);
  await expect(submit().done).rejects.toMatchObject({ code: 'busy' });
  expect(state.centre.items.size).toBe(10_000);
  ledger.flush();
  await Promise.all(waiting);
});

test('what falls due all at once is worked off as it becomes durable', async () => {
  const { ledger, state, submit, pass, types } = begin();
  await Promise.all(Array.from({ length: 5_000 }, () => submit().done));
  ledger.isStopped = true;
  await pass(seconds(20));
  expect(state.position).toBeLessThan(5_000 + 1_500);
  ledger.flush();
  await pass(seconds(20));
  expect(types().filter((type) => type === 'service-level-missed')).toHaveLength(5_000);
});

test('a write that fails makes the state void: whoever waits is refused, and nothing is decided any more', async () => {
  const { ledger, submit, director } = begin();
  const error = new Error('Cannot write: somebody else does');
  ledger.append = () => Promise.reject(error);
  await expect(submit().done).rejects.toMatchObject({ code: 'busy' });
  expect(await director.failed).toBe(error);
  await expect(submit().done).rejects.toMatchObject({ code: 'busy' });
});

test('taking up what waits lets others have their turn, and forgets no deadline', async () => {
  const waiting = new RuleCentre({ queue: { sales: {} } });
  for (let n = 0; n < 5_000; n++) waiting.submit();
  const clock = new ManualClock(waiting.now);
  const items = [...waiting.state.centre.items.values()];
  const state = new DirectorState(POLICY, { ...NOTHING_YET, items });
  state.configure(documents({ queue: { sales: {} } }));
  state.takeTouched();
  const ledger = new SlowLedger();
  const putDown = vi.spyOn(Agenda.prototype, 'set');
  await using director = new Director({ clock, state, ledger });
  director.begin();
  expect(putDown.mock.calls.length).toBeLessThan(2_500);
  expect(director.keepsTime).toBe(false);
  clock.advance(0);
  expect(putDown.mock.calls.length).toBeGreaterThanOrEqual(5_000);
  expect(director.keepsTime).toBe(true);
  for (let n = 0; n < 20; n++) {
    clock.advance(seconds(5));
    await turn();
  }
  const missed = ledger.events.filter(({ type }) => type === 'service-level-missed');
  expect(missed).toHaveLength(5_000);
});
