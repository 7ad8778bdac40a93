/** How mailboxes fare, their secrets, and what is at their servers: for administrators. */
import { messageOf } from '#base/failure.ts';
import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Mailbox, MailSignIn, Sending } from '#domain/configuration/mail.ts';
import { showsSecrets } from '#domain/configuration/check-mail.ts';
import { takesAllMail } from '#domain/entry-point/choose-mail-entry.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Collector } from './collector/collector.ts';
import type { Collectors } from './collector/collectors.ts';
import type { Credentials } from './credentials.ts';
import type { emailMediaStore } from './contract.ts';
import type { MailboxHealth } from './contract/mailboxes.ts';
import type { Intake } from './intake.ts';
import { MailFailure } from './mail-failure.ts';
import type { MailCredential } from './mail-source.ts';
import { openMailSource } from './open-mail-source.ts';
import type { Reconciling } from './reconcile/reconciling.ts';
import type { Secrets } from './secrets.ts';
import type { ReceivedCounts } from './tables/received-counts.ts';
import type { ReceivedTables } from './tables/received-tables.ts';
import type { SecretUse } from './tables/secret-tables.ts';

type Methods = Pick<
  Implementation<typeof emailMediaStore>['methods'],
  | 'mailboxes'
  | 'setSecret'
  | 'forgetSecrets'
  | 'secrets'
  | 'tryOut'
  | 'lookNow'
  | 'check'
  | 'checks'
  | 'reimport'
>;

/** What others know of a mailbox: filing of what it holds back, sending of what has not left. */
export interface MailboxFigures {
  readonly quarantined: number;
  readonly unsent: number;
  readonly failed: number;
  readonly storm?: MailboxHealth['storm'];
}

export interface MailboxMethodsParts {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly collectors: Collectors;
  readonly credentials: Credentials;
  readonly secrets: Secrets;
  readonly received: ReceivedTables;
  readonly counts: ReceivedCounts;
  readonly reconciling: Reconciling;
  readonly intake: Intake;
  /** Why nothing leaves a mailbox, where that is so. */
  readonly problemSending: (mailbox: MailboxId) => string | undefined;
  readonly figures: (now: Instant) => Promise<ReadonlyMap<MailboxId, MailboxFigures>>;
  /** Signs in at a server that takes mail, and leaves again. @throws {MailFailure} */
  readonly trySending: (
    sending: Sending,
    credential: MailCredential | undefined,
    signal: AbortSignal,
  ) => Promise<void>;
}

const TRY_PATIENCE = seconds(20);
const CHECK_PATIENCE = seconds(60);
const REIMPORT_PATIENCE = seconds(240);

const NONE: MailboxFigures = { quarantined: 0, unsent: 0, failed: 0 };

export function mailboxMethods(parts: MailboxMethodsParts): Methods {
  const { clock, configuration, collectors, secrets, received, reconciling, intake } = parts;

  const known = (mailbox: MailboxId): Mailbox => {
    const settings = configuration.get('mailbox', mailbox);
    if (!settings) throw new Refusal('unknown-mailbox', 'There is no such mailbox', { mailbox });
    return settings;
  };
  const collectorOf = (mailbox: MailboxId): Collector => {
    known(mailbox);
    const collector = collectors.of(mailbox);
    if (!collector)
      throw unreachable('Its mail is not fetched: it is switched off, or is brought by servers');
    return collector;
  };

  const unrouted = (mailbox: MailboxId): string | undefined => {
    const { address, aliases } = known(mailbox);
    const addresses = [address, ...aliases];
    const isRouted = takesAllMail({ mailbox, addresses }, configuration.all('entry-point'));
    return isRouted ? undefined : UNROUTED;
  };

  return {
    async mailboxes() {
      const now = clock.now();
      const counts = await parts.counts.mailboxes(now - (now % DAY));
      const figures = await parts.figures(now);
      return {
        mailboxes: [...configuration.all('mailbox').keys()]
          .toSorted()
          .map((mailbox): MailboxHealth => {
            const { fetched = 0, unreadable = 0, unfiled = 0 } = counts.get(mailbox) ?? {};
            const { backlog, ...collecting } = collectors.status(mailbox);
            const {
              problem = notFiled(unfiled) ?? parts.problemSending(mailbox) ?? unrouted(mailbox),
            } = collecting;
            const status = { ...collecting, problem };
            return {
              mailbox,
              ...withoutNothing(status),
              state: status.state,
              alarm: status.alarm || unfiled > 0,
              ...(backlog === undefined ? {} : { backlog }),
              fetchedToday: fetched,
              unreadable,
              unfiled,
              ...(figures.get(mailbox) ?? NONE),
            };
          }),
      };
    },

    async setSecret({ mailbox, use, kind, secret, by }) {
      await secrets.set({ mailbox, use, kind }, secret, by);
      return {};
    },

    async forgetSecrets({ mailbox, use }) {
      await secrets.forget(mailbox, use);
      return {};
    },

    async secrets({ mailbox }) {
      return { secrets: await secrets.of(mailbox) };
    },

    async tryOut({ mailbox, receive, send, receiveSecret, sendSecret }) {
      const signal = AbortSignal.timeout(TRY_PATIENCE);
      const credentialOf = (
        use: SecretUse,
        server: Sending & { readonly signIn: MailSignIn },
        secret?: string,
      ): Promise<MailCredential> | MailCredential => {
        const { signIn } = server;
        if (showsSecrets(server)) throw new MailFailure(PLAIN);
        if (secret !== undefined) return parts.credentials.tried(signIn, secret);
        const settings = mailbox && configuration.get('mailbox', mailbox);
        if (!mailbox || !isSameServer(server, settings?.[use])) throw new MailFailure(NOT_FOR_THIS);
        return parts.credentials.of(mailbox, use, signIn);
      };
      const receiving =
        receive && (receive.type === 'imap' || receive.type === 'pop3') ? receive : undefined;
      const [received, sent] = await Promise.all([
        receiving &&
          tried(async () => {
            const credential = await credentialOf('receive', receiving, receiveSecret);
            await using source = await openMailSource(receiving, { credential, clock, signal });
            const { keys } = await source.list(signal);
            return `Signed in; ${keys.length === 1 ? 'one message is' : `${keys.length} messages are`} there`;
          }),
        send &&
          tried(async () => {
            const { signIn } = send;
            const credential =
              signIn && (await credentialOf('send', { ...send, signIn }, sendSecret));
            await parts.trySending(send, credential, signal);
            return signIn ? 'Signed in; it takes mail' : 'It takes mail';
          }),
      ]);
      return { ...(received ? { receive: received } : {}), ...(sent ? { send: sent } : {}) };
    },

    async lookNow({ mailbox }) {
      known(mailbox);
      collectors.of(mailbox)?.lookNow();
      return {};
    },

    async check({ mailbox }) {
      const { enabled, receive } = known(mailbox);
      if (isBrought({ enabled, receive })) return { check: await reconciling.count(mailbox) };
      collectorOf(mailbox);
      const signal = AbortSignal.timeout(CHECK_PATIENCE);
      return { check: await reconciling.check(mailbox, signal).catch(refuse) };
    },

    async checks() {
      const brought = [...configuration.all('mailbox')].flatMap(([mailbox, settings]) =>
        isBrought(settings) ? [reconciling.count(mailbox)] : [],
      );
      const compared = await reconciling.checks();
      const counted = await Promise.all(brought);
      const isCounted = new Set(counted.map(({ mailbox }) => mailbox));
      return {
        checks: [...compared.filter(({ mailbox }) => !isCounted.has(mailbox)), ...counted],
      };
    },

    async reimport({ mailbox, keys }) {
      const collector = collectorOf(mailbox);
      const signal = AbortSignal.timeout(REIMPORT_PATIENCE);
      const fresh = await collector.fetchAgain(keys, signal).catch(refuse);
      await intake.settled(signal).catch(() => undefined); // what is not filed by now will be
      return { filed: await received.done(fresh.map(({ id }) => id)) };
    },
  };
}

/** Mail servers bring its mail by themselves: there is nobody to ask what they have. */
const isBrought = ({ enabled, receive }: Pick<Mailbox, 'enabled' | 'receive'>): boolean =>
  enabled && receive.type === 'smtp';

const DAY = 86_400_000;

const UNROUTED =
  'No entry point takes all of its mail: what fits none waits in quarantine. Add one with its address.';

function notFiled(count: number): string | undefined {
  if (count === 0) return undefined;
  const many = count === 1 ? 'A message is' : `${count} messages are`;
  return `${many} held here and could not be filed, so nobody sees it: it is tried again, and the trace says why`;
}

const PLAIN = {
  kind: 'permanent',
  reason: 'authentication-refused',
  what: 'Without encryption everybody on the way could read the password',
  advice: 'Choose TLS or STARTTLS; without encryption we sign in at a server on this machine only.',
} as const;

const NOT_FOR_THIS = {
  kind: 'permanent',
  reason: 'authentication-refused',
  what: 'What is kept was given for the server and the user that are saved',
  advice: 'Type the password or the secret to try another.',
} as const;

/** A kept secret is shown to nobody but the server it is kept for: it would be whoever answers there. */
function isSameServer(tried: Sending, kept: Mailbox['receive'] | Mailbox['send']): boolean {
  if (!kept || !('host' in kept)) return false;
  const of = ({ host, port, security, authority, signIn }: Sending): string =>
    JSON.stringify([host.toLowerCase(), port, security, authority, signIn]);
  return of(tried) === of(kept);
}

const unreachable = (problem: string): Refusal => new Refusal('unreachable', problem, { problem });

function refuse(error: unknown): never {
  if (error instanceof MailFailure) throw unreachable(`${error.what}. ${error.advice}`);
  if (error instanceof Error && error.name === 'TimeoutError') {
    throw unreachable('Its server did not answer in time');
  }
  throw error;
}

async function tried(attempt: () => Promise<string>): Promise<{ good: boolean; said: string }> {
  try {
    return { good: true, said: await attempt() };
  } catch (error) {
    if (error instanceof MailFailure)
      return { good: false, said: `${error.what}. ${error.advice}` };
    if (error instanceof Error && error.name === 'TimeoutError') {
      return { good: false, said: 'Its server did not answer in time' };
    }
    return { good: false, said: messageOf(error) };
  }
}

function withoutNothing({
  problem,
  lookedAt,
  next,
}: {
  readonly problem: string | undefined;
  readonly lookedAt: Instant | undefined;
  readonly next: Instant | undefined;
}): Pick<MailboxHealth, 'problem' | 'lookedAt' | 'next'> {
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(lookedAt === undefined ? {} : { lookedAt }),
    ...(next === undefined ? {} : { next }),
  };
}
