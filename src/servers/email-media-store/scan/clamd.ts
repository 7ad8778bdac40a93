import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { messageOf } from '#base/failure.ts';
import { minutes, seconds } from '#base/time.ts';

/** What a virus scanner said of a file. */
export type Verdict =
  | { readonly type: 'clean' }
  | { readonly type: 'infected'; readonly found: string }
  /** It could not be asked, or would not look at it. */
  | { readonly type: 'unscanned'; readonly why: string };

export interface Scanner {
  /** Never rejects, unless the bytes themselves cannot be read. */
  scan(bytes: AsyncIterable<Uint8Array>): Promise<Verdict>;
}

const CONNECT_WITHIN = seconds(5);
/** A scanner unpacks archives within archives. */
const ANSWER_WITHIN = minutes(2);
const PIECE_BYTES = 65_536;
const ANSWER_BYTES = 4_096;

/**
 * A ClamAV daemon, by its command INSTREAM:
 *
 *     zINSTREAM 0 | length: 4 bytes, big-endian | that many bytes | … | 0 0 0 0
 *
 * and the answer `stream: OK 0`, `stream: <name> FOUND 0` or an error.
 *
 * @param address `host:port`, or the path of its socket.
 * @see clamd(8)
 */
export function openClamd(address: string): Scanner {
  return {
    async scan(bytes) {
      const deadline = AbortSignal.timeout(ANSWER_WITHIN);
      const pieces = bytes[Symbol.asyncIterator]();
      let socket: Socket;
      try {
        socket = await open(address);
      } catch (error) {
        return { type: 'unscanned', why: `clamd at ${address}: ${messageOf(error)}` };
      }
      const answer = read(socket, deadline);
      try {
        await send(socket, pieces, deadline);
        return verdictOf(await answer);
      } catch (error) {
        if (error instanceof UnreadableBytes) throw error.cause;
        // one that has had enough answers before it hangs up
        const said = await answer.catch(() => '');
        return said === ''
          ? { type: 'unscanned', why: `clamd at ${address}: ${messageOf(error)}` }
          : verdictOf(said);
      } finally {
        socket.destroy();
        await pieces.return?.();
      }
    },
  };
}

async function open(address: string): Promise<Socket> {
  const [, host = '', port = ''] = /^\[?([^/]*?)\]?:(\d{1,5})$/.exec(address) ?? [];
  const socket = port === '' ? connect({ path: address }) : connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_WITHIN) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** The bytes could not be read: that is no word of the scanner's. */
class UnreadableBytes extends Error {
  override readonly name = 'UnreadableBytes';
}

async function send(
  socket: Socket,
  pieces: AsyncIterator<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  const write = async (bytes: Uint8Array): Promise<void> => {
    if (!socket.writable) throw new Error('it has hung up');
    if (!socket.write(bytes)) await once(socket, 'drain', { signal });
  };
  await write(Buffer.from('zINSTREAM\0'));
  for (;;) {
    const next = await pieces.next().catch((error: unknown) => {
      throw new UnreadableBytes('Cannot read what is to be scanned', { cause: error });
    });
    if (next.done === true) break;
    for (let at = 0; at < next.value.length; at += PIECE_BYTES) {
      const piece = next.value.subarray(at, at + PIECE_BYTES);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(piece.length);
      await write(length);
      await write(piece);
    }
  }
  await write(Buffer.alloc(4));
}

/** What it says, up to its NUL or its end. */
async function read(socket: Socket, signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    said = (said + text).slice(0, ANSWER_BYTES);
    if (said.includes('\0')) resolve(said);
  });
  socket.on('close', () => resolve(said));
  socket.on('error', () => resolve(said));
  signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  promise.catch(() => undefined); // whoever waits for it hears of it
  return promise;
}

function verdictOf(said: string): Verdict {
  const answer = said.replace(/\0[\s\S]*$/, '').trim();
  if (answer === 'stream: OK') return { type: 'clean' };
  const [, found] = /^stream: (.*) FOUND$/.exec(answer) ?? [];
  if (found !== undefined) return { type: 'infected', found };
  return { type: 'unscanned', why: answer === '' ? 'clamd hung up' : answer.slice(0, 200) };
}
