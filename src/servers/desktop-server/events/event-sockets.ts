import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Counter, Gauge } from 'prom-client';
import { WebSocketServer } from 'ws';
import { CallFailure } from '#base/call-failure.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { Platform } from '#platform/platform.ts';
import type { ConfigurationFeed } from '../configuration-feed.ts';
import { refuseUpgrade } from '../http/gate.ts';
import type { Admission } from '../sessions/admission.ts';
import type { Identity, Proof } from '../sessions/identity.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { viewerOf } from '../rules/visibility.ts';
import { CLOSE, EventClient } from './event-client.ts';
import type { EventHub } from './event-hub.ts';
import { Limiter } from '../http/limiter.ts';
import type { Caller } from '../rules/caller.ts';

/** Clients say what they want to follow, and that is all. */
const FRAME_BYTES = 16 * 1024;
/** A client that does not answer for so long is gone. */
const PING_EVERY = seconds(5);
const SILENCE = seconds(15);
/** How often it is asked again whether a session still holds. */
const CHECK_EVERY = seconds(60);
/** Sockets of one person or program: a browser has one per tab. */
const MOST_PER_CALLER = 50;
/** Each `follow` may cost a snapshot, which weighs as many requests. */
const FOLLOW_WEIGHS = 20;

export interface EventSocketsOptions {
  readonly platform: Platform;
  readonly hub: EventHub;
  readonly identity: Identity;
  readonly sessions: Sessions;
  readonly configuration: ConfigurationFeed;
  readonly admission: Admission;
  readonly requestsPerSecond: number;
}

interface Held {
  readonly proof: Proof;
  readonly by: string;
  heardAt: number;
  readonly release: DisposableStack;
}

/** Lets clients in at the event socket, and out again when they are silent or their session has ended. */
export class EventSockets implements AsyncDisposable {
  readonly #options: EventSocketsOptions;
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #held = new Map<EventClient, Held>();
  readonly #follows: Limiter;
  readonly #cutOff: Counter;
  #timers: Disposable[] = [];
  #checking: Promise<void> | undefined;
  #checkAgain = false;
  #isOver = false;

  constructor(options: EventSocketsOptions) {
    const { metrics, clock } = options.platform;
    this.#options = options;
    const burst = options.requestsPerSecond;
    this.#follows = new Limiter({ burst, every: (seconds(1) * FOLLOW_WEIGHS) / burst }, clock);
    this.#cutOff = new Counter({
      name: 'emcee_desktop_server_event_sockets_ended_total',
      help: 'Event sockets that this server ended, by reason.',
      labelNames: ['reason'],
      registers: [metrics],
    });
    const held = this.#held;
    void new Gauge({
      name: 'emcee_desktop_server_event_sockets',
      help: 'Event sockets open now.',
      registers: [metrics],
      collect() {
        this.set(held.size);
      },
    });
    this.#every(0, PING_EVERY, () => this.#ping());
    this.#every(1, CHECK_EVERY, () => this.recheck());
  }

  /** Takes a request to upgrade; answers what is not allowed with the status that says why. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    void this.#upgrade(request, socket, head).catch((error: unknown) => refuse(socket, error));
  }

  /** Asks of everybody whether they still may, and what: roles, queues or skills may have changed. */
  recheck(): void {
    this.#checkAgain = true;
    this.#checking ??= this.#recheckAll().finally(() => (this.#checking = undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers) timer[Symbol.dispose]();
    for (const client of this.#held.keys()) client.end(CLOSE.restart, 'the server restarts');
    await this.#checking;
    this.#server.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { proof, caller } = await this.#admit(request);
    if (this.#isOver || socket.destroyed) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const viewer = viewerOf(caller, this.#options.configuration.current);
      const client = new EventClient(opened, socket, viewer, {
        frame: (from, frame) => this.#hear(from, frame),
        closed: (from, reason) => this.#release(from, reason),
      });
      this.#hold(client, proof, caller);
    });
  }

  async #admit(request: IncomingMessage): Promise<{ proof: Proof; caller: Caller }> {
    const { proof, caller } = await this.#options.admission.admit(request, true);
    if (!proof || !caller) throw new Refusal('not-signed-in', 'Sign in first');
    const already = this.#held.values().filter(({ by }) => by === caller.by);
    if (already.toArray().length >= MOST_PER_CALLER) {
      throw new Refusal('too-many-requests', 'Too many event sockets are open');
    }
    return { proof, caller };
  }

  #hold(client: EventClient, proof: Proof, caller: Caller): void {
    const { clock } = this.#options.platform;
    const held: Held = {
      proof,
      by: caller.by,
      heardAt: clock.monotonic(),
      release: new DisposableStack(),
    };
    if (proof.type === 'session') {
      held.release.use(this.#options.sessions.onEnded(proof.secret, () => signOut(client)));
    }
    client.onPong(() => (held.heardAt = clock.monotonic()));
    this.#held.set(client, held);
    this.#options.hub.add(client);
  }

  #release(client: EventClient, reason: string | undefined): void {
    this.#held.get(client)?.release.dispose();
    this.#held.delete(client);
    this.#options.hub.remove(client);
    if (reason !== undefined) this.#cutOff.inc({ reason: reason.replace(/:.*/, '') });
  }

  #hear(client: EventClient, frame: Parameters<EventHub['hear']>[1]): void {
    const by = this.#held.get(client)?.by;
    if (by === undefined) return;
    if (frame.type === 'follow' && this.#follows.draw(by) > 0) {
      return client.end(CLOSE.tooMany, 'too many follow frames: wait a minute');
    }
    this.#options.hub.hear(client, frame);
  }

  #ping(): void {
    const now = this.#options.platform.clock.monotonic();
    for (const [client, { heardAt }] of this.#held) {
      if (now - heardAt > SILENCE) client.terminate();
      else client.ping();
    }
  }

  async #recheckAll(): Promise<void> {
    while (this.#checkAgain && !this.#isOver) {
      this.#checkAgain = false;
      for (const [client, { proof }] of this.#held) await this.#recheckOne(client, proof);
    }
  }

  async #recheckOne(client: EventClient, proof: Proof): Promise<void> {
    try {
      const caller = await this.#options.identity.callerOf(proof);
      if (!caller) return signOut(client);
      this.#options.hub.changeViewer(client, viewerOf(caller, this.#options.configuration.current));
    } catch (error) {
      // Only a clear no ends a session: while nobody can say, those who are in stay in.
      if (error instanceof Refusal) signOut(client);
      else if (!(error instanceof CallFailure)) {
        this.#options.platform.trace.warning('session.not-checked', {}, error);
      }
    }
  }

  #every(slot: number, interval: number, action: () => void): void {
    this.#timers[slot] = this.#options.platform.clock.after(interval, () => {
      this.#every(slot, interval, action);
      action();
    });
  }
}

function signOut(client: EventClient): void {
  client.refuse('not-signed-in', 'The session has ended; sign in again');
  client.end(CLOSE.notSignedIn, 'the session has ended');
}

function refuse(socket: Duplex, error: unknown): void {
  if (!(error instanceof Refusal)) return refuseUpgrade(socket, 503, 'Service Unavailable');
  switch (error.code) {
    case 'not-signed-in':
      return refuseUpgrade(socket, 401, 'Unauthorized');
    case 'too-many-requests':
      return refuseUpgrade(socket, 429, 'Too Many Requests');
    default:
      return refuseUpgrade(socket, 403, 'Forbidden');
  }
}
