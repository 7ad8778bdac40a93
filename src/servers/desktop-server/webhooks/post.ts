import { lookup } from 'node:dns/promises';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { messageOf } from '#base/failure.ts';
import { type Milliseconds, seconds } from '#base/time.ts';
import { isPublicAddress } from '../rules/public-address.ts';
import type { TryOutcome } from '../rules/webhook-retry.ts';

/** A receiver that needs longer should answer first and work then. */
export const DEADLINE = seconds(15);
/** Answers are not read beyond this: nobody needs what stands in them. */
const ANSWER_BYTES = 64 * 1024;

export interface PostOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether targets on this machine and in private networks are allowed, and plain HTTP. */
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/**
 * Posts JSON to a webhook's receiver. The name is resolved once and that very address is spoken to, so
 * that a name cannot point elsewhere between check and use. Redirects are not followed. Never rejects.
 */
export async function post(target: string, options: PostOptions): Promise<TryOutcome> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(DEADLINE)]);
  try {
    const url = new URL(target);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && options.allowPrivate)) {
      return { type: 'failed', reason: `only https is allowed, not ${url.protocol}` };
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = await untilAborted(resolve(host), signal);
    if (address === undefined) return { type: 'failed', reason: `"${host}" has no address` };
    if (!options.allowPrivate && !address.isPublic) {
      return { type: 'failed', reason: `"${host}" is not on the public internet` };
    }
    return await send(url, host, address.address, options, signal);
  } catch (error) {
    const isLate = signal.aborted && !options.signal.aborted;
    return {
      type: 'failed',
      reason: isLate ? `no answer in ${DEADLINE / 1_000} s` : messageOf(error),
    };
  }
}

/** The address to speak to; public only if all the name's addresses are. */
async function resolve(
  host: string,
): Promise<{ readonly address: string; readonly isPublic: boolean } | undefined> {
  const found = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
  const [first] = found;
  return (
    first && {
      address: first.address,
      isPublic: found.every(({ address }) => isPublicAddress(address)),
    }
  );
}

function send(
  url: URL,
  host: string,
  address: string,
  { headers, body }: PostOptions,
  signal: AbortSignal,
): Promise<TryOutcome> {
  const { promise, resolve: settle, reject } = Promise.withResolvers<TryOutcome>();
  const request: ClientRequest = (url.protocol === 'https:' ? requestHttps : requestHttp)({
    host: address,
    port: url.port || undefined,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    // The certificate must be of the name in the webhook, whatever address that name has.
    ...(isIP(host) === 0 && { servername: host }),
    headers: {
      ...headers,
      host: url.host,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'user-agent': 'Emcee-Webhooks/1',
    },
    agent: false,
    signal,
  });
  request.on('error', reject);
  request.on('response', (response) => void readAnswer(response).then(settle, reject));
  request.end(body);
  return promise;
}

async function readAnswer(response: IncomingMessage): Promise<TryOutcome> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > ANSWER_BYTES) break; // ends the connection too
  }
  const retryAfter = patienceOf(response.headers['retry-after']);
  return {
    type: 'answered',
    status: response.statusCode ?? 0,
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

const patienceOf = (header: string | undefined): Milliseconds | undefined =>
  header !== undefined && /^\d{1,6}$/.test(header) ? seconds(Number(header)) : undefined;

/** A name server that does not answer must not hold a webhook up. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((settle, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(settle, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
