import { describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import {
  AgentId,
  CodeId,
  ConversationId,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
} from '../ids.ts';
import { AgentStatus } from '../agent/agent-status.ts';
import { Centre, CentreSnapshot, workOf } from './centre.ts';
import { OpenWorkItem } from './open-work-item.ts';
import type { DirectorEvent } from './event.ts';
import { wholeCentre, type Page } from './whole-centre.ts';

const item = WorkItemId.parse(newId());
const segment = SegmentId.parse(newId());
const agent = AgentId.parse('agent-1');
const other = AgentId.parse('agent-2');
const queue = QueueId.parse('sales');
const choice = { by: 'director', rule: 'longest-idle', candidates: 1, configuration: 1 } as const;

const ENTERED: DirectorEvent = {
  type: 'work-item-entered',
  item,
  conversation: ConversationId.parse(newId()),
  interaction: InteractionId.parse(newId()),
  channel: 'web-chat',
  queue,
  priority: 5,
  enteredAt: 10,
  serviceLevelDeadline: 20_000,
};
const LOGGED_IN: DirectorEvent = {
  type: 'agent-logged-in',
  agent,
  station: 'first',
  channels: ['web-chat'],
};
const OFFERED: DirectorEvent = {
  type: 'work-item-offered',
  item,
  agent,
  queue,
  offer: 7,
  deadline: 900,
  choice,
};
const ACCEPTED: DirectorEvent = {
  type: 'work-item-accepted',
  item,
  agent,
  queue,
  segment,
  offer: 7,
};

/** Folds events, one every 100 ms from 100 on. */
function fold(...events: DirectorEvent[]): Centre {
  const centre = new Centre();
  events.forEach((body, n) => centre.apply({ position: n + 1, at: 100 * (n + 1), body }));
  return centre;
}

const itemOf = (centre: Centre): OpenWorkItem | undefined => centre.items.get(item);
const agentOf = (centre: Centre): AgentStatus | undefined => centre.agents.get(agent);

describe('Centre', () => {
  test('follows an item from entry to acceptance', () => {
    expect(itemOf(fold(ENTERED))).toMatchObject({ state: 'queued', enteredAt: 10, queuedAt: 100 });
    expect(itemOf(fold(ENTERED, OFFERED))).toMatchObject({
      state: 'offered',
      agent,
      offer: 7,
      deadline: 900,
      since: 200,
    });
    expect(itemOf(fold(ENTERED, OFFERED, ACCEPTED))).toMatchObject({
      state: 'accepted',
      segment,
      deadline: undefined,
      serviceLevelCounted: true,
      since: 300,
    });
  });

  test.each<[string, DirectorEvent]>([
    ['closed', { type: 'work-item-closed', item, queue, ending: 'handled' }],
    [
      'transferred',
      { type: 'work-item-transferred', item, to: WorkItemId.parse(newId()), by: agent },
    ],
    ['merged', { type: 'work-item-merged', item, into: WorkItemId.parse(newId()), by: agent }],
  ])('holds nothing that was %s', (_, ending) => {
    expect(fold(ENTERED, OFFERED, ACCEPTED, ending).items.size).toBe(0);
  });

  test('an item that comes back keeps its age and is nobody’s; it remembers whose it was', () => {
    const back: DirectorEvent = {
      type: 'work-item-requeued',
      item,
      queue,
      reason: 'agent-vanished',
      preferredAgent: agent,
    };
    expect(itemOf(fold(ENTERED, OFFERED, ACCEPTED, back))).toEqual({
      ...itemOf(fold(ENTERED)),
      since: 400,
      serviceLevelCounted: true,
      preferredAgent: agent,
      waitingSince: 400,
      returns: [{ agent, at: 400, reason: 'agent-vanished', offer: 7 }],
    });
  });

  test('remembers the last twenty returns', () => {
    const decline: DirectorEvent[] = [
      OFFERED,
      { type: 'work-item-requeued', item, queue, reason: 'declined' },
    ];
    const centre = fold(ENTERED, ...Array.from({ length: 30 }, () => decline).flat());
    expect(itemOf(centre)?.returns).toHaveLength(20);
    expect(itemOf(centre)?.returns?.at(-1)?.at).toBe(6_100);
    expect(OpenWorkItem.safeParse(itemOf(centre)).success).toBe(true);
  });

  test('parked work is nobody’s and says who parked it', () => {
    const centre = fold(ENTERED, LOGGED_IN, OFFERED, ACCEPTED, {
      type: 'work-item-parked',
      item,
      by: agent,
      until: 5_000,
      preferredAgent: agent,
    });
    expect(itemOf(centre)).toMatchObject({ state: 'parked', agent, parkedUntil: 5_000 });
    expect(itemOf(centre)?.segment).toBeUndefined();
    expect(workOf(centre, agent)).toEqual([]);
  });

  test('what waited for one agent is anybody’s when they are gone, but not when they only move', () => {
    const only: DirectorEvent = { ...ENTERED, onlyAgent: agent };
    const gone = fold(LOGGED_IN, only, { type: 'agent-logged-out', agent, reason: 'asked' });
    expect(itemOf(gone)).toMatchObject({ onlyAgent: undefined, preferredAgent: agent });
    const moved = fold(LOGGED_IN, only, { type: 'agent-logged-out', agent, reason: 'taken-over' });
    expect(itemOf(moved)).toMatchObject({ onlyAgent: agent });
  });

  test('who moves to another station keeps their place among the agents, who logs in anew does not', () => {
    const worked: DirectorEvent[] = [
      LOGGED_IN,
      ENTERED,
      OFFERED,
      ACCEPTED,
      { type: 'segment-ended', item, agent, segment, ending: 'closed' },
    ];
    const before = agentOf(fold(...worked));
    expect(before).toMatchObject({ idleSince: 500, lastOfferAt: 300, lastQueue: queue });
    const again: DirectorEvent = { ...LOGGED_IN, station: 'second' };
    const loggedOut = { type: 'agent-logged-out', agent } as const;
    expect(agentOf(fold(...worked, { ...loggedOut, reason: 'taken-over' }, again))).toEqual({
      ...before,
      station: 'second',
      readiness: { state: 'not-ready', reason: 'logged-in' },
      since: 700,
    });
    const anew = agentOf(fold(...worked, { ...loggedOut, reason: 'asked' }, again));
    expect(anew).toMatchObject({ loggedInSince: 700, idleSince: 700, lastOfferAt: undefined });
  });

  test('an agent is logged in, not ready; readiness dates from when it changed', () => {
    expect(agentOf(fold(LOGGED_IN))).toEqual({
      id: agent,
      loggedInSince: 100,
      station: 'first',
      channels: ['web-chat'],
      readiness: { state: 'not-ready', reason: 'logged-in' },
      since: 100,
      present: true,
      idleSince: 100,
      wrapUps: [],
    });
    const ready = { state: 'ready' } as const;
    const pending = { state: 'not-ready', reason: CodeId.parse('lunch') } as const;
    const centre = fold(
      LOGGED_IN,
      { type: 'agent-readiness-changed', agent, readiness: ready },
      { type: 'agent-readiness-changed', agent, readiness: ready, pending },
    );
    expect(agentOf(centre)).toMatchObject({ readiness: ready, pending, since: 200 });
  });

  test('idle counts from the end of the last segment or wrap-up', () => {
    const begun: DirectorEvent = {
      type: 'wrap-up-started',
      agent,
      item,
      segment,
      until: 9_000,
      queue,
    };
    const ended: DirectorEvent = { type: 'segment-ended', item, agent, segment, ending: 'closed' };
    const wrapping = fold(LOGGED_IN, ENTERED, OFFERED, ACCEPTED, ended, begun);
    expect(agentOf(wrapping)).toMatchObject({
      idleSince: 500,
      wrapUps: [{ item, segment, since: 600, until: 9_000, queue }],
    });
    wrapping.apply({ position: 7, at: 700, body: { type: 'wrap-up-ended', agent, item, segment } });
    expect(agentOf(wrapping)).toMatchObject({ idleSince: 700, wrapUps: [] });
  });

  test('presence is apart from readiness', () => {
    const away: DirectorEvent = { type: 'agent-presence-changed', agent, present: false };
    expect(agentOf(fold(LOGGED_IN, away))).toMatchObject({ present: false, absentSince: 200 });
    const back = agentOf(fold(LOGGED_IN, away, { ...away, present: true }));
    expect(back).toMatchObject({ present: true, absentSince: undefined });
  });

  test('an event taken twice, or one that came before, changes nothing', () => {
    const centre = fold(ENTERED, OFFERED);
    const before = centre.snapshot();
    centre.apply({
      position: 2,
      at: 999,
      body: { type: 'work-item-closed', item, queue, ending: 'forced' },
    });
    centre.apply({ position: 1, at: 999, body: ENTERED });
    expect(centre.snapshot()).toEqual(before);
  });

  test('events of what is not there change nothing', () => {
    const centre = fold(OFFERED, ACCEPTED, {
      type: 'agent-presence-changed',
      agent: other,
      present: true,
    });
    expect(centre.snapshot()).toEqual({ position: 3, items: [], agents: [] });
  });

  test('what somebody holds stays as it was', () => {
    const centre = fold(ENTERED, LOGGED_IN, OFFERED);
    const snapshot = centre.snapshot();
    const copy = structuredClone(snapshot);
    centre.apply({ position: 4, at: 400, body: { type: 'service-level-missed', item, queue } });
    centre.apply({
      position: 5,
      at: 500,
      body: { type: 'agent-presence-changed', agent, present: false },
    });
    expect(snapshot).toEqual(copy);
    expect(itemOf(centre)?.serviceLevelCounted).toBe(true);
  });

  test('a snapshot goes over a wire and goes on from there', () => {
    const whole = fold(ENTERED, LOGGED_IN, OFFERED, ACCEPTED);
    const wire: unknown = JSON.parse(JSON.stringify(fold(ENTERED, LOGGED_IN, OFFERED).snapshot()));
    const centre = Centre.of(CentreSnapshot.parse(wire));
    centre.apply({ position: 4, at: 400, body: ACCEPTED });
    expect(centre.snapshot()).toEqual(whole.snapshot());
  });
});

test('wholeCentre() puts the pages of one moment together', async () => {
  const { items, agents, position } = fold(ENTERED, LOGGED_IN).snapshot();
  const asked: (Page | undefined)[] = [];
  const next = { of: 'x', from: 1 };
  const whole = await wholeCentre(async (page) => {
    asked.push(page);
    return page ? { position, items: [], agents } : { position, items, agents: [], next };
  });
  expect(whole).toEqual({ position, items, agents });
  expect(asked).toEqual([undefined, next]);
});
