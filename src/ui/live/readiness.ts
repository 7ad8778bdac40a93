import type { Readiness } from '#domain/agent/state.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { Tone } from '../state-dot.tsx';

const RESERVED: Readonly<Record<string, string>> = {
  'logged-in': 'Just logged in',
  'no-answer': 'Did not answer',
  vanished: 'Browser gone',
  'device-error': 'Device failed',
};

/** What people call it: "Ready", or the reason of not being so. */
export function readinessName(configuration: Configuration, readiness: Readiness): string {
  if (readiness.state === 'ready') return 'Ready';
  return RESERVED[readiness.reason] ?? configuration.nameOf('code', readiness.reason);
}

/** The colour of an agent's state; `contacts` is how many they have now. */
export function toneOf(status: AgentStatus, contacts = 0): Tone {
  if (!status.present) return 'away';
  if (contacts > 0 || status.wrapUps.length > 0) return 'busy';
  return status.readiness.state === 'ready' ? 'ready' : 'not-ready';
}
