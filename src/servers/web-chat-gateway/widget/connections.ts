import type { RawData, WebSocket } from 'ws';
import type { Clock, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { EntryPointId } from '#domain/ids.ts';
import { CLOSE } from '../contract.ts';
import type { EntryState } from '../contract.ts';
import type { Limits } from './limits.ts';
import type { Source, Sources } from './sources.ts';
import type { WidgetSessions } from './widget-sessions.ts';
import { encode, send } from './widget-socket.ts';
import type { WidgetSocket } from './widget-socket.ts';

/** How often silent widgets are looked for, and opening hours looked at. */
const SWEEP_EVERY: Milliseconds = seconds(10);
/** A widget says hello at once; who does not is none. */
const HELLO_WITHIN: Milliseconds = seconds(15);
/** How long a widget may take to close its side when the gateway stops. */
const FAREWELL: Milliseconds = seconds(1);
/** RFC 6455 §7.4.1: a frame of a kind that is not taken. */
const UNSUPPORTED = 1003;

export interface ConnectionsParts {
  readonly clock: Clock;
  readonly sessions: WidgetSessions;
  readonly sources: Sources;
  readonly limits: Limits;
  readonly silence: Milliseconds;
  /** All that are connected. */
  readonly sockets: () => Iterable<WidgetSocket>;
  /** Called at each sweep. */
  readonly swept: () => void;
}

/** The life of widget connections: from the upgrade to the end, with one timer for all of them. */
export class Connections implements AsyncDisposable {
  readonly #parts: ConnectionsParts;
  #timer: Disposable | undefined;

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
    this.#sweepLater();
  }

  accept(socket: WidgetSocket, source: Source): void {
    const { clock, sessions } = this.#parts;
    socket.source = source;
    source.connections++;
    socket.heardAt = clock.monotonic();
    socket.sessions = sessions;
    // functions of the module, which find what they need on the socket: none is made per connection
    socket.on('message', onMessage);
    socket.on('close', onClose);
    socket.on('error', onError);
  }

  /** Everybody who shows the entry point is told. */
  entryChanged(id: EntryPointId, entry: EntryState): void {
    const frame = encode({ type: 'entry', entry });
    for (const socket of this.#parts.sockets()) if (socket.entryPoint === id) send(socket, frame);
  }

  /** Everybody is to come again soon. */
  closeAll(): void {
    for (const socket of this.#parts.sockets()) socket.close(CLOSE.tryAgain, 'try again');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.closeAll();
    // who does not answer the farewell soon is gone
    setTimeout(() => {
      for (const socket of this.#parts.sockets()) socket.terminate();
    }, FAREWELL).unref();
  }

  #sweepLater(): void {
    const { clock, sources, limits, swept } = this.#parts;
    this.#timer = clock.after(SWEEP_EVERY, () => {
      this.#endSilent();
      sources.sweep();
      limits.sweep();
      swept();
      this.#sweepLater();
    });
  }

  #endSilent(): void {
    const { clock, sockets, silence } = this.#parts;
    const now = clock.monotonic();
    for (const socket of sockets()) {
      const longest = socket.entryPoint === undefined ? HELLO_WITHIN : silence;
      if (now - socket.heardAt > longest) socket.terminate();
    }
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (isBinary) return this.close(UNSUPPORTED, 'text only');
  const socket = this as WidgetSocket;
  // `ws` hands a message over as one Buffer: its binaryType is left as it is
  socket.sessions?.take(socket, (data as Buffer).toString());
}

function onClose(this: WebSocket): void {
  const socket = this as WidgetSocket;
  if (socket.source) socket.source.connections--;
  socket.source = undefined;
  socket.sessions?.left(socket);
}

/** A broken or oversized frame: `ws` closes with the fitting code by itself. */
function onError(): void {}
