import { Agent as Connections, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { REASON } from './centre.ts';

const connections = new Connections({ keepAlive: true, maxSockets: 200 });

/** Frames that tell of an offer, by a look at the text: parsing every frame would load the machine with us. */
const OFFERED = '"type":"work-item-offered"';

interface Offer {
  readonly item: string;
  readonly offer: number;
}

/** An agent at the event socket, who takes what is offered and hands it back. */
export class BenchAgent {
  readonly id: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #socket: WebSocket | undefined;
  #offered = Promise.withResolvers<Offer>();
  #finishing: Promise<void> | undefined;
  /** Whether the last round is over. */
  isFree = false;

  constructor(url: string, token: string, id: string) {
    this.id = id;
    this.#url = url;
    this.#headers = { authorization: `Bearer ${token}`, 'emcee-agent': id };
  }

  /** Opens the socket and logs in. */
  async start(): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace(/^http/, 'ws')}/api/v1/events`, {
      headers: this.#headers,
    });
    this.#socket = socket;
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (!text.includes(OFFERED) || !text.includes(`"agent":"${this.id}"`)) return;
      const { record } = JSON.parse(text) as { record: { body: Offer } };
      this.#offered.resolve(record.body);
    });
    socket.send(JSON.stringify({ type: 'follow', topics: ['work'] }));
    // the director hears of new agents a moment after the configuration server has them
    while ((await this.#call('POST', '/me/log-in', { station: this.id })) !== 200) await sleep(100);
    this.isFree = true;
  }

  /** Ends once the last round is over. */
  async stop(): Promise<void> {
    await this.#finishing;
    this.#socket?.terminate();
  }

  /**
   * Says ready and waits for the offer; then accepts, asks for rest, and closes. Resolves with the time
   * from saying ready to the offer on the socket, in milliseconds.
   */
  async round(): Promise<number> {
    this.isFree = false;
    this.#offered = Promise.withResolvers();
    const began = performance.now();
    const ready = this.#call('PUT', '/me/readiness', { state: 'ready' });
    const { item, offer } = await this.#offered.promise;
    const took = performance.now() - began;
    this.#finishing = this.#finish(ready, item, offer);
    return took;
  }

  async #finish(ready: Promise<number>, item: string, offer: number): Promise<void> {
    const statuses = [
      await ready,
      await this.#call('PUT', '/me/readiness', { state: 'not-ready', reason: REASON }),
      await this.#call('POST', `/work-items/${item}/accept`, { offer }),
      await this.#call('POST', `/work-items/${item}/close`, {}),
    ];
    if (statuses.some((status) => status !== 200)) {
      throw new Error(`Cannot go on: ${this.id} was answered ${statuses.join()}`);
    }
    this.isFree = true;
  }

  /** A kept connection may just have been closed for its silence: then it is asked again, as a browser does. */
  async #call(method: string, path: string, body: object): Promise<number> {
    for (;;) {
      try {
        return await this.#callOnce(method, path, body);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
      }
    }
  }

  #callOnce(method: string, path: string, body: object): Promise<number> {
    const text = JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.#url}/api/v1${path}`, {
        agent: connections,
        method,
        headers: {
          ...this.#headers,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.end(text);
    });
  }
}
