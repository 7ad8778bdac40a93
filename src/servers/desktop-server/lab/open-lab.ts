import { messageOf } from '#base/failure.ts';
import { Refusal } from '#base/refusal.ts';
import { SAMPLE_MAILBOX } from '#domain/configuration/sample.ts';
import type { Platform } from '#platform/platform.ts';
import type { LabApi } from '../api/lab.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Rooms } from '../rooms.ts';
import { POST_OFFICE_HOST, PostOffice } from './post-office.ts';

/** Where the e-mail store takes what mail servers bring, by its row in the port matrix. */
const RECEPTION = 'smtp-reception';

export interface LabParts {
  readonly rooms: Pick<Rooms, 'applications' | 'configuration'>;
  readonly configuration: ConfigurationFeed;
  readonly platform: Pick<Platform, 'clock' | 'trace'>;
}

export interface Lab extends AsyncDisposable {
  readonly handlers: Handlers<LabApi>;
}

/**
 * Opens the customers' post office. The sample mailbox sends by it from then on, at whatever port it has this time,
 * unless somebody gave the mailbox another server.
 */
export async function openLab({ rooms, configuration, platform }: LabParts): Promise<Lab> {
  const { clock, trace } = platform;
  await using life = new AsyncDisposableStack();
  const office = life.use(await PostOffice.open(clock));
  const link = (): Promise<void> => linkMailbox(rooms, configuration, office.port);
  // where that fails it is tried again before the next letter
  const linkSoon = (): void =>
    void link().catch((error: unknown) => trace.fault('lab.mailbox-not-linked', error));
  life.use(
    configuration.onChange(({ kind, id }) => {
      if (configuration.isLoaded && kind === 'mailbox' && id === SAMPLE_MAILBOX) linkSoon();
    }),
  );
  void configuration.loaded().then(linkSoon);
  const handlers: Handlers<LabApi> = {
    letters: () => ({ letters: [...office.letters] }),
    async writeLetter({ body: { name, address, to, subject, text, answers } }) {
      await link();
      const door = await receptionOf(rooms);
      const letter = { from: { name, address }, to: { name: '', address: to }, subject, text };
      try {
        await office.send({ ...letter, answers }, door);
      } catch (error) {
        throw new Refusal('unreachable', `The centre does not take it: ${messageOf(error)}`);
      }
      return {};
    },
  };
  const opened = life.move();
  return { handlers, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

async function linkMailbox(
  rooms: LabParts['rooms'],
  configuration: ConfigurationFeed,
  port: number,
): Promise<void> {
  const mailbox = configuration.current.get('mailbox', SAMPLE_MAILBOX);
  const { host, port: linked } = mailbox?.send ?? { host: POST_OFFICE_HOST };
  if (!mailbox || host !== POST_OFFICE_HOST || linked === port) return;
  const { document } = await rooms.configuration.call.put({
    kind: 'mailbox',
    id: SAMPLE_MAILBOX,
    body: { ...mailbox, send: { host, port, security: 'none' } },
    expected: configuration.revisionOf('mailbox', SAMPLE_MAILBOX),
    by: 'system',
  });
  configuration.take(document);
}

/** @throws {Refusal} `busy` where no mail can come in. */
async function receptionOf({
  applications,
}: LabParts['rooms']): Promise<{ host: string; port: number }> {
  const { addresses } = await applications.call.find({ component: 'email-media-store' });
  const reception = addresses.find(({ row }) => row === RECEPTION);
  if (!reception) throw new Refusal('busy', `Mail cannot come in: "${RECEPTION}" is not open`);
  const { hostname, port } = new URL(reception.url);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
}
