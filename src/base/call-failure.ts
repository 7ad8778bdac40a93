/**
 * Why a call brought no answer:
 *
 * - `unavailable`: no connection came about in time; nothing was asked.
 * - `timeout`: it was asked, and the deadline passed first. It may or may not have happened.
 * - `connection-lost`: it was asked, and the connection broke, or the other side's to its database. It may or may
 *   not have happened.
 * - `busy`: too much is under way already; nothing was done. Try again later.
 * - `too-large`: question or answer is over the bound of one message.
 * - `internal`: the other side failed; its trace holds the reason under `reference`.
 * - `bad-answer`: the answer is not what the contract says; the two programs differ.
 * - `closed`: this client was disposed.
 */
export type CallFailureCode =
  | 'unavailable'
  | 'timeout'
  | 'connection-lost'
  | 'busy'
  | 'too-large'
  | 'internal'
  | 'bad-answer'
  | 'closed';

/** A call that brought no answer. A `Refusal`, by contrast, is an answer. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly code: CallFailureCode;
  /** Under what the other side traced the reason; given with `internal`. */
  readonly reference: string | undefined;

  constructor(
    code: CallFailureCode,
    message: string,
    options: { readonly reference?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.reference = options.reference;
  }
}
