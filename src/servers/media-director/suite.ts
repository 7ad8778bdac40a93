/** What every media director must do, on PostgreSQL and in memory. Only tests import this file. */
import { beforeEach, afterEach, describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { seconds } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { allOpenItems, wholeCentre } from '#domain/work-item/whole-centre.ts';
import { callsOn, codeOf, type Subject } from './testing/calls.ts';
import { agentId, codeId, documents, newItemId, queueId } from './testing/centre.ts';
import { entryContract } from './testing/entry-suite.ts';

/** The configuration that a subject must have when a test begins. */
export const SUITE_DOCUMENTS: StoredDocument[] = documents({
  organisation: { organisation: { vanishGrace: 60_000 } },
  agent: {
    'agent-1': { capacity: { 'web-chat': 1 } },
    'agent-2': { capacity: { 'web-chat': 1 } },
    'agent-3': { capacity: { task: 100 } },
  },
  queue: {
    sales: {},
    coded: { wrapUp: { longest: 0, codeRequired: true } },
    wrapped: { wrapUp: { longest: 60_000, codeRequired: true } },
    hasty: { offerTimeout: 1_000 },
    small: { limits: { waiting: 1 } },
    braked: { offersPerMinute: 1 },
  },
  code: { sold: { use: 'work' }, lunch: { use: 'not-ready' }, busy: { use: 'decline' } },
});

const [ONE, TWO] = [agentId('agent-1'), agentId('agent-2')] as const;
const SUPERVISOR = agentId('supervisor-1');

/** Runs the suite; `start` makes a fresh director for each test. */
export function mediaDirectorContract(start: () => Promise<Subject>): void {
  let subject: Subject;
  beforeEach(async () => {
    subject = await start();
  });
  afterEach(() => subject[Symbol.asyncDispose]());

  const { ready, submit, centre, item, offer, accepted, events } = callsOn(() => subject);

  entryContract(() => subject);

  describe('an agent', () => {
    test('R02: gets the oldest waiting item when they become ready', async () => {
      const now = Date.now();
      const second = await submit({ enteredAt: now - 1_000 });
      const first = await submit({ enteredAt: now - 2_000 });
      await ready(ONE);
      expect(await item(first)).toMatchObject({ state: 'offered', agent: ONE });
      expect(await item(second)).toMatchObject({ state: 'queued' });
    });

    test('logs in once: at the same station nothing changes, at another it takes a take-over', async () => {
      const { call } = subject.desktop;
      const { agent } = await call.logIn({ agent: ONE, station: 'first' });
      expect(agent.readiness).toEqual({ state: 'not-ready', reason: 'logged-in' });
      const { position } = await centre();
      await call.logIn({ agent: ONE, station: 'first' });
      expect(await events(position)).toEqual([]);
      expect(await codeOf(call.logIn({ agent: ONE, station: 'second' }))).toBe(
        'logged-in-elsewhere',
      );
      const taken = await call.logIn({ agent: ONE, station: 'second', takeOver: true });
      expect(taken.agent.station).toBe('second');
      expect(await codeOf(call.logIn({ agent: agentId('nobody'), station: 'x' }))).toBe(
        'unknown-agent',
      );
    });

    test('P09: who asks for a break while an offer rings has it when the contact ends', async () => {
      await ready(ONE);
      const id = await submit();
      const readiness = { state: 'not-ready', reason: codeId('lunch') } as const;
      const { agent } = await subject.desktop.call.setReadiness({ agent: ONE, readiness });
      expect(agent).toMatchObject({ readiness: { state: 'ready' }, pending: readiness });
      await subject.desktop.call.accept(await offer(id));
      await subject.desktop.call.close({ item: id, agent: ONE });
      expect((await centre()).agents).toMatchObject([{ readiness }]);
      expect((await centre()).agents[0]?.pending).toBeUndefined();
    });

    test('P02: a reason that does not exist is refused', async () => {
      await ready(ONE);
      const readiness = { state: 'not-ready', reason: codeId('nothing') } as const;
      expect(await codeOf(subject.desktop.call.setReadiness({ agent: ONE, readiness }))).toBe(
        'unknown-code',
      );
      expect(await codeOf(subject.desktop.call.setReadiness({ agent: TWO, readiness }))).toBe(
        'not-logged-in',
      );
    });

    test('P14: logging out takes effect before the next offer; with work it is refused', async () => {
      await ready(ONE);
      const id = await accepted();
      expect(await codeOf(subject.desktop.call.logOut({ agent: ONE }))).toBe('has-work');
      await subject.desktop.call.close({ item: id, agent: ONE });
      await subject.desktop.call.logOut({ agent: ONE });
      expect(await item(await submit())).toMatchObject({ state: 'queued' });
    });

    test('who is logged out by a supervisor leaves their work to the queue, with its age', async () => {
      await ready(ONE);
      const enteredAt = Date.now() - 5_000;
      const id = await accepted({ enteredAt });
      await subject.desktop.call.logOut({ agent: ONE, by: SUPERVISOR });
      expect(await item(id)).toMatchObject({ state: 'queued', enteredAt });
    });
  });

  describe('an offer', () => {
    test('R11: of 100 who accept at once exactly one wins', async () => {
      await ready(ONE);
      const id = await submit();
      const { offer: number } = await offer(id);
      const tries = Array.from({ length: 100 }, (_, n) =>
        codeOf(
          subject.desktop.call.accept({
            item: id,
            agent: n === 57 ? ONE : agentId(`other-${n}`),
            offer: number,
          }),
        ),
      );
      const outcomes = Map.groupBy(await Promise.all(tries), (outcome) => outcome);
      expect(outcomes.get('done')).toHaveLength(1);
      expect(outcomes.get('offer-over')).toHaveLength(99);
      expect(await item(id)).toMatchObject({ state: 'accepted', agent: ONE });
    });

    test('is accepted once, however often the answer is repeated', async () => {
      await ready(ONE);
      const id = await submit();
      const answer = await offer(id);
      const first = await subject.desktop.call.accept(answer);
      expect(await subject.desktop.call.accept(answer)).toEqual(first);
    });

    test('cannot be answered with an old number', async () => {
      await ready(ONE);
      const id = await submit();
      const old = await offer(id);
      await subject.desktop.call.pullBack({ item: id, by: SUPERVISOR });
      await ready(TWO);
      expect(await item(id)).toMatchObject({ state: 'offered', agent: TWO });
      expect(await codeOf(subject.desktop.call.accept(old))).toBe('offer-over');
      expect(await codeOf(subject.desktop.call.decline(old))).toBe('offer-over');
    });

    test('that is declined goes to somebody else; P11: the journal says that it was declined', async () => {
      await ready(ONE, TWO);
      const id = await submit();
      const answer = await offer(id);
      expect(answer.agent).toBe(ONE);
      const { position } = await centre();
      await subject.desktop.call.decline({ ...answer, reason: codeId('busy') });
      await subject.desktop.call.decline(answer); // again: the answer was lost on the way
      expect(await item(id)).toMatchObject({ state: 'offered', agent: TWO });
      expect(await events(position)).toMatchObject([
        { type: 'offer-ended', ending: 'declined', reason: 'busy' },
        { type: 'work-item-requeued', reason: 'declined' },
        { type: 'work-item-offered', agent: TWO },
      ]);
    });

    test('P12: that cannot ring goes on; nothing of its channel comes until the device works', async () => {
      await ready(ONE);
      const id = await submit();
      const answer = await offer(id);
      await subject.desktop.call.failOffer({ ...answer, fault: codeId('device-error') });
      expect(await item(id)).toMatchObject({ state: 'queued' });
      expect((await centre()).agents).toMatchObject([
        { readiness: { state: 'ready' }, faults: { 'web-chat': 'device-error' } },
      ]);
      const other = await submit();
      expect(await item(other)).toMatchObject({ state: 'queued' });
      await subject.desktop.call.reportDevice({ agent: ONE, channel: 'web-chat' });
      expect(await item(other)).toMatchObject({ state: 'offered', agent: ONE });
    });

    test('P07: that nobody answers makes the agent not ready and goes on to the next', async () => {
      await ready(ONE);
      const id = await submit({ queue: queueId('hasty') });
      await expect
        .poll(() => item(id), { timeout: seconds(20) })
        .toMatchObject({ state: 'queued' });
      expect((await centre()).agents).toMatchObject([
        { readiness: { state: 'not-ready', reason: 'no-answer' } },
      ]);
      await ready(TWO);
      expect(await item(id)).toMatchObject({ state: 'offered', agent: TWO });
    });

    test('S05: ends at once when the customer leaves; afterwards nothing is abandoned', async () => {
      await ready(ONE);
      const id = await submit();
      const { position } = await centre();
      expect(await subject.store.call.abandon({ item: id })).toEqual({ abandoned: true });
      expect(await subject.store.call.abandon({ item: id })).toEqual({ abandoned: true });
      expect(await events(position)).toMatchObject([
        { type: 'offer-ended', agent: ONE, ending: 'abandoned' },
        { type: 'work-item-closed', ending: 'abandoned' },
      ]);
      const other = await accepted();
      expect(await subject.store.call.abandon({ item: other })).toEqual({ abandoned: false });
    });
  });

  describe('an owner', () => {
    test('closes with a code that exists, and must where the queue asks for one', async () => {
      await ready(ONE);
      const { call } = subject.desktop;
      const id = await accepted({ queue: queueId('coded') });
      expect(await codeOf(call.close({ item: id, agent: TWO }))).toBe('not-yours');
      expect(await codeOf(call.close({ item: id, agent: ONE }))).toBe('code-required');
      const wrong = call.close({ item: id, agent: ONE, code: codeId('lunch') });
      expect(await codeOf(wrong)).toBe('unknown-code');
      await call.close({ item: id, agent: ONE, code: codeId('sold') });
      await call.close({ item: id, agent: ONE, code: codeId('sold') });
      expect(await subject.store.call.endings({ items: [id, newItemId()] })).toEqual({
        endings: [{ item: id, ending: 'handled' }],
      });
    });

    test('wraps up where the queue has it, and gets nothing meanwhile', async () => {
      await ready(ONE);
      const { call } = subject.desktop;
      const id = await accepted({ queue: queueId('wrapped') });
      await call.close({ item: id, agent: ONE });
      const next = await submit();
      expect(await item(next)).toMatchObject({ state: 'queued' });
      expect(await codeOf(call.endWrapUp({ agent: ONE, item: id }))).toBe('code-required');
      await call.endWrapUp({ agent: ONE, item: id, code: codeId('sold') });
      await call.endWrapUp({ agent: ONE, item: id });
      expect(await item(next)).toMatchObject({ state: 'offered', agent: ONE });
    });

    test('R13: who transfers to a queue is free in the same breath, and the item keeps its age', async () => {
      await ready(ONE);
      const enteredAt = Date.now() - 9_000;
      const id = await accepted({ enteredAt });
      const to = newItemId();
      const target = { queue: queueId('hasty') };
      await subject.desktop.call.transfer({ item: id, agent: ONE, target, to });
      await subject.desktop.call.transfer({ item: id, agent: ONE, target, to });
      expect(await item(to)).toMatchObject({ enteredAt, queue: 'hasty', agent: ONE });
      expect(await subject.store.call.endings({ items: [id] })).toEqual({
        endings: [{ item: id, ending: 'transferred', to }],
      });
    });

    test('transfers to an agent, who is waited for', async () => {
      await ready(ONE, TWO);
      const id = await accepted();
      const busy = await accepted();
      const to = newItemId();
      await subject.desktop.call.transfer({ item: id, agent: ONE, target: { agent: TWO }, to });
      expect(await item(to)).toMatchObject({ state: 'queued', onlyAgent: TWO });
      await subject.desktop.call.close({ item: busy, agent: TWO });
      expect(await item(to)).toMatchObject({ state: 'offered', agent: TWO });
    });

    test('parks until the customer writes; the same agent is preferred', async () => {
      await ready(ONE);
      const id = await accepted();
      await ready(TWO);
      await subject.desktop.call.park({ item: id, agent: ONE });
      expect(await item(id)).toMatchObject({ state: 'parked', agent: ONE });
      await subject.store.call.customerWrote({ item: id });
      expect(await item(id)).toMatchObject({ state: 'offered', agent: ONE });
    });

    test('R24: is not left with what was set aside: it comes back at its time', async () => {
      await ready(ONE);
      const id = await accepted();
      await subject.desktop.call.park({ item: id, agent: ONE, until: Date.now() + 200 });
      await expect
        .poll(() => item(id), { timeout: seconds(20) })
        .toMatchObject({ state: 'offered' });
    });
  });

  describe('a supervisor', () => {
    test('assigns to an agent who is not ready, up to their capacity', async () => {
      const { call } = subject.desktop;
      await call.logIn({ agent: ONE, station: 'first' });
      const [id, other] = [await submit(), await submit()];
      const missing = call.assign({ item: id, agent: TWO, by: SUPERVISOR });
      expect(await codeOf(missing)).toBe('not-logged-in');
      await call.assign({ item: id, agent: ONE, by: SUPERVISOR });
      expect(await item(id)).toMatchObject({ state: 'offered', agent: ONE });
      const tooMuch = call.assign({ item: other, agent: ONE, by: SUPERVISOR });
      expect(await codeOf(tooMuch)).toBe('no-capacity');
    });

    test('S01: force closes and pulls back from any state', async () => {
      await ready(ONE);
      const owned = await accepted();
      await subject.desktop.call.pullBack({ item: owned, by: SUPERVISOR });
      expect(await item(owned)).toMatchObject({ state: 'queued' });
      const waiting = await submit();
      for (const id of [owned, waiting]) {
        await subject.desktop.call.forceClose({ item: id, by: SUPERVISOR });
        await subject.desktop.call.forceClose({ item: id, by: SUPERVISOR });
      }
      expect((await centre()).items).toEqual([]);
      const never = subject.desktop.call.forceClose({ item: newItemId(), by: SUPERVISOR });
      expect(await codeOf(never)).toBe('unknown-item');
    });
  });

  test('a colleague is consulted, speaks, and has it when the owner leaves', async () => {
    await ready(ONE, TWO);
    const { call } = subject.desktop;
    const id = await accepted();
    const colleague = TWO;
    const ask = { item: id, agent: ONE, colleague, role: 'consulted' } as const;
    const { participant } = await call.invite(ask);
    const { invitation = 0 } = participant;
    await call.answerInvitation({ item: id, agent: TWO, invitation, answer: 'accept' });
    await call.changeRole({ item: id, agent: TWO, role: 'conferee', by: ONE });
    expect((await item(id)).participants).toMatchObject([{ agent: TWO, role: 'conferee' }]);
    await call.leave({ item: id, agent: ONE });
    expect(await item(id)).toMatchObject({ state: 'accepted', agent: TWO, participants: [] });
  });

  test('many at once: each is done or refused for itself, and the answer names it', async () => {
    const { call } = subject.desktop;
    const items = [await submit(), newItemId(), await submit()];
    const all = items.map((one) => ({ item: one, to: newItemId() }));
    const what = { type: 'transfer', target: { queue: queueId('hasty') } } as const;
    const { outcomes } = await call.many({ items: all, what, by: SUPERVISOR });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'unknown-item', 'done']);
    expect(outcomes.map((o) => o.item)).toEqual(items);
    expect((await centre()).items.map(({ queue }) => queue)).toEqual(['hasty', 'hasty']);
    const again = await call.many({ items: all, what, by: SUPERVISOR });
    expect(again.outcomes).toEqual(outcomes);
  });

  test('S02, S03: the snapshot is the fold of the journal, and what came in is closed or open', async () => {
    await ready(ONE, TWO);
    for (let n = 0; n < 10; n++) await submit();
    const { items } = await centre();
    for (const { id, agent, offer: number } of items) {
      if (agent && number) await subject.desktop.call.accept({ item: id, agent, offer: number });
    }
    const whole = await centre();
    const fold = new Centre();
    let [entered, ended] = [0, 0];
    for await (const { event } of subject.desktop.follow.journal({ since: 0 })) {
      fold.apply(event);
      if (event.body.type === 'work-item-entered') entered++;
      if (event.body.type === 'work-item-closed') ended++;
      if (event.position === whole.position) break;
    }
    expect(JSON.parse(JSON.stringify(fold.snapshot()))).toEqual(whole);
    expect(entered).toBe(ended + whole.items.length);
  });

  test('snapshot() and openItems() come in pages where they are large, all of one moment', async () => {
    const all = Array.from({ length: 2_000 }, () => submit({ channel: 'task' }));
    const ids = (await Promise.all(all)).toSorted();
    let pages = 0;
    let meanwhile: Promise<unknown> | undefined;
    const { items, position } = await wholeCentre((page) => {
      pages++;
      if (pages === 2) meanwhile = submit();
      return subject.desktop.call.snapshot({ page });
    });
    await meanwhile;
    expect(pages).toBeGreaterThan(1);
    expect(items.map((each) => each.id).toSorted()).toEqual(ids);
    const open = await allOpenItems((page) =>
      subject.store.call.openItems({ channels: ['task'], page }),
    );
    expect(open.items).toHaveLength(2_000);
    expect(open.position).toBeGreaterThanOrEqual(position);
    const gone = { of: newId(), from: 10 };
    expect(await codeOf(subject.desktop.call.snapshot({ page: gone }))).toBe('unknown-page');
  });
}
