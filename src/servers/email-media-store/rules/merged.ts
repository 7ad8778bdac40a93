import type { Head, Kept, Thread } from '../thread.ts';
import { MOST_PARTICIPANTS } from '../thread.ts';

/** What a conversation is once another has gone on in it: its own, and of the other what it lacked. */
export function joined(
  into: Pick<Thread, 'head' | 'kept'>,
  from: Pick<Thread, 'head' | 'kept'>,
): { head: Partial<Head>; kept: Partial<Kept> } {
  const { contact, language } = from.head;
  const wroteAt = Math.max(into.kept.customerWroteAt ?? 0, from.kept.customerWroteAt ?? 0);
  return {
    head: {
      ...(into.head.contact === undefined && contact && { contact }),
      ...(into.head.language === undefined && language !== undefined && { language }),
    },
    kept: {
      participants: union(into.kept.participants, from.kept.participants).slice(
        0,
        MOST_PARTICIPANTS,
      ),
      threadRoots: union(into.kept.threadRoots, from.kept.threadRoots),
      reopened: [...into.kept.reopened, ...from.kept.reopened].toSorted((a, b) => a - b),
      ...(wroteAt > 0 && { customerWroteAt: wroteAt }),
    },
  };
}

const union = (some: readonly string[], others: readonly string[]): string[] => [
  ...new Set([...some, ...others]),
];
