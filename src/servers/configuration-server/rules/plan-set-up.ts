import { administratorsOf } from '#domain/configuration/check.ts';
import type { Problem } from '#domain/configuration/problem.ts';
import { type DraftDocument, ORGANISATION } from '#domain/configuration/initial.ts';
import type { Changes, Invalid, Shelves } from './plan.ts';
import { planTogether } from './plan-together.ts';

export interface SetUp {
  readonly organisation: Readonly<Record<string, unknown>>;
  readonly documents: readonly DraftDocument[];
  /** The agents who get a password. */
  readonly agents: readonly string[];
}

/** Whether somebody can administer: the wizard has been through, or an import has taken its place. */
export const isSetUp = ({ configuration }: Shelves): boolean =>
  administratorsOf(configuration).length > 0;

/** Plans the wizard's end. */
export function planSetUp(
  shelves: Shelves,
  { organisation, documents, agents }: SetUp,
): Changes | Invalid {
  const problems: Problem[] = agents
    .filter((agent) => !documents.some(({ kind, id }) => kind === 'agent' && id === agent))
    .map((agent) => ({
      path: 'passwords',
      problem: `there is no agent "${agent}" among the documents`,
    }));
  if (!documents.some((document) => isAdministrator(document) && agents.includes(document.id))) {
    problems.push({ path: 'passwords', problem: 'no administrator has a password' });
  }
  const plan = planTogether(shelves, {
    documents: [{ kind: 'organisation', id: ORGANISATION, body: organisation }, ...documents],
    retireOthers: false,
  });
  if (plan.type === 'changes') return problems.length > 0 ? { type: 'invalid', problems } : plan;
  return { type: 'invalid', problems: [...plan.problems, ...problems] };
}

const isAdministrator = ({ kind, body }: DraftDocument): boolean =>
  kind === 'agent' && Array.isArray(body['roles']) && body['roles'].includes('administrator');
