/** A length that seven bits cannot say stands behind them, in two bytes or in eight. */
const TWO_BYTES = 126;
const EIGHT_BYTES = 127;
const MOST_IN_TWO_BYTES = 0xff_ff;

/**
 * A text message as the one WebSocket frame that a server sends, made once for however many get it
 * (RFC 6455 §5.2).
 *
 * ```
 * | FIN 1 | RSV 000 | opcode 0001 | MASK 0 | length: 7 bits | 0, 2 or 8 bytes of length | UTF-8 |
 * ```
 */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < TWO_BYTES ? 2 : length <= MOST_IN_TWO_BYTES ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0b1000_0001;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = TWO_BYTES;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = EIGHT_BYTES;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}
