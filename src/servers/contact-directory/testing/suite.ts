import type { OpenDirectory } from './asking.ts';
import { contactsSuite } from './contacts-suite.ts';
import { csvSuite } from './csv-suite.ts';

/** What every contact directory must keep: the same tests for the real one and its double. */
export function directorySuite(way: string, open: OpenDirectory): void {
  contactsSuite(way, open);
  csvSuite(way, open);
}
