import type { Archive } from './archive.ts';
import type { Ask, FromWorker, ToWorker } from './worker-messages.ts';

/** The archive as the thread that explains has it: each question goes to the director's thread. */
export class RemoteArchive implements Archive {
  readonly #send: (message: FromWorker) => void;
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;

  readonly head = this.#method('head');
  readonly findAnchor = this.#method('findAnchor');
  readonly anchorPart = this.#method('anchorPart');
  readonly documents = this.#method('documents');
  readonly records = this.#method('records');
  readonly recordsOf = this.#method('recordsOf');
  readonly positionBefore = this.#method('positionBefore');

  constructor(send: (message: FromWorker) => void) {
    this.#send = send;
  }

  /** An answer has come. */
  found({ id, value, error }: ToWorker & { type: 'found' }): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  }

  #method<K extends keyof Archive>(method: K): Archive[K] {
    const ask = (...args: unknown[]): Promise<unknown> => {
      const id = ++this.#last;
      const asked = Promise.withResolvers<unknown>();
      this.#asked.set(id, asked);
      this.#send({ type: 'ask', id, ...({ method, args } as Ask) });
      return asked.promise;
    };
    return ask as Archive[K];
  }
}
