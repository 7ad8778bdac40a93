import type { ComponentName } from '#base/component-name.ts';
import type { ContractDefinition } from '#base/contract.ts';
import type { HealthBoard } from './health/health-board.ts';
import type { Opened } from './installation/address-file.ts';
import type { Platform, Running } from './platform.ts';
import type { SettingsSchema } from './settings/settings.ts';

/** What the program must know of a component to run it; `main.ts` holds one for each. */
export interface ComponentDefinition {
  /** Loads its code and starts it. */
  readonly start: (platform: Platform) => Promise<Running>;
  /** Whether it keeps anything in the database: it then starts once that answers. */
  readonly keepsData: boolean;
  /**
   * How many copies may run on one data directory, each in a process of its own (default 1): they agree
   * among themselves which of them works, and the others stand by.
   */
  readonly copies?: number;
  /** Loads its settings; left out where it has none. */
  readonly settings?: () => Promise<SettingsSchema>;
  /** Loads the contracts it serves; left out where it serves none. */
  readonly contracts?: () => Promise<readonly ContractDefinition[]>;
}

/** Every component, in the order in which they start within one process. They stop in the reverse order. */
export type ComponentDefinitions = ReadonlyMap<ComponentName, ComponentDefinition>;

/** A component that runs, as others must know it. */
export interface Member {
  readonly platform: Platform;
  /** The rows it has opened. */
  opened(): readonly Opened[];
  /** Its health, and that of the others in its process. */
  readonly health: HealthBoard;
}
