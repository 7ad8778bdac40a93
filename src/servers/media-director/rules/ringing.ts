/** Whether anything can ring at an agent: somebody is there, and one thing rings at a time. */
import type { AgentId } from '#domain/ids.ts';
import type { AgentFacts } from './agent-facts.ts';
import { isRung } from './availability.ts';
import { refuse, type Refused } from './plan.ts';

/** That nobody is there, where it is so. */
export const away = (agent: AgentId, isPresent: boolean): Refused | undefined =>
  isPresent
    ? undefined
    : refuse('away', `Cannot reach agent "${agent}": their browser is gone`, { agent });

/** That something rings there already, where it is so. */
export const ringsAlready = (agent: AgentId, facts: AgentFacts): Refused | undefined =>
  isRung(facts)
    ? refuse('rings', `Cannot ring at agent "${agent}": something rings there already`, { agent })
    : undefined;
