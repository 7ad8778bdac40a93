/** Looks into a program that was started with `INSPECTED`, and moves its wall clock. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { RunningProgram } from '../journeys/centre.ts';

/** Added to a program's environment: each of its processes then listens for an inspector on a free port. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** What a process holds after everything that can go has gone. */
export interface Held {
  readonly heapBytes: number;
  /** Sockets, timers and all else that is open, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

export class Inspector implements Disposable {
  readonly #socket: WebSocket;
  #id = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Finds the process `pid` among those of a program. */
  static async open(program: RunningProgram, pid: number): Promise<Inspector> {
    const addresses = program.output().matchAll(/Debugger listening on (ws:\S+)/g);
    for (const [, url = ''] of addresses) {
      const socket = new WebSocket(url);
      await once(socket, 'open');
      const inspector = new Inspector(socket);
      if ((await inspector.evaluate('process.pid')) === pid) return inspector;
      inspector[Symbol.dispose]();
    }
    throw new Error(`Process ${pid} does not listen for an inspector`);
  }

  /** What an expression gives there, as JSON. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#ask('Runtime.evaluate', { expression, returnByValue: true });
    const { result, exceptionDetails } = answer as {
      result: { value: unknown };
      exceptionDetails?: { text: string };
    };
    if (exceptionDetails) throw new Error(`Cannot evaluate there: ${exceptionDetails.text}`);
    return result.value;
  }

  async held(): Promise<Held> {
    await this.#ask('HeapProfiler.collectGarbage', {});
    const heapBytes = (await this.evaluate('process.memoryUsage().heapUsed')) as number;
    const names = (await this.evaluate('process.getActiveResourcesInfo()')) as string[];
    const handles = Map.groupBy(names, (name) => name);
    return {
      heapBytes,
      handles: Object.fromEntries([...handles].map(([name, all]) => [name, all.length])),
    };
  }

  /** The wall clock of that process jumps, as by an administrator; elapsed time goes on as before. */
  async jumpBy(milliseconds: number): Promise<void> {
    await this.evaluate(`{ const now = Date.now; Date.now = () => now() + ${milliseconds}; }`);
  }

  async #ask(method: string, params: object): Promise<unknown> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(this.#socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result: unknown };
      if (answer.id === id) return answer.result;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }
}
