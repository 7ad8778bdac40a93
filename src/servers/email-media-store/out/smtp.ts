import { createTransport } from 'nodemailer';
import type { Readable } from 'node:stream';
import { messageOf } from '#base/failure.ts';
import { type Milliseconds, minutes, seconds } from '#base/time.ts';
import type { Sending } from '#domain/configuration/mail.ts';
import {
  connectionFailure,
  encryptionFailure,
  MailFailure,
  type MailPeer,
  protocolFailure,
  signInFailure,
  timeoutFailure,
} from '../mail-failure.ts';
import type { MailCredential } from '../mail-source.ts';

/** Microsoft 365 takes three at once from one mailbox, for whatever purpose. */
const CONNECTIONS = 2;
/** A server that is there greets within this. */
const CONNECT_WITHIN = seconds(20);
/** RFC 5321 §4.5.3.2.6: after the last byte a server may think so long; who hangs up earlier sends twice. */
const SILENCE = minutes(10);
/** Of what servers say, what people need of it. */
const SAID = 500;

export interface SmtpMessage {
  /** Of the envelope; '' for none. */
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly size: number;
  readonly raw: Readable;
  /** Names it in what servers report. */
  readonly envelopeId: string;
  /** What servers shall report; nothing for what no machine must answer. */
  readonly report: readonly ('FAILURE' | 'DELAY' | 'SUCCESS')[];
}

/** A recipient whom the server did not take. */
export interface RefusedRecipient {
  readonly address: string;
  readonly permanent: boolean;
  readonly said: string;
}

/** What came of one try. */
export type SmtpOutcome =
  | {
      readonly type: 'taken';
      readonly refused: readonly RefusedRecipient[];
      /** The server's own Message-ID, without angle brackets, where it replaces ours. */
      readonly messageId: string | undefined;
    }
  /** The server answered, and does not take this message. */
  | {
      readonly type: 'refused';
      readonly permanent: boolean;
      readonly said: string;
      readonly at: 'sender' | 'recipients' | 'message';
      readonly refused: readonly RefusedRecipient[];
    }
  /** No word about this message. `answered`: the server said so, so that it surely has not taken it. */
  | { readonly type: 'unreachable'; readonly failure: MailFailure; readonly answered: boolean };

/** Connections to one mailbox's server, opened when they are needed. Disposing them lets what is under way go on. */
export interface Smtp extends AsyncDisposable {
  /** Sends a message. Never rejects. `signal` ends it at once, whatever becomes of the message. */
  send(message: SmtpMessage, signal: AbortSignal): Promise<SmtpOutcome>;
  /** Signs in and leaves again. @returns What is wrong, if anything. */
  tryOut(): Promise<MailFailure | undefined>;
}

/** Left out of a mailbox's settings: what is usual for the protocol. */
export const SMTP_PORTS = { tls: 465, starttls: 587, none: 25 } as const;

export interface SmtpOptions {
  readonly send: Omit<Sending, 'signIn'>;
  /** Left out: the server asks nobody who they are. */
  readonly credential: MailCredential | undefined;
  /** How this machine calls itself. */
  readonly name?: string | undefined;
  /** Silence that ends a connection; a test has less of it. */
  readonly silence?: Milliseconds;
}

export function openSmtp({ send, credential, name, silence = SILENCE }: SmtpOptions): Smtp {
  const peer: MailPeer = {
    protocol: 'SMTP',
    host: send.host,
    port: send.port ?? SMTP_PORTS[send.security],
  };
  const user = credential?.user ?? '';
  const transport = createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    maxRequeues: 0, // one that is sent again is the outbox's to count
    host: peer.host,
    port: peer.port,
    secure: send.security === 'tls',
    requireTLS: send.security === 'starttls',
    ignoreTLS: send.security === 'none',
    name,
    connectionTimeout: CONNECT_WITHIN,
    greetingTimeout: CONNECT_WITHIN,
    dnsTimeout: CONNECT_WITHIN,
    socketTimeout: silence,
    maxResponseSize: 64 * 1024,
    tls: { minVersion: 'TLSv1.2', ...(send.authority !== '' && { ca: send.authority }) },
    ...(credential && { forceAuth: true, ...authentication(credential) }),
  });
  return {
    async send({ raw, sender, recipients, size, envelopeId, report }, signal) {
      try {
        const info = await transport.sendMail({
          raw,
          envelope: { from: sender || false, to: [...recipients], size },
          dsn: {
            ret: 'HDRS',
            envid: envelopeId,
            notify: report.length === 0 ? 'NEVER' : [...report],
          },
          signal,
        });
        return {
          type: 'taken',
          refused: refusedOf(info.rejectedErrors),
          messageId: info.serverMessageId?.replaceAll(/[<>]/g, ''),
        };
      } catch (error) {
        return outcomeOf(error, peer, user);
      }
    },
    async tryOut() {
      try {
        await transport.verify();
        return undefined;
      } catch (error) {
        const outcome = outcomeOf(error, peer, user);
        return outcome.type === 'unreachable'
          ? outcome.failure
          : protocolFailure(peer, outcome.said, error);
      }
    },
    async [Symbol.asyncDispose]() {
      transport.close();
    },
  };
}

/** By its own name nodemailer would take the first that the server offers instead. */
const BEARER = 'X-EMCEE-XOAUTH2';

function authentication(credential: MailCredential) {
  const { user } = credential;
  if (credential.type === 'password') return { auth: { user, pass: credential.password } };
  const { tokens } = credential;
  return {
    auth: { type: 'custom', method: BEARER, user, pass: '' },
    customAuth: {
      [BEARER]: async ({ sendCommand, resolve, reject }: CustomAuth): Promise<void> => {
        // One that is refused is tried once more as a new one: servers withdraw tokens before their time.
        for (let left = 1; ; left--) {
          const token = await tokens.token(AbortSignal.timeout(CONNECT_WITHIN));
          const words = `user=${user}\u0001auth=Bearer ${token}\u0001\u0001`;
          const first = await sendCommand(`AUTH XOAUTH2 ${Buffer.from(words).toString('base64')}`);
          // 334 carries why not; the server says its last word once that has been heard
          const last = first.status === 334 ? await sendCommand('') : first;
          if (last.status >= 200 && last.status < 300) return resolve();
          tokens.refused(token);
          if (left === 0) return reject(new Error(last.response));
        }
      },
    },
  };
}

interface CustomAuth {
  readonly sendCommand: (
    command: string,
  ) => Promise<{ readonly status: number; readonly response: string }>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What nodemailer throws. */
interface SmtpFailure {
  readonly code?: string;
  /** The system's, where `code` is nodemailer's. */
  readonly originalCode?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
  readonly rejectedErrors?: readonly (SmtpFailure & { readonly recipient?: string })[];
}

const detailsOf = (error: unknown): SmtpFailure => (isFailure(error) ? error : {});
const isFailure = (error: unknown): error is SmtpFailure => error instanceof Error;

function outcomeOf(
  error: unknown,
  peer: MailPeer,
  user: string,
): Exclude<SmtpOutcome, { type: 'taken' }> {
  const failure = detailsOf(error);
  const { code, responseCode = 0, command = '' } = failure;
  // 421 closes the connection and 530 asks for a sign-in: both are about us, not about the message
  const isOfMessage =
    (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== 421 && responseCode !== 530;
  if (isOfMessage) {
    return {
      type: 'refused',
      // without an answer it cannot go over this wire at all, as one larger than the server takes
      permanent: responseCode === 0 || responseCode >= 500,
      said: saidOf(error),
      at: command === 'MAIL FROM' ? 'sender' : command === 'RCPT TO' ? 'recipients' : 'message',
      refused: refusedOf(failure.rejectedErrors),
    };
  }
  const answered = responseCode > 0;
  return { type: 'unreachable', answered, failure: failureOf(error, peer, user) };
}

function failureOf(error: unknown, peer: MailPeer, user: string): MailFailure {
  if (error instanceof MailFailure) return error;
  const { code, responseCode = 0 } = detailsOf(error);
  const isPermanent = responseCode >= 500;
  if (isPermanent && (code === 'EAUTH' || responseCode === 530)) {
    return signInFailure(peer, user, saidOf(error));
  }
  if (code === 'ETLS' && responseCode > 0) return encryptionFailure(peer, 'STARTTLS');
  if (code === 'ETIMEDOUT' || code === 'EABORT') {
    return timeoutFailure(peer, 'did not answer in time', error);
  }
  if (responseCode > 0 || code === 'EPROTOCOL') return protocolFailure(peer, saidOf(error), error);
  const { originalCode = codeOfTrust(error) } = detailsOf(error);
  return connectionFailure(
    originalCode === undefined
      ? error
      : Object.assign(new Error(messageOf(error)), { code: originalCode }),
    peer,
  );
}

/** OpenSSL's words for a certificate that is not believed, which nodemailer leaves without their code. */
function codeOfTrust(error: unknown): string | undefined {
  const words = messageOf(error);
  if (/self[- ]signed|issuer certificate|first certificate/.test(words)) return 'CERT_UNTRUSTED';
  return /altnames|has expired|not yet valid/.test(words) ? 'CERT_HAS_EXPIRED' : undefined;
}

const refusedOf = (errors: SmtpFailure['rejectedErrors']): RefusedRecipient[] =>
  (errors ?? []).map((error) => ({
    address: error.recipient ?? '',
    permanent: (error.responseCode ?? 0) >= 500,
    said: saidOf(error),
  }));

/** What the server said, else what went wrong, as one line. */
function saidOf(error: unknown): string {
  const words = detailsOf(error).response ?? messageOf(error);
  return words
    .replaceAll(/[\p{Cc}\p{Zs}]+/gu, ' ')
    .trim()
    .slice(0, SAID);
}
