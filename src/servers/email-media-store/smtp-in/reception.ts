/**
 * Mail servers deliver straight to us: RFC 5321 with STARTTLS, SIZE, 8BITMIME and SMTPUTF8. Nothing is relayed: an
 * address that is not ours is refused, whoever asks. A message is answered with 250 once it is kept, never before.
 */
import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes, seconds } from '#base/time.ts';
import { listenAt } from '#platform/doors/listen.ts';
import type { ForeignDoor, Shown } from '#platform/platform.ts';
import type { Place } from '#platform/ports/port-plan.ts';
import { portRow } from '#platform/ports/ports.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { inTime } from '../in-time.ts';
import { MessageTooLarge, contentOf, traceFields } from './content.ts';
import { Visits } from './visits.ts';

/** A message that a mail server hands over. */
export interface HandedMail {
  /** The address for reports of its delivery; '' where there shall be none: it is a report itself. */
  readonly mailFrom: string;
  /** Those that `accepts` said yes to, at least one; each as it was given. */
  readonly recipients: readonly string[];
  /** Who hands it over. */
  readonly remote: string;
  /**
   * Its bytes, with a `Return-Path` and a `Received` field of ours before them; once.
   *
   * @throws If the connection breaks, the message is too large or the sender too slow: keep nothing of it then.
   */
  readonly content: AsyncIterable<Uint8Array>;
  /** Aborts once nobody waits for the answer any more: keep nothing then, for the sender will come again. */
  readonly signal: AbortSignal;
}

export interface ReceptionOptions {
  readonly place: Place;
  /** The name we greet with. */
  readonly name: string;
  /** For STARTTLS; left out: it is not offered. */
  readonly shown?: Shown;
  /** The most bytes of a message. */
  readonly largest: number;
  /** Whether mail for this address comes to us. `later`: it cannot be told now. */
  accepts(address: string): Promise<'yes' | 'no' | 'later'>;
  /** Resolves once the message is durable. Where it rejects, the sender is asked to come again. */
  deliver(mail: HandedMail): Promise<void>;
  readonly clock: Clock;
  readonly trace: Trace;
  /** How many connections at once, in all (default 200) and from one address (default 20). */
  readonly connections?: number;
  readonly connectionsOfOne?: number;
}

/** Disposing it lets what is being handed over come to its end, for a few seconds. */
export interface Reception extends ForeignDoor {
  /** Shows another certificate to connections that come from now on. */
  renew(shown: Shown): void;
}

/** RFC 5321 §4.5.3.1.8 asks for a hundred at least. */
const RECIPIENTS = 100;
/** Between two commands, §4.5.3.2. */
const SILENCE: Milliseconds = minutes(5);
/** Senders wait ten minutes for the answer to a message (§4.5.3.2.6); one that came later would be given twice. */
const ANSWER: Milliseconds = minutes(5);
const GOODBYE: Milliseconds = seconds(5);

/** An answer to a command; `smtp-server` sends its code and words. */
class Answer extends Error {
  override readonly name = 'Answer';
  readonly responseCode: number;

  constructor(responseCode: number, words: string) {
    super(words);
    this.responseCode = responseCode;
  }
}

const LATER = 'Cannot take it now, come again later';

/** Opens the reception. @throws {DoorError} */
export async function openReception(options: ReceptionOptions): Promise<Reception> {
  const { place, name, shown, largest, clock, trace } = options;
  const connections = options.connections ?? 200;
  const visits = new Visits({ clock, ofOne: options.connectionsOfOne ?? 20 });
  const end = new AbortController();
  const sockets = new Map<string, Socket>();
  const server = new SMTPServer({
    name,
    banner: 'Emcee',
    ...(shown && { cert: shown.certificate, key: shown.key }),
    minVersion: 'TLSv1.2',
    disabledCommands: shown ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    hideENHANCEDSTATUSCODES: false,
    size: largest,
    rejectOversized: true,
    maxRecipients: RECIPIENTS,
    maxClients: connections,
    socketTimeout: SILENCE,
    closeTimeout: GOODBYE,
    disableReverseLookup: true,
    logger: false,
    onConnect(session, answer) {
      const socket = sockets.get(nameOf(session));
      const refusal = visits.begin(session, {
        heard: () => socket?.bytesRead ?? 0,
        close: () => void socket?.destroy(),
      });
      answer(refusal === undefined ? null : new Answer(421, refusal));
    },
    onMailFrom(_address, session, answer) {
      answer(visits.mayHandOver(session) ? null : new Answer(421, 'Too many messages at once'));
    },
    onRcptTo({ address }, _session, answer) {
      recipientAnswer(options, address).then(answer, (error: unknown) => {
        trace.fault('mail.reception-failed', error);
        answer(new Answer(451, LATER));
      });
    },
    onData(stream, session, answer) {
      visits.handsOver(session, stream);
      take(options, stream, session, end.signal).then(
        () => answer(null, 'It is kept'),
        (error: unknown) => {
          // Told by itself, or a break of the sender's
          if (!(error instanceof MessageTooLarge) && !stream.errored) {
            trace.fault('mail.reception-failed', error);
          }
          answer(new Answer(451, LATER));
        },
      );
    },
    onClose: (session) => visits.end(session),
  });
  server.on('error', () => undefined); // of one connection: a handshake that failed, a reset
  server.server.on('connection', (socket) => {
    const connection = nameOf(socket);
    sockets.set(connection, socket);
    socket.on('close', () => sockets.delete(connection));
  });
  const row = portRow('smtp-reception');
  const listener = await listenAt(row, place, server.server, connections + 50);
  return {
    address: listener.address,
    port: listener.port,
    renew: ({ certificate, key }) => server.updateSecureContext({ cert: certificate, key }),
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(resolve);
      await promise;
      end.abort(new Error('The reception closes'));
      await listener.close();
      visits[Symbol.dispose]();
    },
  };
}

/** A connection among all that there are now. */
const nameOf = ({ remoteAddress = '', remotePort = 0 }: FarEnd): string =>
  `${remoteAddress.replace(/^::ffff:/i, '').toLowerCase()} ${remotePort}`;

interface FarEnd {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
}

async function recipientAnswer(options: ReceptionOptions, address: string): Promise<Answer | null> {
  const accepted = await options.accepts(address);
  if (accepted === 'yes') return null;
  return accepted === 'no' ? new Answer(550, 'No such mailbox here') : new Answer(451, LATER);
}

async function take(
  options: ReceptionOptions,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  closing: AbortSignal,
): Promise<void> {
  const { mailFrom, rcptTo } = session.envelope;
  const over = new AbortController();
  const fields = traceFields(session, options.name, options.clock.now());
  const content = contentOf(stream, fields);
  const { promise: read, resolve } = Promise.withResolvers<void>();
  const delivered = options.deliver({
    mailFrom: mailFrom ? mailFrom.address : '',
    recipients: rcptTo.map(({ address }) => address),
    remote: session.remoteAddress,
    signal: AbortSignal.any([over.signal, closing]),
    content: ended(content, resolve),
  });
  delivered.catch(() => undefined).finally(resolve);
  await read;
  await inTime(delivered, {
    clock: options.clock,
    signal: closing,
    most: ANSWER,
    late: () => new Error('Keeping the message took too long'),
    cut: () => over.abort(new Error('The sender waits no longer')),
  });
  if (stream.sizeExceeded) throw new MessageTooLarge();
}

// The same bytes; tells when they have come to an end, good or bad.
async function* ended(
  content: AsyncIterable<Uint8Array>,
  tell: () => void,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* content;
  } finally {
    tell();
  }
}
