/** The words of the `emcee` command. Every action loads its code when it is asked for. */
import { Command } from 'commander';
import { describeFailure, messageOf } from '#base/failure.ts';
import type { ComponentDefinitions } from '#platform/component.ts';
import type { BackupCommandOptions } from './backup.ts';
import type { IssueOptions } from './cert.ts';
import type { Context } from './context.ts';
import type { ExplainOptions } from './explain.ts';
import type { MailOptions } from './mail.ts';
import type { CommonOptions } from './options.ts';
import { collect, withCommonOptions } from './options.ts';
import type { ReplayOptions } from './replay.ts';
import type { SettingsOptions } from './settings.ts';
import type { StartOptions } from './start.ts';
import type { TraceOptions } from './trace.ts';
import type { AddUserOptions } from './user.ts';

/** What the commands share while one of them runs. */
interface Session {
  readonly components: ComponentDefinitions;
  /** The settings and the data directory that the options name. */
  readonly contextOf: (options: CommonOptions) => Promise<Context>;
  exitCode: number;
  /** True for a command whose purpose is not what it prints. */
  isServing: boolean;
}

/** Runs the command line and resolves with the exit code. */
export async function runCommandLine(
  words: readonly string[],
  components: ComponentDefinitions,
  version: string,
): Promise<number> {
  const session: Session = {
    components,
    contextOf: async (options) => (await import('./context.ts')).openContext(components, options),
    exitCode: 0,
    isServing: false,
  };
  const program = new Command('emcee')
    .description('The open, self-hosted multichannel contact centre.')
    .version(version)
    .showHelpAfterError('Run emcee --help for what there is.')
    .exitOverride();
  addStarting(program, session);
  addLooking(program, session);
  addMail(program, session);
  addPeople(program, session);
  addKeeping(program, session);
  addInstalling(program);

  // Whoever reads the output may have seen enough (`emcee trace | head`); a centre goes on all the same.
  process.stdout.on('error', () => {
    if (!session.isServing) process.exit(session.exitCode);
  });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    return isCommanderError(error) ? error.exitCode : complain(error);
  }
  return session.exitCode;
}

/** Those that run a centre. */
function addStarting(program: Command, session: Session): void {
  withCommonOptions(program.command('start'))
    .description('run the centre until Ctrl-C or SIGTERM; a second one forces')
    .option('--run <components>', 'only these, with commas; given again: a process each', collect)
    .option('--alone', 'in this very process, for platforms that restart what crashes')
    .action(async (options: StartOptions) => {
      const { start } = await import('./start.ts');
      session.isServing = true;
      session.exitCode = await start(options, session.components, process.argv[1] ?? '');
    });

  withCommonOptions(program.command('lab'))
    .description('run a sample centre to try things out, with the customer’s side of every channel')
    .action(async (options: StartOptions) => {
      const { start } = await import('./start.ts');
      session.isServing = true;
      const { labOptions } = await import('./lab.ts');
      session.exitCode = await start(
        labOptions(options),
        session.components,
        process.argv[1] ?? '',
      );
    });
}

/** Those that look and change nothing. */
function addLooking(program: Command, session: Session): void {
  withCommonOptions(program.command('doctor'))
    .description('say in plain words what is wrong and what to do')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const { printDoctor } = await import('./doctor.ts');
      session.exitCode = await printDoctor(
        await session.contextOf(options),
        session.components,
        options,
      );
    });

  withCommonOptions(program.command('settings'))
    .description('print the settings in force, and where each comes from')
    .argument('[prefix]', 'only those whose name begins so')
    .option('--all', 'those of every port, too')
    .option('--json', 'as JSON')
    .action(async (prefix: string | undefined, options: CommonOptions & SettingsOptions) => {
      const { printSettings } = await import('./settings.ts');
      printSettings((await session.contextOf(options)).settings, prefix, options);
    });

  withCommonOptions(program.command('ports'))
    .description('print every row of the port matrix, and whether it listens')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const { printPorts } = await import('./ports.ts');
      await printPorts(await session.contextOf(options), options);
    });

  program
    .command('contracts')
    .description('print the contracts of all components as JSON Schema')
    .argument('[name]', 'only this one')
    .action(async (name: string | undefined) => {
      const { printContracts } = await import('./contracts.ts');
      await printContracts(session.components, name);
    });

  withCommonOptions(program.command('trace'))
    .description('show what all components do, live until Ctrl-C')
    .option('--level <level>', 'this urgent or more: debug, info, warning, fault')
    .option('--component <names>', 'only these, with commas', collect)
    .option('--text <text>', 'only what has this somewhere in it')
    .option('--last <count>', 'begin with the newest so many (default 20)')
    .option('--from <time>', 'what was kept since then, instead of live')
    .option('--to <time>', 'and until then')
    .option('--json', 'as JSON lines')
    .action(async (options: CommonOptions & TraceOptions) => {
      const { followTrace } = await import('./trace.ts');
      await followTrace((await session.contextOf(options)).directory, options);
    });

  withCommonOptions(program.command('explain'))
    .description(
      'say why a work item went where it went, or why it waits, and why nobody else got it',
    )
    .argument('<work-item>', 'its id, as the board shows it')
    .option('--agent <agent>', 'why not this one?')
    .option('--offer <number>', 'only this offer')
    .option('--json', 'as JSON')
    .action(async (item: string, options: CommonOptions & ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      await explain((await session.contextOf(options)).directory, item, options);
    });

  withCommonOptions(program.command('replay'))
    .description(
      'decide a stretch of the past again: the same, as proof, or with a change, to compare',
    )
    .requiredOption('--from <time>', 'as 2026-01-31T12:00Z')
    .option('--to <time>', 'left out, now')
    .option('--change <file>', 'a configuration to try, as the control panel exports it')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & ReplayOptions) => {
      const { replay } = await import('./replay.ts');
      session.exitCode = await replay(await session.contextOf(options), options);
    });
}

/** Those that look after people. */
function addPeople(program: Command, session: Session): void {
  const user = program.command('user').description('people who may sign in');
  withCommonOptions(user.command('list'))
    .description('print them')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const { listUsers } = await import('./user.ts');
      await listUsers((await session.contextOf(options)).directory, options);
    });
  withCommonOptions(user.command('add'))
    .description('add one; asks for the password, or reads it from standard input')
    .argument('<login>')
    .option('--name <name>', 'what others see; left out, the login')
    .option('--email <address>')
    .option(
      '--role <role>',
      'agent, supervisor, administrator; may be given several times',
      collect,
    )
    .action(async (login: string, options: CommonOptions & AddUserOptions) => {
      const { addUser } = await import('./user.ts');
      await addUser((await session.contextOf(options)).directory, login, options);
    });
  withCommonOptions(user.command('set-password'))
    .description('give one a new password; asks for it, or reads it from standard input')
    .argument('<login>')
    .action(async (login: string, options: CommonOptions) => {
      const { setPassword } = await import('./user.ts');
      await setPassword((await session.contextOf(options)).directory, login);
    });
}

/** Those that ask the e-mail store. */
function addMail(program: Command, session: Session): void {
  const mail = program.command('mail').description('mailboxes and what is in them');
  withCommonOptions(mail.command('status'))
    .description('say how mailboxes fare')
    .option('--json', 'as JSON')
    .action(async (options: CommonOptions & MailOptions) => {
      const { mailStatus } = await import('./mail.ts');
      const { directory } = await session.contextOf(options);
      session.exitCode = await mailStatus(directory, options);
    });
  withCommonOptions(mail.command('check'))
    .description('compare what mail servers have with what is held here')
    .argument('[mailbox]', 'only this one')
    .option('--json', 'as JSON')
    .action(async (mailbox: string | undefined, options: CommonOptions & MailOptions) => {
      const { mailCheck } = await import('./mail.ts');
      const { directory } = await session.contextOf(options);
      session.exitCode = await mailCheck(directory, mailbox, options);
    });
}

/** Those that look after what is kept. */
function addKeeping(program: Command, session: Session): void {
  const cert = program.command('cert').description('certificates of the private authority');
  withCommonOptions(cert.command('list'))
    .description('print them, and when they end')
    .action(async (options: CommonOptions) => {
      const { listCertificates } = await import('./cert.ts');
      listCertificates((await session.contextOf(options)).directory);
    });
  withCommonOptions(cert.command('issue'))
    .description('make one for another machine')
    .argument('<role>', 'as what it speaks, as media-director')
    .option(
      '--host <name>',
      'a name or address it is reached by; may be given several times',
      collect,
    )
    .option('--out <folder>', 'where to write it')
    .action(async (role: string, options: CommonOptions & IssueOptions) => {
      const { issueCertificate } = await import('./cert.ts');
      const { directory } = await session.contextOf(options);
      await issueCertificate(directory, role, options);
    });
  withCommonOptions(cert.command('rotate'))
    .description('renew those of this machine')
    .argument('[role]', 'only this one')
    .action(async (role: string | undefined, options: CommonOptions) => {
      const { rotateCertificates } = await import('./cert.ts');
      await rotateCertificates((await session.contextOf(options)).directory, role);
    });

  const passphrase = [
    '--passphrase-file <file>',
    'where the passphrase is; left out, it is asked for, or read from standard input',
  ] as const;
  withCommonOptions(program.command('backup'))
    .description('write everything that is kept into one encrypted file; also while it runs')
    .argument('<file>')
    .option(...passphrase)
    .action(async (file: string, options: CommonOptions & BackupCommandOptions) => {
      const { backUp } = await import('./backup.ts');
      await backUp(await session.contextOf(options), file, options);
    });
  withCommonOptions(program.command('restore'))
    .description('bring a backup back, into an empty data directory or an empty database')
    .argument('<file>')
    .option(...passphrase)
    .action(async (file: string, options: CommonOptions & BackupCommandOptions) => {
      const { bringBack } = await import('./backup.ts');
      await bringBack(await session.contextOf(options), file, options);
    });
}

/** Those that change the machine. */
function addInstalling(program: Command): void {
  const service = program.command('service').description('run Emcee with the machine');
  withCommonOptions(service.command('install'))
    .description('write a systemd unit')
    .option('--user <name>', 'the account to run under (as root; else systemd makes one)')
    .option('--print', 'print the unit instead')
    .action(async (options: CommonOptions) => {
      const { installService } = await import('./service.ts');
      installService(options);
    });
}

function complain(error: unknown): number {
  // What begins so is a sentence for a person; anything else needs its causes to be understood.
  const words = messageOf(error);
  console.error(`emcee: ${words.startsWith('Cannot ') ? words : describeFailure(error)}`);
  return 1;
}

/** Commander has said what is wrong already; help that was asked for comes this way, too. */
const isCommanderError = (error: unknown): error is { exitCode: number } =>
  error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
