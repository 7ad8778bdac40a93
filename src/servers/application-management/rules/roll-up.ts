import type { Application, HealthState } from '../contract.ts';

const ORDER: readonly HealthState[] = ['good', 'degraded', 'bad'];

/** The worst of some states; good where there are none. */
export const worstOf = (states: readonly HealthState[]): HealthState =>
  ORDER[Math.max(0, ...states.map((state) => ORDER.indexOf(state)))] ?? 'good';

/**
 * How well the whole is: the worst of its parts. A component without a running copy is bad; a lost copy
 * that has a successor is nothing any more.
 */
export function rollUp(applications: readonly Application[]): {
  readonly state: HealthState;
  /** `component: sentence`, worst first. */
  readonly problems: string[];
} {
  const running = new Set(
    applications.filter(({ state }) => state !== 'gone').map(({ component }) => component),
  );
  const found: { readonly state: HealthState; readonly problem: string }[] = [];
  for (const { component, state, parts, renewedAt } of applications) {
    if (state === 'gone') {
      if (running.has(component)) continue;
      const since = new Date(renewedAt).toISOString();
      const problem = `${component}: no sign of life since ${since}; see whether it runs`;
      found.push({ state: 'bad', problem });
      continue;
    }
    for (const { part, state, detail } of parts) {
      if (state === 'good') continue;
      found.push({ state, problem: `${component}: ${detail ?? `"${part}" is ${state}`}` });
    }
  }
  return {
    state: worstOf(found.map(({ state }) => state)),
    problems: found
      .toSorted((a, b) => ORDER.indexOf(b.state) - ORDER.indexOf(a.state))
      .map(({ problem }) => problem),
  };
}
