/** A mail server that takes messages, defers or refuses them, hangs up or says nothing, as a test wishes. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What it says instead of 250; `hang-up` closes the connection, `silence` says nothing at all. */
export type Mood = 'takes' | 'hang-up' | 'silence' | `${4 | 5}${string}`;

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly message: string;
}

export class MoodySmtp implements AsyncDisposable {
  /** Messages that arrived whole, whatever it said then. */
  readonly mails: TakenMail[] = [];
  /** Envelopes' parameters, as `MAIL FROM` and `RCPT TO` brought them. */
  readonly parameters: Record<string, unknown>[] = [];
  connections = 0;
  /** What it says to a sender, to a recipient, and when a message has arrived. */
  sender: (address: string) => Mood = () => 'takes';
  recipient: (address: string) => Mood = () => 'takes';
  message: (mail: TakenMail) => Mood | Promise<Mood> = () => 'takes';
  readonly #server: SMTPServer;
  readonly #sockets = new Set<Socket>();

  private constructor(server: SMTPServer) {
    this.#server = server;
    server.server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Starts one on a port of the loopback address, by default a free one. */
  static async start(port = 0): Promise<MoodySmtp> {
    const server: SMTPServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      closeTimeout: 100,
      onMailFrom: ({ address, args }, _session, done) => {
        moody.parameters.push({ ...(typeof args === 'object' && args) });
        moody.#say(moody.sender(address), done);
      },
      onRcptTo: ({ address, args }, _session, done) => {
        moody.parameters.push({ ...(typeof args === 'object' && args) });
        moody.#say(moody.recipient(address), done);
      },
      onData(stream, { envelope }, done) {
        void (async () => {
          const bytes = Buffer.concat(await Array.fromAsync(stream));
          const mail: TakenMail = {
            from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
            to: envelope.rcptTo.map(({ address }) => address),
            message: bytes.toString('latin1'),
          };
          moody.mails.push(mail);
          moody.#say(await moody.message(mail), done);
        })().catch(() => undefined); // whoever sent it has gone
      },
    });
    const moody = new MoodySmtp(server);
    server.on('error', () => undefined); // whom it hung up on
    server.listen(port, '127.0.0.1');
    await once(server.server, 'listening');
    return moody;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  #say(mood: Mood, done: (error?: Error | null) => void): void {
    if (mood === 'takes') return done();
    if (mood === 'silence') return;
    if (mood === 'hang-up') return this.#hangUp();
    const [code = '', ...words] = mood.split(' ');
    done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }));
  }

  #hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hangUp();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
