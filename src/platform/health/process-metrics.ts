import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { HealthBoard } from './health-board.ts';
import { HEALTH_STATES } from './health-board.ts';

/**
 * The Prometheus registry of a process: memory, processor time, event loop and garbage collection of the
 * process, and `emcee_health` for every component (0 good, 1 degraded, 2 bad). Components add their own
 * under `emcee_<component>_`.
 */
export function openProcessMetrics(instance: string, health: HealthBoard): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ instance });
  collectDefaultMetrics({ register: registry });
  const gauge = new Gauge({
    name: 'emcee_health',
    help: 'How a component is: 0 good, 1 degraded, 2 bad.',
    labelNames: ['component'],
    registers: [registry],
    collect() {
      for (const { component, state } of health.components()) {
        gauge.set({ component }, HEALTH_STATES.indexOf(state));
      }
    },
  });
  return registry;
}
