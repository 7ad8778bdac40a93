import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Serves } from '#domain/configuration/documents.ts';
import { AttributeId, QueueId, SkillId, type AgentId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import type { Expression } from '#domain/requirement/requirement.ts';
import { agentId } from '../testing/centre.ts';
import type { Profile } from './signature-maps.ts';
import {
  Signatures,
  skillOf,
  type AgentSignature,
  type Asked,
  type RequirementSignature,
} from './signatures.ts';

type Role = 'agent' | 'supervisor';
type Attributes = Partial<Record<AttributeId, string>>;

const SKILLS = ['french', 'german', 'sales'].map((id) => SkillId.parse(id));
const SITE = AttributeId.parse('site');
const QUEUES = ['sales', 'support'].map((id) => QueueId.parse(id));
const AGENTS = Array.from({ length: 40 }, (_, n) => agentId(`agent-${n}`));

const someSkills = fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 10 }));
const someLeaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.record({
    type: fc.constant('skill' as const),
    skill: fc.constantFrom(...SKILLS),
    level: fc.integer({ min: 1, max: 10 }),
  }),
  fc.record({
    type: fc.constant('attribute' as const),
    attribute: fc.constant(SITE),
    values: fc.array(fc.constantFrom('berlin', 'rome', 'york'), { minLength: 1, maxLength: 2 }),
  }),
);
const { expression: someExpression } = fc.letrec<{ expression: Expression; of: Expression[] }>(
  (tie) => ({
    of: fc.array(tie('expression'), { minLength: 1, maxLength: 4 }),
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      someLeaf,
      fc.record({ type: fc.constantFrom('all' as const, 'any' as const), of: tie('of') }),
      fc.record({
        type: fc.constant('at-least' as const),
        count: fc.integer({ min: 1, max: 4 }),
        of: tie('of'),
      }),
    ),
  }),
);
const someServes: fc.Arbitrary<Serves> = fc.oneof(
  fc.constant({ type: 'everyone' } as const),
  fc.record({
    type: fc.constant('listed' as const),
    agents: fc.subarray(AGENTS),
  }),
  fc.record({ type: fc.constant('skilled' as const), skills: someSkills }),
  fc.record({ type: fc.constant('matching' as const), must: someExpression }),
);
const someRequirement = fc.record(
  { must: someExpression, preferred: someExpression },
  { requiredKeys: [] },
);
const someAgents = fc.array(
  fc.record({
    roles: fc.constantFrom<Role[]>(['agent'], ['supervisor']),
    skills: someSkills,
    attributes: fc.constantFrom<Attributes>({}, { [SITE]: 'berlin' }, { [SITE]: 'rome' }),
  }),
  { minLength: AGENTS.length, maxLength: AGENTS.length },
);
/** In which order agents and requirements become known, and who leaves again. */
const someOrder = fc.array(fc.record({ leaves: fc.boolean(), which: fc.nat(999) }), {
  maxLength: 120,
});

test('Signatures know who meets what, whoever and whatever came first', () => {
  const some = fc.record({
    agents: someAgents,
    serves: fc.array(someServes, { minLength: 2, maxLength: 2 }),
    requirements: fc.array(someRequirement, { minLength: 4, maxLength: 4 }),
    order: someOrder,
  });
  const property = fc.property(some, ({ agents, serves, requirements, order }) => {
    const signatures = new Signatures();
    const present = new Map<AgentId, AgentSignature>();
    const profileOf = (n: number): Profile => {
      const agent = agents[n];
      if (!agent) throw new Error('Cannot happen');
      const id = AGENTS[n] ?? AGENTS[0]!;
      const lists = QUEUES.filter((_, q) => {
        const list = serves[q];
        return list?.type === 'listed' && list.agents.includes(id);
      });
      return { agent, lists: new Set(lists) };
    };
    const asked = (n: number): Asked => ({
      queue: QUEUES[n % 2]!,
      serves: serves[n % 2]!,
      requirement: requirements[n >> 1] ?? {},
      objective: 60_000,
    });
    for (const { leaves, which } of order) {
      const n = which % AGENTS.length;
      const id = AGENTS[n]!;
      const there = present.get(id);
      if (there && leaves) {
        signatures.leave(there);
        present.delete(id);
      } else if (!there) {
        present.set(id, signatures.enter(profileOf(n)));
      }
      check(asked(which % 8), id, n);
    }

    function check(of: Asked, id: AgentId, n: number): void {
      const signature = signatures.of(of);
      const { agent } = profileOf(n);
      const { must, preferred } = of.requirement;
      const mine = present.get(id);
      const isMet = doesServe(id, agent, of.serves) && (!must || meets(agent, must));
      const isPreferred = isMet && preferred !== undefined && meets(agent, preferred);
      expect(mine && told(signature, mine)).toEqual(mine && { isMet, knows: isMet, isPreferred });
      const meeting = new Set(
        [...present.values()].filter((s) => signature.meeting.has(s.index)).map((s) => s.index),
      );
      expect(signature.present).toBe(meeting.size);
    }
  });
  fc.assert(property, { numRuns: 60 });
});

/** What is known of a pair. */
const told = (asked: RequirementSignature, agent: AgentSignature) => ({
  isMet: asked.meeting.has(agent.index),
  knows: agent.met.has(asked.index),
  isPreferred: asked.meeting.has(agent.index) && (asked.preferred?.has(agent.index) ?? false),
});

test('Signatures that nobody uses any more are forgotten, not kept for ever', () => {
  const signatures = new Signatures();
  const serves: Serves = { type: 'everyone' };
  const agentOf = (level: number) => ({
    roles: ['agent' as const],
    skills: { [SKILLS[0]!]: 1 + (level % 10), [SKILLS[1]!]: 1 + (Math.floor(level / 10) % 10) },
    attributes: { [SITE]: `site-${level}` },
  });
  let highest = 0;
  for (let n = 0; n < 2_000; n++) {
    const agent = signatures.enter({ agent: agentOf(n), lists: new Set() });
    const must: Expression = { type: 'attribute', attribute: SITE, values: [`site-${n}`] };
    const queue = QUEUES[0]!;
    const asked = signatures.of({ queue, serves, requirement: { must }, objective: n });
    signatures.use(asked);
    expect([asked.meeting.size, agent.met.has(asked.index)]).toEqual([1, true]);
    highest = Math.max(highest, agent.index, asked.index);
    signatures.leave(agent);
    signatures.release(asked);
  }
  expect(highest).toBeLessThan(150);
  expect(signatures.counts).toEqual({ agents: 0, requirements: 0 });
});

describe('Signatures.takeChanged()', () => {
  const anybody: Asked = {
    queue: QUEUES[0]!,
    serves: { type: 'everyone' },
    requirement: {},
    objective: 60_000,
  };
  const profile = (site: string): Profile => ({
    agent: { roles: ['agent'], skills: {}, attributes: { [SITE]: site } },
    lists: new Set(),
  });

  test('names what began or ceased to be met, but not where somebody was there before and is after', () => {
    const signatures = new Signatures();
    const asked = signatures.of(anybody);
    signatures.use(asked);
    const first = signatures.enter(profile('rome'));
    expect(signatures.takeChanged()).toEqual([asked]);
    signatures.leave(first);
    const second = signatures.enter(profile('york'));
    expect(signatures.takeChanged()).toEqual([]);
    signatures.leave(second);
    expect(signatures.takeChanged()).toEqual([asked]);
  });

  test('keeps nothing of what nobody asks for any more, however long nobody takes it', () => {
    const signatures = new Signatures();
    for (let n = 0; n < 2_000; n++) {
      const asked = signatures.of({ ...anybody, objective: n });
      signatures.use(asked);
      signatures.leave(signatures.enter(profile('rome')));
      signatures.release(asked);
    }
    expect(signatures.takeChanged().length).toBeLessThan(150);
  });
});

test('skillOf() adds up the levels of all skills that work names', () => {
  const signatures = new Signatures();
  const [french, german, sales] = SKILLS as [SkillId, SkillId, SkillId];
  const agent = { roles: ['agent' as const], skills: { [french]: 7, [sales]: 2 }, attributes: {} };
  const mine = signatures.enter({ agent, lists: new Set() });
  const asked = signatures.of({
    queue: QUEUES[0]!,
    serves: { type: 'skilled', skills: { [french]: 3 } },
    requirement: { preferred: { type: 'any', of: [{ type: 'skill', skill: german, level: 1 }] } },
    objective: 60_000,
  });
  expect(skillOf(mine, asked)).toBe(7);
});
