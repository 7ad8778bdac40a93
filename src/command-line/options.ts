/** The options of every command. Loads nothing else: the parent process stays small by that. */
import type { Command } from 'commander';

export interface CommonOptions {
  readonly set?: readonly string[];
  readonly data?: string;
}

/** For an option that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  value,
];

/** Adds `--data` and `--set` to a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data <directory>', 'the data directory (also EMCEE_DATA)')
    .option('--set <name=value>', 'override a setting; may be given several times', collect);
}

/** The common options as arguments again, for a child process. */
export function commonArguments(options: CommonOptions): string[] {
  return [
    ...(options.data === undefined ? [] : ['--data', options.data]),
    ...(options.set ?? []).flatMap((flag) => ['--set', flag]),
  ];
}
