/** The `emcee` command: the only file that knows every component. */
import type { ComponentName } from '#base/component-name.ts';
import { runCommandLine } from '#command-line/program.ts';
import type { ComponentDefinition } from '#platform/component.ts';
import { programVersion } from '#platform/installation/program.ts';

const components = new Map<ComponentName, ComponentDefinition>();

process.exitCode = await runCommandLine(process.argv.slice(2), components, programVersion);
