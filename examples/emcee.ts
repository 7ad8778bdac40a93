/** What a program needs to talk to Emcee: requests with a token, and events that miss nothing. No dependency but Node 24. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface EmceeOptions {
  /** As `http://127.0.0.1:8080` or `https://centre.example`. */
  readonly url: string;
  /** The token of an integration. */
  readonly token: string;
  /** The agent to act for; the integration needs the role `agent`. */
  readonly agent?: string;
}

/** Emcee declined: `code` is stable, programs decide by it. */
export class EmceeRefusal extends Error {
  override readonly name = 'EmceeRefusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A frame of the event socket; `type` says which. */
export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Cursor {
  readonly work: number;
  readonly messages: number;
}

const DEADLINE = 20_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
/** Emcee says something every 10 s. */
const SILENCE = 25_000;

export class Emcee {
  readonly #options: EmceeOptions;

  constructor(options: EmceeOptions) {
    this.#options = options;
  }

  /**
   * Asks the API, as in `call<Me>('GET', '/session')`.
   *
   * @throws {EmceeRefusal} When Emcee declines.
   */
  async call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(`${this.#options.url}/api/v1${path}`, {
      method,
      headers: {
        ...this.#headers(),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(DEADLINE),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.ok) return (await response.json()) as Result;
    const { error } = (await response.json().catch(() => ({}))) as {
      error?: { code: string; message: string };
    };
    throw new EmceeRefusal(
      response.status,
      error?.code ?? 'unknown',
      error?.message ?? `Emcee answered ${response.status}`,
    );
  }

  /**
   * Every event of `topics`, first a snapshot. Connects again by itself, and with the last cursor, so that
   * nothing is missed; when that was too long ago there is another snapshot. Ends with the signal.
   *
   * @yields Frame after frame.
   */
  async *follow(topics: readonly string[], signal: AbortSignal): AsyncGenerator<Frame, void> {
    let cursor: Cursor | undefined;
    let pause = FIRST_PAUSE;
    while (!signal.aborted) {
      for await (const frame of this.#connect({ type: 'follow', topics, cursor }, signal)) {
        pause = FIRST_PAUSE;
        cursor = nextCursor(cursor, frame);
        yield frame;
      }
      if (signal.aborted) return;
      await sleep(pause * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    }
  }

  /**
   * One connection.
   *
   * @yields Its frames, until it breaks.
   */
  async *#connect(hello: unknown, signal: AbortSignal): AsyncGenerator<Frame, void> {
    const url = `${this.#options.url.replace(/^http/, 'ws')}/api/v1/events`;
    const socket = new WebSocket(url, { headers: this.#headers() });
    const line = { isOpen: true, wake: (): void => undefined };
    const frames: Frame[] = [];
    let silence: ReturnType<typeof setTimeout> | undefined;
    const hangUp = (): void => {
      line.isOpen = false;
      line.wake();
    };
    const heard = (): void => {
      clearTimeout(silence);
      silence = setTimeout(hangUp, SILENCE);
      line.wake();
    };
    signal.addEventListener('abort', hangUp, { once: true });
    socket.addEventListener('open', () => socket.send(JSON.stringify(hello)));
    socket.addEventListener('message', ({ data }) => {
      frames.push(JSON.parse(String(data)) as Frame);
      heard();
    });
    socket.addEventListener('error', hangUp);
    socket.addEventListener('close', hangUp);
    heard();
    try {
      while (line.isOpen || frames.length > 0) {
        const frame = frames.shift();
        if (frame) yield frame;
        else await new Promise<void>((resolve) => (line.wake = resolve));
      }
    } finally {
      clearTimeout(silence);
      signal.removeEventListener('abort', hangUp);
      socket.close();
    }
  }

  #headers(): Record<string, string> {
    const { token, agent } = this.#options;
    return {
      authorization: `Bearer ${token}`,
      ...(agent !== undefined && { 'emcee-agent': agent }),
    };
  }
}

/** Work and messages have positions of their own; snapshots and beats say both. */
function nextCursor(cursor: Cursor | undefined, frame: Frame): Cursor | undefined {
  if (frame['cursor']) return frame['cursor'] as Cursor;
  const known = cursor ?? { work: 0, messages: 0 };
  if (frame.type === 'work') {
    return { ...known, work: (frame['record'] as { position: number }).position };
  }
  return typeof frame['position'] === 'number'
    ? { ...known, messages: Math.max(known.messages, frame['position']) }
    : cursor;
}

/** Reads settings from the environment. @throws {Error} Naming what is missing. */
export function readEnvironment(...names: string[]): string[] {
  return names.map((name) => {
    const value = process.env[name];
    if (!value) throw new Error(`Cannot start: set ${name}`);
    return value;
  });
}
