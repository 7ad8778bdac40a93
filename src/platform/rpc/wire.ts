/**
 * JSON-RPC 2.0 in WebSocket text frames. What waits in one turn of the event loop goes out as one
 * frame: a message, or an array of them (a JSON-RPC batch).
 *
 *     client                                             server
 *     rpc.hello  {token?, contract, version}        →
 *                                                   ←   result {role, contract, version, limits}
 *     METHOD     params, timeout                    →
 *                                                   ←   result | error {code, message, data: {code, data}}
 *     rpc.cancel {id}                               →   (nobody wants the answer any more)
 *     rpc.follow {stream, params, since}            →
 *                                                   ←   rpc.event {id, event, cursor}, many
 *     rpc.read   {id, count}                        →   (that many events were read: room for more)
 *                                                   ←   result null: it ended | error
 *                                                   ←   rpc.closing {}: begin nothing new here
 *
 * `timeout` beside `params` is how many milliseconds the caller still waits. Heartbeats are WebSocket
 * pings. A frame that is none of these ends the session.
 */
import { CallFailure } from '#base/call-failure.ts';
import type { CallFailureCode } from '#base/call-failure.ts';
import { Refusal } from '#base/refusal.ts';

export type MessageId = number | string;

/** Any message, before it is known which. Nothing in it has been checked beyond these types. */
export interface Message {
  readonly id?: MessageId;
  readonly method?: string;
  readonly params?: unknown;
  readonly timeout?: number;
  readonly result?: unknown;
  readonly error?: WireError;
}

export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The frame is not JSON-RPC 2.0: close the connection. */
export class BrokenFrameError extends Error {
  override readonly name = 'BrokenFrameError';
}

/** An id is echoed in every answer; a long one would be a lever to make us write. */
const LONGEST_ID = 64;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the messages of one frame. @throws {BrokenFrameError} If any of them is not one. */
export function decodeFrame(text: string): readonly Message[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BrokenFrameError('Cannot read a frame: it is not JSON', { cause });
  }
  return Array.isArray(value) ? value.map(toMessage) : [toMessage(value)];
}

function toMessage(value: unknown): Message {
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') {
    throw new BrokenFrameError('Cannot read a message: it is not JSON-RPC 2.0');
  }
  const { id, method, timeout, error } = value;
  if (id !== undefined && !isId(id)) {
    throw new BrokenFrameError('Cannot read a message: its id is neither number nor short text');
  }
  if (method !== undefined && typeof method !== 'string') {
    throw new BrokenFrameError('Cannot read a message: its method is not text');
  }
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) {
    throw new BrokenFrameError(
      'Cannot read a message: its timeout is not a number of milliseconds',
    );
  }
  if (error !== undefined && !isWireError(error)) {
    throw new BrokenFrameError('Cannot read a message: its error has no code and message');
  }
  return value;
}

const isId = (value: unknown): value is MessageId =>
  typeof value === 'number' || (typeof value === 'string' && value.length <= LONGEST_ID);

const isWireError = (value: unknown): value is WireError =>
  isRecord(value) && typeof value['code'] === 'number' && typeof value['message'] === 'string';

/**
 * A call, ready to send.
 *
 * @param method The method's name, already as JSON: it is the same for every call.
 * @param params As JSON; left out where there are none.
 */
export function encodeCall(
  id: number,
  method: string,
  params: string | undefined,
  timeout?: number,
): string {
  const until = timeout === undefined ? '' : `,"timeout":${timeout}`;
  const given = params === undefined ? '' : `,"params":${params}`;
  return `{"jsonrpc":"2.0","id":${id},"method":${method}${given}${until}}`;
}

/** An answer; `result` is already JSON. */
export function encodeResult(id: MessageId, result: string): string {
  return `{"jsonrpc":"2.0","id":${encodeId(id)},"result":${result}}`;
}

/** An event of a stream; both are already JSON. */
export function encodeEvent(id: MessageId, event: string, cursor: string | undefined): string {
  const stands = cursor === undefined ? '' : `,"cursor":${cursor}`;
  return `{"jsonrpc":"2.0","method":"rpc.event","params":{"id":${encodeId(id)},"event":${event}${stands}}}`;
}

const encodeId = (id: MessageId): string => (typeof id === 'number' ? `${id}` : JSON.stringify(id));

/** A message that wants no answer. */
export function encodeNotice(method: string, params: object): string {
  return `{"jsonrpc":"2.0","method":"${method}","params":${JSON.stringify(params)}}`;
}

/** An answer that is a refusal or a failure. A stack never crosses the wire. */
export function encodeError(id: MessageId, error: Refusal | CallFailure): string {
  const wire: WireError = {
    code: NUMBERS[error.code] ?? REFUSED,
    message: error.message,
    data:
      error instanceof Refusal
        ? { code: error.code, data: error.data }
        : { code: error.code, failure: true, reference: error.reference },
  };
  return JSON.stringify({ jsonrpc: '2.0', id, error: wire });
}

/** What `Service` threw. It throws nothing else, but a type cannot say so. */
export function asAnswer(error: unknown): Refusal | CallFailure {
  if (error instanceof Refusal || error instanceof CallFailure) return error;
  return new CallFailure('internal', 'The server failed', { cause: error });
}

/** The error of an answer, as the class it was on the other side. */
export function decodeError(error: WireError): Refusal | CallFailure {
  const data = isRecord(error.data) ? error.data : {};
  const code = typeof data['code'] === 'string' ? data['code'] : 'internal';
  if (data['failure'] !== true && code !== 'internal') {
    return new Refusal(code, error.message, data['data']);
  }
  const reference = data['reference'];
  return new CallFailure(
    FAILURES.find((known) => known === code) ?? 'internal',
    error.message,
    typeof reference === 'string' ? { reference } : {},
  );
}

const FAILURES: readonly CallFailureCode[] = [
  'unavailable',
  'timeout',
  'connection-lost',
  'busy',
  'too-large',
  'internal',
];

/** JSON-RPC 2.0 §5.1 numbers what it knows; -32000 to -32099 is the server's to use. */
const REFUSED = -32000;
const NUMBERS: Readonly<Record<string, number>> = {
  'unknown-method': -32601,
  'unknown-stream': -32601,
  'invalid-params': -32602,
  internal: -32603,
};
