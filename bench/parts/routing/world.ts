/** A large centre for the routing bench: seeded, so that every run decides the same. */
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentOrder } from '#domain/configuration/routing.ts';
import type {
  AgentId,
  AttributeId,
  Channel,
  ConversationId,
  InteractionId,
  QueueId,
  SkillId,
  WorkItemId,
} from '#domain/ids.ts';
import type { Expression, RequirementSteps } from '#domain/requirement/requirement.ts';
import type { Submission } from '#servers/media-director/contract.ts';

/** How much of everything there is. */
export interface Size {
  readonly agents: number;
  readonly queues: number;
  readonly waiting: number;
}

/** Numbers from 0 to 1, always the same for a seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SKILLS = 200;
const SITES = ['athens', 'berlin', 'cork', 'delft', 'essen', 'faro', 'ghent', 'hull'];
const CHANNELS: readonly Channel[] = ['web-chat', 'email', 'sms', 'task'];
const ORDERS: readonly AgentOrder[] = [
  'longest-idle',
  'longest-idle',
  'least-occupied',
  'most-skilled',
  'most-spare-capacity',
  'round-robin',
];
const OBJECTIVES = [20_000, 60_000, 300_000, 3_600_000];

/** Agents of this many skills each: who knows little more than one would often have nothing to do. */
const SKILLS_OF_AGENT = 12;

export class World {
  readonly size: Size;
  readonly chance: () => number;
  readonly agents: readonly AgentId[];
  readonly #variants: readonly (readonly RequirementSteps[])[];
  #ids = 0;

  constructor(size: Size, seed: number) {
    this.size = size;
    this.chance = seeded(seed);
    this.agents = Array.from({ length: size.agents }, (_, n) => `agent-${n}` as AgentId);
    this.#variants = Array.from({ length: size.queues }, () => this.#variantsOfQueue());
  }

  below(end: number): number {
    return Math.floor(this.chance() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  /** Ids as UUIDs of version 7, in rising order. */
  id(): string {
    const hex = (++this.#ids).toString(16).padStart(12, '0');
    return `00000000-0000-7000-8000-${hex}`;
  }

  documents(): StoredDocument[] {
    let revision = 0;
    const stored = (kind: StoredDocument['kind'], id: string, body: object): StoredDocument => ({
      kind,
      id,
      revision: ++revision,
      retired: false,
      body: { name: id, ...body },
    });
    return [
      ...this.agents.map((id) => stored('agent', id, this.#agent(id))),
      ...this.#variants.map((_, n) => stored('queue', queueId(n), this.#queue())),
    ];
  }

  /** Work for one of the queues: a third asks for no more than its queue, the rest for this or that. */
  submission(enteredAt: number): Submission {
    const queue = this.below(this.size.queues);
    const variant = this.below(3);
    return {
      id: this.id() as WorkItemId,
      conversation: this.id() as ConversationId,
      interaction: this.id() as InteractionId,
      channel: this.pick(CHANNELS),
      queue: queueId(queue),
      priority: this.chance() < 0.2 ? this.below(10) : undefined,
      enteredAt: enteredAt - this.below(600_000),
      requirements: this.#variants[queue]?.[variant],
      preferredAgent: this.chance() < 0.05 ? this.pick(this.agents) : undefined,
    };
  }

  #agent(id: AgentId): object {
    const skills = Array.from({ length: SKILLS_OF_AGENT }, () => [this.#skill(), this.#level()]);
    return {
      login: id,
      roles: ['agent'],
      skills: Object.fromEntries(skills),
      attributes: { site: this.pick(SITES) },
      capacity: this.#capacity(),
    };
  }

  #queue(): object {
    const kind = this.chance();
    const one = { type: 'skill', skill: this.#skill(), level: 1 + this.below(3) } as const;
    const other = { type: 'skill', skill: this.#skill(), level: 1 } as const;
    const serves =
      kind < 0.6
        ? { type: 'skilled', skills: { [one.skill]: one.level } }
        : kind < 0.9
          ? { type: 'matching', must: { type: 'any', of: [one, other] } }
          : { type: 'listed', agents: Array.from({ length: 60 }, () => this.pick(this.agents)) };
    return {
      serves,
      tier: this.chance() < 0.05 ? 4 : 5,
      priority: 5,
      agentOrder: this.pick(ORDERS),
      serviceObjective: this.pick(OBJECTIVES),
      serviceLevel: { threshold: 20_000, target: 80 },
    };
  }

  /** Two media each. */
  #capacity(): object {
    const first = this.below(CHANNELS.length);
    const other = (first + 1 + this.below(CHANNELS.length - 1)) % CHANNELS.length;
    return { [CHANNELS[first] ?? '']: 2, [CHANNELS[other] ?? '']: 3 };
  }

  /** What work for a queue may ask for beside that: this; or that at first, and less of it after a while. */
  #variantsOfQueue(): RequirementSteps[] {
    const [one, other] = [this.#asked(), this.#asked()];
    const { must, preferred } = other;
    const less = { must: { type: 'any', of: [must, one.must] } as Expression, preferred };
    return [
      [{ after: 0, requirement: one }],
      [
        { after: 0, requirement: other },
        { after: 120_000, requirement: less },
      ],
    ];
  }

  #asked(): { must: Expression; preferred: Expression } {
    const site: Expression = {
      type: 'attribute',
      attribute: 'site' as AttributeId,
      values: [this.pick(SITES), this.pick(SITES), this.pick(SITES)],
    };
    const skills = Array.from({ length: 3 }, (): Expression => ({
      type: 'skill',
      skill: this.#skill() as SkillId,
      level: this.#level(),
    }));
    return {
      must: { type: 'any', of: [site, ...skills] },
      preferred: { type: 'at-least', count: 1, of: skills },
    };
  }

  #skill(): string {
    return `skill-${this.below(SKILLS)}`;
  }

  #level(): number {
    return 1 + this.below(10);
  }
}

const queueId = (n: number): QueueId => `queue-${n}` as QueueId;
