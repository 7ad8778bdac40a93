import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Call } from '#base/contract.ts';
import { ManualClock } from '#base/time.ts';
import { PROMISES, type Standing } from '#domain/work-item/standing.ts';
import { Director } from './director.ts';
import { implementMediaDirector } from './implementation.ts';
import { Insight } from './insight/insight.ts';
import type { Ledger } from './ledger.ts';
import { DirectorState } from './rules/director-state.ts';
import { chats, documents, POLICY, submission } from './testing/centre.ts';

/** A disk and a database that answer when the test lets them. */
class HeldLedger implements Ledger {
  isOurs = true;
  readonly isAway = false;
  position = 0;
  readonly old = Promise.withResolvers<Awaited<ReturnType<Ledger['endingsOf']>>>();
  readonly office = Promise.withResolvers<void>();
  disk: Promise<void> = Promise.resolve();

  async append(_: number, events: readonly unknown[]): Promise<number> {
    await this.disk;
    this.position += events.length;
    return this.position;
  }

  follow(): never {
    throw new Error('Nobody follows this one');
  }

  ours(): Promise<void> {
    return this.office.promise;
  }

  mayHaveEnded(): boolean {
    return true;
  }

  endingsOf(): ReturnType<Ledger['endingsOf']> {
    return this.old.promise;
  }
}

const STANDING: Standing = {
  entered: 7,
  ended: 6,
  open: 1,
  agents: 1,
  agentsAboveLimit: 0,
  states: {},
  promises: PROMISES.map((promise) => ({ promise, broken: 0, violations: [] })),
};

function begin() {
  const clock = new ManualClock(1_800_000_000_000);
  const ledger = new HeldLedger();
  const state = new DirectorState(POLICY);
  state.configure(documents({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } }));
  const director = new Director({ clock, state, ledger });
  director.begin();
  const { methods } = implementMediaDirector({
    clock,
    current: async () => ({ director, ledger }),
    seats: { take: async () => [] },
    insight: new Insight(async () => 'unknown-item'),
    standing: () => STANDING,
  });
  return { director, ledger, methods };
}

const CALL = { signal: new AbortController().signal } as Call;

test('endings() tells nothing that ended while it looked and is not durable yet', async () => {
  const { director, ledger, methods } = begin();
  const item = submission();
  await director.run({ name: 'submit', params: { item } });
  let told = false;
  const endings = Promise.resolve(methods.endings({ items: [item.id] }, CALL)).finally(() => {
    told = true;
  });
  await turn();
  const disk = Promise.withResolvers<void>();
  ledger.disk = disk.promise;
  const abandoned = director.run({ name: 'abandon', params: { item: item.id } });
  ledger.old.resolve(new Map());
  await turn();
  expect(told).toBe(false);
  disk.resolve();
  await abandoned;
  expect(await endings).toEqual({
    endings: [{ item: item.id, ending: 'abandoned', to: undefined }],
  });
});

test('standing() is told by who is in office for sure', async () => {
  const { ledger, methods } = begin();
  expect(await methods.standing({}, CALL)).toEqual(STANDING);
  ledger.isOurs = false;
  const standing = methods.standing({}, CALL);
  ledger.office.reject(new Error('Cannot go on: another director is in office'));
  await expect(standing).rejects.toThrow(expect.objectContaining({ code: 'busy' }));
});
