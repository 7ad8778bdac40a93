import type { AgentId } from '../ids.ts';
import type { AuthorityMode } from './authority.ts';
import type {
  AgentAtSwitch,
  AgentCommand,
  CallCommand,
  SwitchCapabilities,
  SwitchDriver,
  SwitchEvent,
} from './driver.ts';
import { simSnapshot, simStep, simSwitch, type SimInput, type SimSwitch } from './sim.ts';

const AGENT_COMMANDS = ['interlock', 'restore', 'report'] as const;
const CALL_COMMANDS = {
  ours: ['connect', 'release'],
  'switch-acd': [],
  adjunct: ['route'],
} as const;

/** The switch `sim` as a driver, with the hand of the world on it. What happens is told at once. */
export class SimDriver implements SwitchDriver {
  readonly capabilities: SwitchCapabilities;
  readonly #followers = new Set<(event: SwitchEvent) => void>();
  #sim: SimSwitch;

  constructor(authority: AuthorityMode, agents: readonly AgentId[]) {
    this.#sim = simSwitch(authority, agents);
    const commands = new Set([...AGENT_COMMANDS, ...CALL_COMMANDS[authority]]);
    this.capabilities = { authority, commands };
  }

  get isUp(): boolean {
    return this.#sim.isUp;
  }

  send(command: AgentCommand | CallCommand): void {
    this.happens(command);
  }

  /** Something happens at the switch, or time passes there. */
  happens(input: SimInput): void {
    const { sim, events } = simStep(this.#sim, input);
    this.#sim = sim;
    for (const event of events) for (const told of this.#followers) told(event);
  }

  follow(told: (event: SwitchEvent) => void): Disposable {
    this.#followers.add(told);
    return { [Symbol.dispose]: () => void this.#followers.delete(told) };
  }

  snapshot(): Promise<readonly AgentAtSwitch[]> {
    return Promise.resolve(simSnapshot(this.#sim));
  }
}
