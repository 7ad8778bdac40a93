import type { Duplex } from 'node:stream';
import { Refusal } from '#base/refusal.ts';
import { systemClock } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { Hello } from './conversation.ts';
import type { LineConversation } from './conversation.ts';
import { FeedSession } from './feed-session.ts';
import { LINE_LIMITS, LINES_VERSION } from './limits.ts';
import type { LineLimits } from './limits.ts';
import { LineChannel } from './line-channel.ts';
import type { Line } from './line-splitter.ts';
import type { LineFeed, LineListener } from './lines.ts';
import { ListenerSession } from './listener-session.ts';

export interface ServeLinesOptions {
  readonly handler: LineListener | LineFeed;
  /** The role a token proves, or undefined if it proves none. */
  readonly verify: (token: string) => string | undefined;
  readonly clock?: Clock;
  readonly trace?: Trace;
  readonly limits?: Partial<LineLimits>;
}

/** Serves JSON Lines to sockets that somebody else has accepted. Disposing it ends every session. */
export interface LineServer extends AsyncDisposable {
  /**
   * Takes a connection over. `role` is what its certificate proved; without one the hello must bring a token.
   *
   * @param helloBy Until when the hello must come, on the monotonic clock.
   */
  accept(socket: Duplex, role?: string, helloBy?: Milliseconds): void;
  /** Connections that are open, those without a hello among them. */
  readonly sessions: number;
}

/** Opens a server for one listener or feed. */
export function serveLines(options: ServeLinesOptions): LineServer {
  const { handler, trace } = options;
  const clock = options.clock ?? systemClock;
  const limits = { ...LINE_LIMITS, ...options.limits };
  const channels = new Map<LineChannel, Promise<void>>();
  let isClosed = false;

  const roleOf = (hello: Hello, proven: string | undefined): string => {
    const role = proven ?? (hello.token === undefined ? undefined : options.verify(hello.token));
    if (role === undefined) throw new Refusal('unauthorized', 'The token proves no role');
    if (!handler.roles.includes(role)) {
      throw new Refusal('forbidden', `The role "${role}" may not come in here`);
    }
    if (hello.version !== LINES_VERSION) {
      throw new Refusal('version-mismatch', `Version ${LINES_VERSION} is spoken here`);
    }
    return role;
  };

  const begin = async (
    channel: LineChannel,
    hello: Hello,
    role: string,
  ): Promise<LineConversation> => {
    if ('follow' in handler) return new FeedSession(channel, handler, hello, { role, trace });
    const session = await handler.open({ role, stream: hello.stream });
    return new ListenerSession(channel, session, { stream: hello.stream, limits, clock, trace });
  };

  return {
    get sessions() {
      return channels.size;
    },
    accept(socket, proven, helloBy) {
      if (isClosed) return void socket.destroy();
      const over = Promise.withResolvers<void>();
      let conversation: LineConversation | undefined;
      let saidHello = false;
      const welcome = async (line: Line): Promise<void> => {
        try {
          const parsed = Hello.safeParse(line['hello']);
          if (!parsed.success) throw new Refusal('no-hello', 'The first line must be a hello');
          const hello = parsed.data;
          const begun = await begin(channel, hello, roleOf(hello, proven));
          if (channel.isOver) return await begun.ended();
          conversation = begun;
          channel.begin(hello.beats || !('follow' in handler));
        } catch (error) {
          turnAway(channel, error, trace);
        }
      };
      const channel = new LineChannel(socket, {
        clock,
        limits,
        helloBy: helloBy ?? clock.monotonic() + limits.helloWithin,
        take(line, bytes) {
          if (conversation) return conversation.take(line, bytes);
          if (saidHello)
            return channel.fail('broken-line', 'Wait for the welcome before you go on');
          saidHello = true;
          void welcome(line);
        },
        ended() {
          channels.delete(channel);
          const settled = conversation?.ended() ?? Promise.resolve();
          settled.then(over.resolve, over.reject);
        },
      });
      channels.set(channel, over.promise);
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      const open = [...channels];
      for (const [channel] of open) channel.end(undefined);
      const late = Promise.withResolvers<void>();
      using timer = clock.after(limits.drain, late.resolve);
      if (timer) await Promise.race([Promise.all(open.map(([, over]) => over)), late.promise]);
    },
  };
}

function turnAway(channel: LineChannel, error: unknown, trace: Trace | undefined): void {
  if (error instanceof Refusal) {
    trace?.warning('lines.turned-away', { code: error.code, reason: error.message });
    return channel.fail(error.code, error.message);
  }
  trace?.fault('lines.failed', error);
  channel.fail('internal', 'The listener failed: see its trace');
}
