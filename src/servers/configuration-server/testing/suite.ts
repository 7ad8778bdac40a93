import type { OpenConfiguration } from './asking.ts';
import { credentialsSuite } from './credentials-suite.ts';
import { documentsSuite } from './documents-suite.ts';
import { settingsSuite } from './settings-suite.ts';

/** What every configuration server must keep: the same tests for the real one and its double. */
export function configurationSuite(way: string, open: OpenConfiguration): void {
  documentsSuite(way, open);
  credentialsSuite(way, open);
  settingsSuite(way, open);
}
