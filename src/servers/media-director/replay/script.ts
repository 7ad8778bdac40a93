/** What the world does in a stretch of the journal, whoever the director gives its work to. */
import type { Instant, Milliseconds } from '#base/time.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { CodeId, QueueId, WorkItemId } from '#domain/ids.ts';
import type { Command } from '../rules/command.ts';

/** Something that happens at its time, whatever was decided before. */
export type Happening =
  | { readonly type: 'command'; readonly at: Instant; readonly command: Command }
  | {
      readonly type: 'configuration';
      readonly at: Instant;
      readonly documents: readonly StoredDocument[];
    };

/** How it goes with a work item, as far as that is its own and its customer's; what is unknown is missing. */
export interface Course {
  readonly queue: QueueId;
  /** From the offer that was accepted to its acceptance. */
  acceptsAfter?: Milliseconds;
  /** How long agents had it, all their parts together. */
  handling?: Milliseconds;
  /** The handling goes on when the stretch ends: it is at least so long. */
  isUnended?: boolean;
  wrapUp?: Milliseconds;
  code?: CodeId | undefined;
  /** How long it waits before it leaves unanswered, and whether its customer went or it was taken out. */
  leaves?: { readonly after: Milliseconds; readonly how: 'abandons' | 'taken-out' };
}

/** What is usual in a queue, for what is not known of a work item: medians. */
export interface Usual {
  readonly acceptsAfter: Milliseconds;
  readonly handling: Milliseconds;
  readonly wrapUp: Milliseconds;
}

export interface Script {
  /** In order of time. */
  readonly happenings: readonly Happening[];
  /** By the item that came in first, where overflow made others of it. */
  readonly courses: ReadonlyMap<WorkItemId, Course>;
  readonly usual: (queue: QueueId | undefined) => Usual;
  /** Whether any handling was seen from beginning to end. */
  readonly isHandlingKnown: boolean;
}

/** Where nobody was ever answered: an agent looks up, helps for a while, and takes a breath. */
const GUESS: Usual = { acceptsAfter: 5_000, handling: 240_000, wrapUp: 0 };

/** The medians of all courses, per queue; a queue without any goes by the whole centre. */
export function usualOf(courses: Iterable<Course>): Pick<Script, 'usual' | 'isHandlingKnown'> {
  const known = [...courses].filter((course) => !course.isUnended);
  const median = (of: keyof Usual, among: readonly Course[]): number | undefined => {
    const values = among.flatMap((course) => course[of] ?? []).toSorted((a, b) => a - b);
    return values[values.length >> 1];
  };
  const usual = (among: readonly Course[], otherwise: Usual): Usual => ({
    acceptsAfter: median('acceptsAfter', among) ?? otherwise.acceptsAfter,
    handling: median('handling', among) ?? otherwise.handling,
    wrapUp: median('wrapUp', among) ?? otherwise.wrapUp,
  });
  const ofAll = usual(known, GUESS);
  const perQueue = new Map(
    [...Map.groupBy(known, (course) => course.queue)].map(
      ([queue, among]) => [queue, usual(among, ofAll)] as const,
    ),
  );
  return {
    usual: (queue) => (queue && perQueue.get(queue)) ?? ofAll,
    isHandlingKnown: known.some(({ handling }) => handling !== undefined),
  };
}
