/** `emcee start`: a parent that keeps its children running, or one of the children. */
import { COMPONENTS, isComponentName } from '#base/component-name.ts';
import type { ComponentName } from '#base/component-name.ts';
import { newId } from '#base/id.ts';
import { systemClock } from '#base/time.ts';
import type { ComponentDefinition, ComponentDefinitions } from '#platform/component.ts';
import { nearNames } from '#platform/settings/near-names.ts';
import { openTraces } from '#platform/trace/open-traces.ts';
import type { CommonOptions } from './options.ts';
import { commonArguments } from './options.ts';

export interface StartOptions extends CommonOptions {
  /** Each a list of components with commas, to run in a process of its own. Left out: all in one. */
  readonly run?: readonly string[];
  /** Runs the components in this very process, without a parent to start them again. */
  readonly alone?: boolean;
}

/** Runs until stopped; resolves with the exit code. `program` is what a child process runs. */
export async function start(
  options: StartOptions,
  components: ComponentDefinitions,
  program: string,
): Promise<number> {
  const groups = groupsOf(options.run, components);
  if (options.alone) {
    if (groups.length > 1) throw new Error('Cannot run several processes alone: give --run once');
    const { startAlone } = await import('./start-alone.ts');
    return startAlone(options, components, groups[0] ?? []);
  }
  const { runParent } = await import('#platform/processes/parent.ts');
  const traces = openTraces({ instance: newId(), clock: systemClock, output: process.stderr });
  process.title = 'emcee';
  return runParent({
    program,
    children: groups.map((group) => ({
      name: options.run ? group.join(',') : 'emcee',
      arguments: [
        'start',
        '--alone',
        ...(options.run ? ['--run', group.join(',')] : []),
        ...commonArguments(options),
      ],
    })),
    clock: systemClock,
    trace: traces.of('emcee'),
  });
}

/** The components of each process, in the order in which they start. */
function groupsOf(
  run: readonly string[] | undefined,
  components: ComponentDefinitions,
): ComponentName[][] {
  const all = [...components.keys()];
  if (!run) return [all];
  const groups = run.map((list) => list.split(',').map((name) => componentOf(name.trim())));
  for (const name of new Set(groups.flat())) refuseTooMany(name, groups, components.get(name));
  return groups.map((group) => all.filter((name) => group.includes(name)));
}

/** Copies of a component need processes of their own: those beside them would look for it there alone. */
function refuseTooMany(
  name: ComponentName,
  groups: readonly (readonly ComponentName[])[],
  { copies = 1 }: Pick<ComponentDefinition, 'copies'> = {},
): void {
  const those = groups.filter((group) => group.includes(name));
  const times = groups.flat().filter((each) => each === name).length;
  if (times === 1) return;
  if (copies === 1) {
    throw new Error(`Cannot run "${name}" twice in one installation: name it once`);
  }
  if (times > copies) {
    throw new Error(`Cannot run "${name}" ${times} times in one installation: ${copies} at most`);
  }
  if (those.some((group) => group.length > 1)) {
    throw new Error(`Cannot run "${name}" twice beside others: give each a --run of its own`);
  }
}

function componentOf(name: string): ComponentName {
  if (isComponentName(name)) return name;
  const [near] = nearNames(name, COMPONENTS);
  const advice = near ? `did you mean "${near}"?` : `there are ${COMPONENTS.join(', ')}`;
  throw new Error(`Cannot run "${name}": there is no such component; ${advice}`);
}
