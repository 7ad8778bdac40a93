/**
 * A request that was understood and declined. It crosses a wire as `{ code, message, data }` and
 * arrives as the same class, so a caller can tell it from a failure by `instanceof`.
 *
 * `code` is one of those its contract lists; `message` is one sentence for a person.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly data: unknown;

  constructor(code: string, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}
