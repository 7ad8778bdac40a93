import type { Milliseconds } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Serves } from '#domain/configuration/documents.ts';
import { AgentId, type QueueId, type SkillId } from '#domain/ids.ts';
import { meets } from '#domain/requirement/meets.ts';
import type { Expression, Requirement } from '#domain/requirement/requirement.ts';
import { BitSet } from './bit-set.ts';
import { skillsIn } from './requirements.ts';
import { SignatureMaps, type Profile } from './signature-maps.ts';

/** All agents whom no requirement tells apart. */
export interface AgentSignature extends Profile {
  readonly index: number;
  readonly key: string;
  /** How many of them are logged in. */
  users: number;
  /** The requirement signatures that they meet. */
  readonly met: BitSet;
}

/** What work asks for: who serves its queue, what the item asks beside that, and how soon. */
export interface Asked {
  readonly queue: QueueId;
  readonly serves: Serves;
  readonly requirement: Requirement;
  /** Within which time it is meant to be served: what is of one objective stands in one order at any time. */
  readonly objective: Milliseconds;
}

/** All work that the same agents can take. */
export interface RequirementSignature extends Asked {
  readonly index: number;
  readonly key: string;
  /** How many waiting items ask for it, or wait until somebody meets it. */
  users: number;
  /** The agent signatures that meet it. */
  readonly meeting: BitSet;
  /** Of them, those that meet what is preferred; nothing where nothing is. */
  readonly preferred: BitSet | undefined;
  /** How many agent signatures with anybody logged in meet it. */
  present: number;
  /** The skills that it names. */
  readonly skills: readonly SkillId[];
}

/** Signatures that nobody uses are kept for so many others, and up to as many as are in use: they come back. */
const SPARE = 64;

const NONE: readonly never[] = [];

/** Signatures of one kind: each once, as long as it is used and for a while longer. */
class Register<S extends { readonly index: number; readonly key: string; users: number }> {
  readonly byKey = new Map<string, S>();
  readonly byIndex: (S | undefined)[] = [];
  readonly #unused = new Set<S>();
  readonly #gaps: number[] = [];
  readonly #forget: (signature: S) => void;

  constructor(forget: (signature: S) => void) {
    this.#forget = forget;
  }

  /** How many are in use. */
  get size(): number {
    return this.byKey.size - this.#unused.size;
  }

  intern(key: string, make: (index: number) => S): S {
    const known = this.byKey.get(key);
    if (known) return known;
    const made = make(this.#gaps.pop() ?? this.byIndex.length);
    this.byKey.set(key, made);
    this.byIndex[made.index] = made;
    this.#unused.add(made);
    this.#sweep();
    return made;
  }

  use(signature: S): void {
    if (signature.users++ === 0) this.#unused.delete(signature);
  }

  release(signature: S): void {
    if (--signature.users > 0) return;
    this.#unused.add(signature);
    this.#sweep();
  }

  /** Half of them at once, the longest unused: each costs little, and none is freed and made in turn. */
  #sweep(): void {
    if (this.#unused.size <= SPARE + this.size) return;
    let left = this.#unused.size >> 1;
    for (const signature of this.#unused) {
      if (left-- === 0) break;
      this.#unused.delete(signature);
      this.byKey.delete(signature.key);
      this.byIndex[signature.index] = undefined;
      this.#gaps.push(signature.index);
      this.#forget(signature);
    }
  }
}

/**
 * Who can do what, by signatures: each pair of an agent signature and a requirement signature is looked
 * at once, when the later of the two appears, and never again while both are known.
 */
export class Signatures {
  readonly #maps = new SignatureMaps();
  readonly #agents = new Register<AgentSignature>((signature) => this.#forgetAgent(signature));
  readonly #requirements = new Register<RequirementSignature>((signature) =>
    this.#forgetRequirement(signature),
  );
  readonly #known = new WeakMap<Serves, WeakMap<Requirement, RequirementSignature>>();
  /** Requirements that began or ceased to be met since the last look, and whether anybody met them before. */
  readonly #changed = new Map<RequirementSignature, boolean>();

  /** How many of each kind are in use. */
  get counts(): { readonly agents: number; readonly requirements: number } {
    return { agents: this.#agents.size, requirements: this.#requirements.size };
  }

  /** An agent with this profile logs in. */
  enter(profile: Profile): AgentSignature {
    const key = keyOfProfile(profile);
    const signature = this.#agents.intern(key, (index) => this.#newAgent(index, key, profile));
    this.#agents.use(signature);
    if (signature.users === 1) {
      this.#eachMet(signature, (requirement) => {
        if (requirement.present++ > 0) return;
        // whoever met it is back, or another: it is as if nobody had left
        if (this.#changed.get(requirement)) this.#changed.delete(requirement);
        else this.#changed.set(requirement, false);
      });
    }
    return signature;
  }

  /** One of the agents with this signature logs out. */
  leave(signature: AgentSignature): void {
    if (signature.users === 1) {
      this.#eachMet(signature, (requirement) => {
        if (--requirement.present > 0 || this.#changed.has(requirement)) return;
        this.#changed.set(requirement, true);
      });
    }
    this.#agents.release(signature);
  }

  /** The signature of what is asked for; good until the next one is asked for, unless it is in use. */
  of(asked: Asked): RequirementSignature {
    // The same objects nearly always: they are documents' own.
    const known = this.#known.get(asked.serves)?.get(asked.requirement);
    const isSame = known?.objective === asked.objective;
    if (isSame && this.#requirements.byIndex[known.index] === known) return known;
    const key = keyOfAsked(asked);
    const made = this.#requirements.intern(key, (index) => this.#newRequirement(index, key, asked));
    let ofServes = this.#known.get(asked.serves);
    if (!ofServes) this.#known.set(asked.serves, (ofServes = new WeakMap()));
    ofServes.set(asked.requirement, made);
    return made;
  }

  use(signature: RequirementSignature): void {
    this.#requirements.use(signature);
  }

  release(signature: RequirementSignature): void {
    this.#requirements.release(signature);
  }

  requirement(index: number): RequirementSignature | undefined {
    return this.#requirements.byIndex[index];
  }

  agent(index: number): AgentSignature | undefined {
    return this.#agents.byIndex[index];
  }

  /** The requirements that began or ceased to be met by anybody who is logged in, since the last call. */
  takeChanged(): readonly RequirementSignature[] {
    if (this.#changed.size === 0) return NONE;
    const changed = [...this.#changed.keys()];
    this.#changed.clear();
    return changed;
  }

  #newAgent(index: number, key: string, { agent, lists }: Profile): AgentSignature {
    const { roles, skills, attributes } = agent;
    const profile = { agent: { roles, skills, attributes }, lists };
    const signature: AgentSignature = { ...profile, index, key, users: 0, met: new BitSet() };
    this.#maps.add(index, signature);
    for (const requirement of this.#requirements.byIndex) {
      if (!requirement || !isMetBy(requirement, signature)) continue;
      requirement.meeting.add(index);
      signature.met.add(requirement.index);
      const { preferred } = requirement.requirement;
      if (preferred && meets(agent, preferred)) requirement.preferred?.add(index);
    }
    return signature;
  }

  #newRequirement(index: number, key: string, asked: Asked): RequirementSignature {
    const { queue, serves, requirement } = asked;
    const { must, preferred } = requirement;
    const meeting = this.#maps.serving(queue, serves);
    if (must) meeting.keep(this.#maps.meeting(must));
    let present = 0;
    meeting.each((agent) => {
      const signature = this.#agents.byIndex[agent];
      signature?.met.add(index);
      if (signature && signature.users > 0) present++;
    });
    return {
      ...asked,
      index,
      key,
      users: 0,
      meeting,
      preferred: preferred && this.#maps.meeting(preferred),
      present,
      skills: [...new Set([...skillsOf(serves), ...skillsOfAll([must, preferred])])],
    };
  }

  #forgetAgent(signature: AgentSignature): void {
    this.#maps.delete(signature.index, signature);
    for (const requirement of this.#requirements.byIndex) {
      requirement?.meeting.delete(signature.index);
      requirement?.preferred?.delete(signature.index);
    }
  }

  #forgetRequirement(signature: RequirementSignature): void {
    const { index, meeting } = signature;
    this.#changed.delete(signature); // nothing waits that asks for it
    meeting.each((agent) => this.#agents.byIndex[agent]?.met.delete(index));
  }

  #eachMet(signature: AgentSignature, visit: (requirement: RequirementSignature) => void): void {
    signature.met.each((index) => {
      const requirement = this.#requirements.byIndex[index];
      if (requirement) visit(requirement);
    });
  }
}

/** The sum of an agent's levels in the skills that work names. */
export const skillOf = (profile: Profile | undefined, { skills }: RequirementSignature): number =>
  skills.reduce((sum, skill) => sum + (profile?.agent.skills[skill] ?? 0), 0);

/** Lists are asked by the signature itself; whose it is does not matter for the rest. */
const ANYBODY = AgentId.parse('anybody');

function isMetBy({ queue, serves, requirement }: Asked, { agent, lists }: Profile): boolean {
  const isServed = serves.type === 'listed' ? lists.has(queue) : isServing(agent, serves);
  return isServed && (requirement.must === undefined || meets(agent, requirement.must));
}

const isServing = (agent: Profile['agent'], serves: Serves): boolean =>
  doesServe(ANYBODY, agent, serves);

const skillsOfAll = (expressions: readonly (Expression | undefined)[]): SkillId[] =>
  expressions.flatMap((expression) => (expression ? skillsIn(expression) : []));

function skillsOf(serves: Serves): SkillId[] {
  if (serves.type === 'skilled') return Object.keys(serves.skills) as SkillId[];
  return serves.type === 'matching' ? skillsIn(serves.must) : [];
}

function keyOfProfile({ agent: { roles, skills, attributes }, lists }: Profile): string {
  const isAgent = roles.includes('agent');
  return JSON.stringify([isAgent, inOrder(skills), inOrder(attributes), [...lists].toSorted()]);
}

const inOrder = (entries: object): unknown[] =>
  Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Both parts are documents' own objects nearly always: their texts are made once. */
function keyOfAsked({ queue, serves, requirement, objective }: Asked): string {
  const who = serves.type === 'listed' ? `listed ${queue}` : textOf(serves);
  return `${objective} ${who} ${textOf(requirement)}`;
}

const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}
