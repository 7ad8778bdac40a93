/** What is asked for with one command, and what comes in pieces. */
export interface Sized {
  readonly uid: number;
  /** Bytes. */
  readonly size: number;
}

export interface BatchLimits {
  /** Messages of more bytes come alone, in pieces. */
  readonly piece: number;
  /** Bytes of a batch. */
  readonly bytes: number;
  readonly messages: number;
}

/** Cuts messages into batches of a bounded size, in their order. A large one is a batch of its own. */
export function planBatches<T extends Sized>(
  messages: readonly T[],
  limits: BatchLimits,
): readonly (readonly T[])[] {
  const batches: T[][] = [];
  let open: T[] | undefined;
  let bytes = 0;
  for (const message of messages) {
    const isLarge = message.size > limits.piece;
    const fits =
      open !== undefined &&
      !isLarge &&
      open.length < limits.messages &&
      bytes + message.size <= limits.bytes;
    if (!fits) {
      batches.push((open = []));
      bytes = 0;
    }
    open?.push(message);
    bytes += message.size;
    if (isLarge) open = undefined;
  }
  return batches;
}
