/** One way of handing work over that the bench `dispatch` compares. */
export interface Side extends AsyncDisposable {
  readonly name: string;
  /** What it was set to, printed with the result. */
  readonly settings: string;
  /**
   * Hands one piece of work over: puts it in and waits until that is durable, and then until somebody has
   * claimed and completed it.
   */
  handOver(): Promise<void>;
}

/** Who waits for what became of their own piece of work, by its number. */
export class Waiters<T = void> {
  readonly #waiting = new Map<string, (value: T) => void>();

  wait(id: string): Promise<T> {
    return new Promise((resolve) => void this.#waiting.set(id, resolve));
  }

  tell(id: string, value: T): void {
    this.#waiting.get(id)?.(value);
    this.#waiting.delete(id);
  }
}

/** About what a work item says of itself: every side carries as much. */
export const PAYLOAD = {
  conversation: '01890a5d-ac96-774b-bcce-b302099a8057',
  interaction: '01890a5d-ac96-774b-bcce-b302099a8058',
  channel: 'web-chat',
  queue: 'sales',
  priority: 5,
  enteredAt: 1_700_000_000_000,
} as const;
