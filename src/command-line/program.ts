/** The words of the `emcee` command. Every action loads its code when it is asked for. */
import { Command } from 'commander';
import { describeFailure, messageOf } from '#base/failure.ts';
import type { ComponentDefinitions } from '#platform/component.ts';
import type { CommonOptions } from './context.ts';
import { openContext, withCommonOptions } from './context.ts';
import type { SettingsOptions } from './settings.ts';

/** Errors whose message is meant for a person as it stands. */
const PLAIN_ERRORS = new Set(['SettingsError', 'DataDirectoryError', 'Refusal']);

/** Runs the command line and resolves with the exit code. */
export async function runCommandLine(
  words: readonly string[],
  components: ComponentDefinitions,
  version: string,
): Promise<number> {
  let exitCode = 0;
  const program = new Command('emcee')
    .description('The open, self-hosted multichannel contact centre.')
    .version(version)
    .showHelpAfterError('Run emcee --help for what there is.')
    .exitOverride();

  withCommonOptions(program.command('settings'))
    .description('print the settings in force, and where each comes from')
    .argument('[prefix]', 'only those whose name begins so')
    .option('--all', 'those of every port, too')
    .option('--json', 'as JSON')
    .action(async (prefix: string | undefined, options: CommonOptions & SettingsOptions) => {
      const { printSettings } = await import('./settings.ts');
      printSettings((await openContext(components, options)).settings, prefix, options);
    });

  withCommonOptions(program.command('ports'))
    .description('print every row of the port matrix, and whether it listens')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const { printPorts } = await import('./ports.ts');
      await printPorts(await openContext(components, options), options);
    });

  program
    .command('contracts')
    .description('print the contracts of all components as JSON Schema')
    .argument('[name]', 'only this one')
    .action(async (name: string | undefined) => {
      const { printContracts } = await import('./contracts.ts');
      await printContracts(components, name);
    });

  const service = program.command('service').description('run Emcee with the machine');
  withCommonOptions(service.command('install'))
    .description('write a systemd unit')
    .option('--user <name>', 'the account to run under (as root; else systemd makes one)')
    .option('--print', 'print the unit instead')
    .action(async (options: CommonOptions) => {
      const { installService } = await import('./service.ts');
      installService(options);
    });

  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    exitCode = isCommanderError(error) ? error.exitCode : complain(error);
  }
  return exitCode;
}

function complain(error: unknown): number {
  const isPlain = error instanceof Error && PLAIN_ERRORS.has(error.name);
  console.error(`emcee: ${isPlain ? messageOf(error) : describeFailure(error)}`);
  return 1;
}

/** Commander has said what is wrong already; help that was asked for comes this way, too. */
const isCommanderError = (error: unknown): error is { exitCode: number } =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
