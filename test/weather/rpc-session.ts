/** One connection that speaks JSON-RPC, frame by frame. */
import type { ContractDefinition } from '#base/contract.ts';
import { webSocket } from './wires.ts';
import type { Far } from './wires.ts';

export interface RpcAnswer {
  readonly id?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly data?: { readonly code?: string } };
}

export class RpcSession implements Disposable {
  readonly #answers = new Map<unknown, RpcAnswer>();
  readonly #socket: ReturnType<typeof webSocket>;
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  /** Connects and says hello; resolves with the session and what the hello was answered. */
  static async open(
    far: Far,
    contract: ContractDefinition,
    token: string | undefined,
  ): Promise<{ session: RpcSession; hello: string }> {
    const session = new RpcSession(far);
    const { name, version } = contract;
    await session.#opened();
    session.call(0, 'rpc.hello', {
      ...(token !== undefined && { token }),
      contract: name,
      version,
    });
    return { session, hello: outcomeOf(await session.answer(0, 5_000)) };
  }

  private constructor(far: Far) {
    this.#socket = webSocket(far);
    this.#socket.on('message', (data: Buffer) => {
      const said = JSON.parse(data.toString()) as RpcAnswer | RpcAnswer[];
      for (const each of [said].flat()) if ('id' in each) this.#answers.set(each.id, each);
      this.#announce();
    });
    this.#socket.once('close', () => {
      this.#isOver = true;
      this.#announce();
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  call(id: number, method: string, params: unknown): void {
    this.say(JSON.stringify({ jsonrpc: '2.0', id, method, params, timeout: 2_000 }));
  }

  say(text: string | Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text.toString());
  }

  /** The answer to a call; nothing where none comes in time. */
  async answer(id: unknown, patience: number): Promise<RpcAnswer | undefined> {
    const late = AbortSignal.timeout(patience);
    const expired = new Promise<void>((resolve) => {
      late.addEventListener('abort', () => resolve(), { once: true });
    });
    for (;;) {
      const found = this.#answers.get(id);
      if (found || this.#isOver || late.aborted) return found;
      await Promise.race([this.#wake.promise, expired]);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.terminate();
  }

  async #opened(): Promise<void> {
    while (this.#socket.readyState === this.#socket.CONNECTING) {
      await new Promise<void>((resolve) => {
        this.#socket.once('open', () => resolve());
        this.#socket.once('close', () => resolve());
      });
    }
  }

  #announce(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** `done`, the code of a refusal, or `nothing` where the connection ended instead. */
export function outcomeOf(answer: RpcAnswer | undefined): string {
  if (!answer) return 'nothing';
  return answer.error ? (answer.error.data?.code ?? 'failed') : 'done';
}
