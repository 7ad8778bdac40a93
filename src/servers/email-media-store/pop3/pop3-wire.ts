/** Lines and bodies over one connection, read only as fast as they are asked for. */
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { MailSecurity } from '#domain/configuration/mail.ts';
import { protocolFailure } from '../mail-failure.ts';
import type { MailPeer } from '../mail-failure.ts';
import { BODY_START, decodeBody } from './body.ts';

/** RFC 2449 §4 allows 512; real servers say more when they refuse. */
const LONGEST_LINE = 8_192;
const LF = 10;

export interface Pop3Place {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** PEM; '': those that the world trusts. */
  readonly authority: string;
}

export class Pop3Wire {
  readonly #place: Pop3Place;
  readonly #peer: MailPeer;
  #socket: Socket;
  /** What has come and is not read yet. */
  #held: Buffer = Buffer.alloc(0);
  #received = 0;

  /** Begins to connect; the first line waits for it. */
  constructor(place: Pop3Place, peer: MailPeer) {
    this.#place = place;
    this.#peer = peer;
    const { host, port } = place;
    this.#socket = place.security === 'tls' ? connectTls(this.#tls()) : connect({ host, port });
    this.#socket.on('error', ignore);
  }

  /** Bytes that have come so far. */
  get received(): number {
    return this.#received;
  }

  /** Goes on inside TLS. @throws {MailFailure} If anything was said before it: it could pass for what came within. */
  async encrypt(): Promise<void> {
    if (this.#held.length > 0 || this.#socket.read() !== null) {
      throw protocolFailure(this.#peer, 'it says something between STLS and TLS');
    }
    const inner = connectTls({ ...this.#tls(), socket: this.#socket });
    inner.on('error', ignore);
    this.#socket = inner;
    await once(inner, 'secureConnect');
  }

  write(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  /** The next line, without its end. @throws {MailFailure} If there is no end to it. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf(LF);
      if (end > LONGEST_LINE || (end < 0 && this.#held.length > LONGEST_LINE)) {
        throw protocolFailure(this.#peer, 'a line has no end');
      }
      if (end >= 0) {
        const line = this.#held.toString('latin1', 0, end);
        this.#held = this.#held.subarray(end + 1);
        return line.endsWith('\r') ? line.slice(0, -1) : line;
      }
      this.#held = Buffer.concat([this.#held, await this.#more()]);
    }
  }

  /**
   * An answer of more than one line. Read it to its end: what follows is the next answer.
   *
   * @yields Its bytes, as they come.
   */
  async *body(): AsyncGenerator<Buffer, void> {
    let state = BODY_START;
    let chunk = this.#held;
    this.#held = Buffer.alloc(0);
    for (;;) {
      const decoded = decodeBody(state, chunk);
      if (decoded.rest) this.#held = decoded.rest;
      yield* decoded.pieces;
      if (decoded.rest) return;
      ({ state } = decoded);
      chunk = await this.#more();
    }
  }

  /** Breaks the connection off; whoever waits for it learns so. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Says what was written to its end, and leaves. */
  end(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  /** What comes next. @throws What broke the connection. */
  async #more(): Promise<Buffer> {
    for (;;) {
      const chunk: Buffer | null = this.#socket.read();
      if (chunk) {
        this.#received += chunk.length;
        return chunk;
      }
      const { errored, readableEnded, destroyed } = this.#socket;
      if (errored) throw errored;
      if (readableEnded || destroyed) throw new Error('the server closed it');
      await readable(this.#socket);
    }
  }

  #tls(): {
    readonly host: string;
    readonly port: number;
    readonly servername?: string;
    readonly ca?: string;
    readonly minVersion: 'TLSv1.2';
  } {
    const { host, port, authority } = this.#place;
    return {
      host,
      port,
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 && { servername: host }),
      ...(authority !== '' && { ca: authority }),
    };
  }
}

/** Whoever reads learns of errors from the stream itself. */
const ignore = (): void => undefined;

/** Resolves when there is something to read, or never will be again. */
async function readable(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ['readable', 'end', 'close'] as const;
  const happened = (): void => resolve();
  for (const event of events) socket.on(event, happened);
  await promise;
  for (const event of events) socket.off(event, happened);
}
