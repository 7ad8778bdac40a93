import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes, seconds } from '#base/time.ts';
import { inTime } from '../in-time.ts';
import { connectionFailure, protocolFailure, timeoutFailure } from '../mail-failure.ts';
import type { MailPeer } from '../mail-failure.ts';
import type { TokenSource } from '../mail-source.ts';
import { readAnswer, tokenForm, tokenUrlOf } from './token-request.ts';
import type { Granted, OAuthSecrets, OAuthSettings } from './token-request.ts';

export interface TokenSourceOptions {
  readonly settings: OAuthSettings;
  readonly secrets: OAuthSecrets;
  /**
   * Keeps a new refresh token durably. Providers take back the old one with the first use of what it brought, so
   * nothing is used before this has resolved.
   */
  keep(refreshToken: string): Promise<void>;
  readonly clock: Clock;
}

/** A token is good for signing in for at least this long when it is given out. */
const RESERVE: Milliseconds = minutes(5);
const ANSWER: Milliseconds = seconds(30);
/** Tokens of Microsoft 365 are of two or three thousand characters. */
const LONGEST_ANSWER = 65_536;

interface Held {
  readonly token: string;
  /** When it is time for another. */
  readonly until: Milliseconds;
  /** When it ends, less what signing in takes. */
  readonly end: Milliseconds;
}

/** Bearer tokens of one mailbox, asked for when the last one is about to end; many who ask at once ask once. */
export class OAuthTokens implements TokenSource {
  readonly #options: TokenSourceOptions;
  #secrets: OAuthSecrets;
  /** A refresh token that has come and is not yet kept, and what came with it. */
  #unkept: (Granted & { readonly at: Milliseconds }) | undefined;
  #held: Held | undefined;
  #asking: Promise<string> | undefined;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#secrets = options.secrets;
  }

  async token(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    if (this.#held && this.#options.clock.monotonic() < this.#held.until) return this.#held.token;
    this.#asking ??= this.#renew().finally(() => (this.#asking = undefined));
    // Whoever waits no longer leaves the others their answer: half a renewal could cost the refresh token
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.#asking, promise]);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  refused(token: string): void {
    if (this.#held?.token === token) this.#held = undefined;
  }

  async #renew(): Promise<string> {
    const options = this.#options;
    try {
      this.#unkept ??= { ...(await this.#ask()), at: options.clock.monotonic() };
    } catch (error) {
      // It was asked for early: the last one may still do
      const last = this.#held;
      if (last && options.clock.monotonic() < last.end) return last.token;
      throw error;
    }
    const { token, lasts, refreshToken, at } = this.#unkept;
    if (refreshToken !== undefined && refreshToken !== this.#secrets.refreshToken) {
      await options.keep(refreshToken);
      this.#secrets = { ...this.#secrets, refreshToken };
    }
    this.#unkept = undefined;
    // Tokens that hold for less than ten minutes are used for half of their time before they are replaced
    const until = at + lasts - Math.min(RESERVE, lasts / 2);
    this.#held = { token, until, end: at + lasts - ANSWER };
    return token;
  }

  async #ask(): Promise<Granted> {
    const { settings, clock } = this.#options;
    const url = tokenUrlOf(settings);
    const body = tokenForm(settings, this.#secrets);
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    const peer: MailPeer = { protocol: 'OAuth', host: url.hostname, port };
    const over = new AbortController();
    const answer = fetchText(url, body, over.signal, peer).catch((error: unknown) => {
      throw connectionFailure(error, peer);
    });
    const { status, text } = await inTime(answer, {
      clock,
      signal: new AbortController().signal,
      most: ANSWER,
      late: () => timeoutFailure(peer, 'did not answer in time'),
      cut: () => over.abort(),
    });
    return readAnswer(url.hostname, status, text);
  }
}

async function fetchText(
  url: URL,
  body: URLSearchParams,
  signal: AbortSignal,
  peer: MailPeer,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { accept: 'application/json' },
    redirect: 'error', // a secret goes nowhere but where the settings say
    signal,
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LONGEST_ANSWER) throw protocolFailure(peer, 'its answer has no end');
  }
  return { status: response.status, text };
}
