import { hours, type Milliseconds } from '#base/time.ts';

/** A queue that the rules are tried on. */
export interface Setting {
  readonly agents: number;
  /** In erlangs. */
  readonly load: number;
  /** Mean patience in handling times; left out: nobody gives up. */
  readonly patience?: number;
  /**
   * How many customers it takes for an interval of 2 %, in millions, with some to spare. The more agents
   * and the nearer they are to their limit, the longer a crowd lasts and the more slowly a mean settles.
   */
  readonly millions: number;
}

/** Long, so that a millisecond is nothing beside it: the rules know no shorter time. */
export const HANDLING_TIME: Milliseconds = hours(3);

export const SETTINGS: readonly Setting[] = [
  { agents: 2, load: 1.2, millions: 1.3 },
  { agents: 5, load: 4, millions: 4.5 },
  { agents: 10, load: 8, millions: 5 },
  { agents: 20, load: 17, millions: 9 },
  { agents: 50, load: 45, millions: 18 },
  { agents: 100, load: 93, millions: 44 },
  { agents: 200, load: 190, millions: 95 },
  { agents: 500, load: 480, millions: 240 },
  { agents: 2, load: 1.8, patience: 2, millions: 0.5 },
  { agents: 5, load: 5, patience: 1, millions: 0.6 },
  { agents: 20, load: 22, patience: 2, millions: 1.3 },
  { agents: 50, load: 48, patience: 2, millions: 4 },
  { agents: 100, load: 100, patience: 1, millions: 5 },
  { agents: 200, load: 210, patience: 2, millions: 6.5 },
  { agents: 500, load: 500, patience: 0.5, millions: 21 },
  { agents: 500, load: 550, patience: 1, millions: 4.2 },
];
