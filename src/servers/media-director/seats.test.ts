import { describe, expect, test } from 'vitest';
import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { ManualClock } from '#base/time.ts';
import type { Channel } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import {
  CHECK_IN_EVERY,
  SeatHolder,
  type licenseDirector,
} from '#servers/license-director/contract.ts';
import { LicenseSeats } from './seats.ts';
import { agentId, chats, RuleCentre } from './testing/centre.ts';

type License = Client<typeof licenseDirector>['call'];

/** Seats at a license director that answers as a test says. */
function seats(answer: Partial<License>, agents: AgentStatus[] = []) {
  const clock = new ManualClock();
  const health = new Map<string, string | undefined>();
  const quiet = (): void => {};
  const license = { call: answer } as Client<typeof licenseDirector>;
  const seated = new LicenseSeats({
    license,
    clock,
    timeout: 1_000,
    trace: { debug: quiet, info: quiet, warning: quiet, fault: quiet },
    health: { report: (part, state, detail) => void health.set(part, detail ?? state) },
    agents: () => agents,
  });
  const take = (media: Partial<Record<Channel, number>> = { 'web-chat': 3, email: 0 }) =>
    seated.take({ agent: agentId('agent-1'), station: 'first', media });
  return { seated, take, clock, health };
}

const SEAT = { since: 0, checkedInAt: 0, through: 'media-director' };

test('a seat is asked for with the media that the agent has room for, and for a second', async () => {
  const asked: unknown[] = [];
  const { take, health } = seats({
    takeSeat: async ({ holder }, options) => {
      asked.push(holder, options?.timeout);
      return { seat: { ...SEAT, holder: SeatHolder.parse(holder) } };
    },
  });
  await take();
  expect(asked).toEqual([
    { type: 'agent', agent: 'agent-1', station: 'first', media: ['web-chat'] },
    1_000,
  ]);
  expect(health.get('seats')).toBe('good');
});

test('a full limit refuses a log-in; I05: a license director that is away refuses nothing', async () => {
  const data = { name: 'agents', limit: 5, used: 5 };
  const full = seats({
    takeSeat: () => Promise.reject(new Refusal('no-seat', 'All 5 seats are taken', data)),
  });
  await expect(full.take()).rejects.toMatchObject({
    code: 'no-seat',
    message: 'All 5 seats are taken',
    data: { agent: 'agent-1', limit: 5 },
  });
  const away = seats({
    takeSeat: () => Promise.reject(new CallFailure('unavailable', 'Nobody is there')),
  });
  expect(await away.take()).toEqual([]);
  expect(away.health.get('seats')).toMatch(/without it/);
});

describe('a limit for a medium', () => {
  const fullFor = (...names: string[]) =>
    seats({
      takeSeat: ({ holder }) => {
        const media = holder.type === 'agent' ? holder.media : [];
        const full = names.find((name) => media.some((medium) => name === `agents.${medium}`));
        return full
          ? Promise.reject(new Refusal('no-seat', 'Full', { name: full, limit: 1, used: 1 }))
          : Promise.resolve({ seat: { ...SEAT, holder: SeatHolder.parse(holder) } });
      },
    });

  test('lets the agent in without it, and says so', async () => {
    const { take, health } = fullFor('agents.web-chat', 'agents.sms');
    expect(await take({ 'web-chat': 3, sms: 2, email: 1 })).toEqual(['web-chat', 'sms']);
    expect(health.get('seats')).toBe('No seat is left for web-chat, sms.');
  });

  test('refuses who would be left with none of their media', async () => {
    const { take } = fullFor('agents.web-chat', 'agents.sms');
    await expect(take({ 'web-chat': 3, sms: 2 })).rejects.toMatchObject({ code: 'no-seat' });
  });
});

test('I05: an agent who came in without a medium is offered the others; limits that fill up later take nothing away', () => {
  const centre = new RuleCentre({
    agent: { 'agent-1': { capacity: { 'web-chat': 1, email: 1 } } },
    queue: { sales: {} },
  });
  const agent = agentId('agent-1');
  centre.run('logIn', { agent, station: 'first', without: ['web-chat'] });
  centre.run('setReadiness', { agent, readiness: { state: 'ready' } });
  expect(centre.state.centre.agents.get(agent)).toMatchObject({
    channels: ['email'],
    without: ['web-chat'],
  });
  const [chat, email] = [centre.submit(), centre.submit({ channel: 'email' })];
  expect([centre.agentOf(chat), centre.agentOf(email)]).toEqual([undefined, agent]);
  // At another station too: nobody is asked for a seat who has one.
  centre.run('logIn', { agent, station: 'second', takeOver: true });
  expect(centre.state.centre.agents.get(agent)?.without).toEqual(['web-chat']);
});

test('who is logged in is said to be every three minutes; who logs out gives the seat back', async () => {
  const centre = new RuleCentre({ agent: { 'agent-1': chats(1) } });
  centre.ready('agent-1');
  const said: unknown[] = [];
  const { clock, seated } = seats(
    {
      checkIn: async ({ holders }) => {
        said.push(holders.map((h) => (h.type === 'agent' ? h.agent : h.component)));
        return { seats: holders.length };
      },
      releaseSeat: async ({ holder }) => {
        said.push(holder);
        return {};
      },
    },
    [...centre.state.centre.agents.values()],
  );
  clock.advance(CHECK_IN_EVERY);
  const agent = agentId('agent-1');
  seated.note([{ type: 'agent-logged-out', agent, reason: 'taken-over' }]);
  seated.note([{ type: 'agent-logged-out', agent, reason: 'asked' }]);
  expect(said).toEqual([['agent-1'], { agent: 'agent-1' }]);
  await seated[Symbol.asyncDispose]();
});
