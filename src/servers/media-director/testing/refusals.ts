/** What rules refuse with. Only tests import this file. */
import { Refusal } from '#base/refusal.ts';

/** What went wrong, by its code; `done` where nothing did. */
export function codeOf(act: () => unknown): string {
  try {
    act();
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}
