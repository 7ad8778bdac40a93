import type { Clock, Instant } from '#base/time.ts';
import type { Health } from '#platform/platform.ts';

/** From best to worst. */
export const HEALTH_STATES = ['good', 'degraded', 'bad'] as const;

export type HealthState = (typeof HEALTH_STATES)[number];

/** What one part of a component last said of itself. */
export interface PartHealth {
  readonly part: string;
  readonly state: HealthState;
  /** What is wrong and what to do, in one sentence; '' where all is well. */
  readonly detail: string;
  /** Since when it is in this state. */
  readonly since: Instant;
}

/** A component and its parts; its state is that of its worst part. */
export interface ComponentHealth {
  readonly component: string;
  readonly state: HealthState;
  readonly parts: readonly PartHealth[];
}

/** The health of everything that runs in this process. */
export interface HealthBoard {
  /** What `component` reports with. It counts as good until it reports something else. */
  of(component: string): Health;
  /** Every component, in the order in which they were first asked for. */
  components(): readonly ComponentHealth[];
  /** Called after every change of a state or its detail, until disposed. */
  onChange(listener: (changed: ComponentHealth) => void): Disposable;
}

/** The worst of `states`; good when there are none. */
export function worstOf(states: Iterable<HealthState>): HealthState {
  let worst = 0;
  for (const state of states) worst = Math.max(worst, HEALTH_STATES.indexOf(state));
  return HEALTH_STATES[worst] ?? 'bad';
}

/** Opens the board of a process. */
export function openHealthBoard(clock: Clock): HealthBoard {
  const components = new Map<string, Map<string, PartHealth>>();
  const listeners = new Set<(changed: ComponentHealth) => void>();

  const rollUp = (component: string): ComponentHealth => {
    const parts = [...(components.get(component)?.values() ?? [])];
    return { component, state: worstOf(parts.map((part) => part.state)), parts };
  };

  return {
    of(component) {
      const parts = components.get(component) ?? new Map<string, PartHealth>();
      components.set(component, parts);
      return {
        report(part, state, detail = '') {
          const before = parts.get(part);
          if (before?.state === state && before.detail === detail) return;
          const since = before?.state === state ? before.since : clock.now();
          parts.set(part, { part, state, detail, since });
          for (const listener of listeners) listener(rollUp(component));
        },
      };
    },
    components: () => [...components.keys()].map(rollUp),
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
