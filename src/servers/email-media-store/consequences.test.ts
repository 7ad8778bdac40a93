import { expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { ManualClock, minutes } from '#base/time.ts';
import { ConversationId, EmailId, MailTemplateId } from '#domain/ids.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Consequence } from './changes.ts';
import { Consequences } from './consequences.ts';

const some = (): Extract<Consequence, { type: 'acknowledge' }> => ({
  type: 'acknowledge',
  email: EmailId.parse(newId()),
  conversation: ConversationId.parse(newId()),
  at: 0,
  template: MailTemplateId.parse('received'),
  answer: EmailId.parse(newId()),
});

/** Consequences whose carrying out fails as often as a test says. */
function start(left: readonly Consequence[] = []) {
  const clock = new ManualClock(0);
  const faults: string[] = [];
  const happened: EmailId[] = [];
  const failing = new Map<EmailId, number>();
  const trace: Trace = {
    debug: () => undefined,
    info: () => undefined,
    warning: () => undefined,
    fault: (event) => void faults.push(event),
  };
  const consequences = new Consequences({
    tables: {
      consequences: async () => [...left],
      happened: async ({ email }) => void happened.push(email),
    },
    clock,
    trace,
    health: { report: () => undefined },
    acknowledge: async ({ email }) => {
      const times = failing.get(email) ?? 0;
      failing.set(email, times - 1);
      if (times > 0) throw new Error('not now');
    },
    deliveries: async () => undefined,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  };
  return {
    consequences,
    failing,
    happened,
    faults,
    settle,
    async pass(times: number) {
      for (let turn = 0; turn < times; turn++) {
        await settle();
        clock.advance(minutes(1));
      }
      await settle();
    },
    [Symbol.asyncDispose]: () => consequences[Symbol.asyncDispose](),
  };
}

test('what an earlier run left is carried out first, and each goes from its table once it has happened', async () => {
  const [left, fresh] = [some(), some()];
  await using under = start([left]);
  await under.consequences.load();
  under.consequences.add([fresh]);
  await under.settle();
  expect(under.happened).toEqual([left.email, fresh.email]);
  expect(under.consequences.waiting).toBe(0);
});

test('one that fails is tried again, and the others do not wait for it', async () => {
  const [bad, good] = [some(), some()];
  await using under = start();
  under.failing.set(bad.email, 2);
  under.consequences.add([bad, good]);
  await under.pass(4);
  expect(under.happened).toEqual([good.email, bad.email]);
  expect(under.faults).toEqual([]);
});

test('one that never succeeds is given up, with a fault in the trace', async () => {
  const bad = some();
  await using under = start();
  under.failing.set(bad.email, Infinity);
  under.consequences.add([bad]);
  await under.pass(25);
  expect(under.faults).toEqual(['consequence.given-up']);
  expect(under.consequences.waiting).toBe(0);
});
