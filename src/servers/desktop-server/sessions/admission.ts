import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { type ConnectionFacts, factsOf } from '../http/connection-facts.ts';
import { Limiter, sourceOf } from '../http/limiter.ts';
import type { Caller } from '../rules/caller.ts';
import { causeOf, isSafeMethod } from '../rules/request-origin.ts';
import { type Identity, type Proof, proofOf } from './identity.ts';

/** So many seconds' worth of requests may come at once: a page that loads asks for a few dozen things. */
const BURST = 10;

export interface AdmissionOptions {
  readonly identity: Identity;
  readonly proxies: BlockList;
  readonly clock: Clock;
  readonly requestsPerSecond: number;
}

/** Somebody whose request may go on. */
export interface Admitted {
  readonly proof: Proof | undefined;
  /** Nobody, where there is no proof or its session has ended. */
  readonly caller: Caller | undefined;
}

/** Decides whether a request may go on, before anything of it is read: not of a foreign page, not in a flood. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #limiter: Limiter;

  constructor(options: AdmissionOptions) {
    const { requestsPerSecond, clock } = options;
    this.#options = options;
    this.#limiter = new Limiter(
      { burst: requestsPerSecond * BURST, every: 1_000 / requestsPerSecond },
      clock,
    );
  }

  /**
   * Who makes a request.
   *
   * @param changes Whether it changes something, or opens a door to changes.
   * @throws {Refusal} `foreign-origin`, `too-many-requests`, `not-signed-in` for a bad token, `forbidden` for
   * acting for somebody one may not.
   */
  async admit(
    request: IncomingMessage,
    changes = !isSafeMethod(request.method ?? 'GET'),
  ): Promise<Admitted> {
    const facts = factsOf(request, this.#options.proxies);
    const proof = proofOf(facts, request.headers);
    checkCause(facts, proof, changes);
    const source = sourceOf(facts.address);
    // Whoever makes requests in vain is not asked for a proof any more: checking a token costs others time.
    // Those with a session are not held up by strangers behind the same address.
    if (proof?.type !== 'session') this.#refuseFor(this.#limiter.waitOf(source));
    const caller = await this.#identify(proof, source);
    this.#refuseFor(this.#limiter.draw(caller?.by ?? source));
    return { proof, caller };
  }

  async #identify(proof: Proof | undefined, source: string): Promise<Caller | undefined> {
    try {
      return await this.#options.identity.callerOf(proof);
    } catch (error) {
      this.#limiter.draw(source);
      throw error;
    }
  }

  #refuseFor(wait: Milliseconds): void {
    if (wait === 0) return;
    const retryAt = this.#options.clock.now() + wait;
    throw new Refusal('too-many-requests', 'Too many requests; slow down', { retryAt });
  }
}

/**
 * Refuses what a page of somebody else caused: always, because this API is for nobody's page but ours.
 * With a session's cookie, a change must also say that our page caused it, because browsers send cookies
 * by themselves.
 */
function checkCause(facts: ConnectionFacts, proof: Proof | undefined, changes: boolean): void {
  const cause = causeOf(facts);
  if (cause === 'foreign-page') {
    throw new Refusal('foreign-origin', 'Web pages of other origins may not use this API');
  }
  if (cause === 'unsaid' && changes && proof?.type === 'session') {
    throw new Refusal('foreign-origin', 'A change by session must name its origin; use a token');
  }
}
