/** How urgent a trace entry is. `fault`: somebody must look. `warning`: it went on, but not as meant. */
export type TraceLevel = 'debug' | 'info' | 'warning' | 'fault';

/** One thing a component did. Never holds message content, card numbers, passwords or tokens. */
export interface TraceEntry {
  readonly at: number;
  readonly component: string;
  readonly instance: string;
  readonly level: TraceLevel;
  /** `subject.past-participle`, as `work-item.offered`. */
  readonly event: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** The failure's own words, its causes after it. */
  readonly cause?: string;
}

/** Where a component writes what it did. Writing never waits and never fails; what cannot be kept is counted. */
export interface Trace {
  debug(event: string, detail?: Readonly<Record<string, unknown>>): void;
  info(event: string, detail?: Readonly<Record<string, unknown>>): void;
  warning(event: string, detail?: Readonly<Record<string, unknown>>, cause?: unknown): void;
  fault(event: string, cause: unknown, detail?: Readonly<Record<string, unknown>>): void;
}
