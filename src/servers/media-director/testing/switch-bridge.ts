/** Joins a driver of a switch to a director by the contract, as an xml-server and a voice store do. Only tests import this file. */
import type { Client } from '#base/contract.ts';
import { SwitchId, type CallId, type WorkItemId } from '#domain/ids.ts';
import type { SwitchDriver, SwitchEvent } from '#domain/switch/driver.ts';
import type { mediaDirector } from '../contract.ts';
import { newItemId, queueId, submission } from './centre.ts';

type Director = Client<typeof mediaDirector>;

export interface SwitchBridgeOptions {
  /** As xml-server and as voice-media-store. */
  readonly xml: Director;
  readonly voice: Director;
  readonly driver: SwitchDriver;
}

export const THE_SWITCH = SwitchId.parse('main');

/** Where every entry point leads. */
const CALLS = queueId('calls');

/** A switch gives up asking so soon. */
const ROUTES_WITHIN = 2_000;

/** Everything is told in the order in which the switch told it: each call waits for the answer to the one before. */
export class SwitchBridge implements AsyncDisposable {
  /** The work items that stand for calls. */
  readonly items = new Map<CallId, WorkItemId>();
  readonly #options: SwitchBridgeOptions;
  readonly #stop = new AbortController();
  readonly #following: Promise<void>;
  readonly #told: Disposable;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: SwitchBridgeOptions) {
    this.#options = options;
    this.#told = options.driver.follow((event) => this.#then(() => this.#hear(event)));
    this.#following = this.#obey();
    this.#then(() => this.#report({ isWhole: true }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#told[Symbol.dispose]();
    this.#stop.abort();
    await this.#following;
    await this.#last;
  }

  #then(step: () => Promise<unknown>): void {
    this.#last = this.#last.then(step);
    this.#last.catch(() => this.#stop.abort()); // the test that waits for what follows tells
  }

  async #obey(): Promise<void> {
    const { xml, driver } = this.#options;
    const { signal } = this.#stop;
    const options = { params: { switch: THE_SWITCH }, since: 0, signal };
    for await (const { event } of xml.follow.interlocks(options)) driver.send(event);
  }

  async #report({ isWhole = false } = {}): Promise<void> {
    const { xml, driver } = this.#options;
    const whole = isWhole && driver.isUp ? await driver.snapshot() : [];
    const agents = whole.map((agent) => ({ ...agent, calls: [...agent.calls] }));
    const up = driver.isUp;
    const { isWholeWanted } = await xml.call.switchReports({
      switch: THE_SWITCH,
      up,
      agents,
      isWhole,
    });
    if (isWholeWanted) await this.#report({ isWhole: true });
  }

  async #hear(event: SwitchEvent): Promise<unknown> {
    const { xml, voice, driver } = this.#options;
    const of = { switch: THE_SWITCH };
    switch (event.type) {
      case 'link-changed':
        return this.#report({ isWhole: true });
      case 'state-changed':
      case 'agent-reported': {
        const { agent, state } = event;
        const calls = event.type === 'agent-reported' ? [...event.calls] : undefined;
        return xml.call.switchReports({ ...of, up: true, agents: [{ agent, state, calls }] });
      }
      case 'call-landed':
        return xml.call.callLanded({ ...of, agent: event.agent, call: event.call });
      case 'call-ended': {
        const item = this.items.get(event.call);
        if (item) await voice.call.callOver({ item });
        return xml.call.callEnded({ ...of, agent: event.agent, call: event.call });
      }
      case 'confirmed': {
        const { agent, request, outcome } = event;
        return xml.call.stateConfirmed({ ...of, agent, request, outcome });
      }
      case 'route-requested': {
        const { call } = event;
        const queue = CALLS;
        const deadline = Date.now() + ROUTES_WITHIN;
        const answer = await xml.call.routeRequest({ ...of, call, queue, deadline });
        const agent = answer.type === 'agent' ? answer.agent : undefined;
        return driver.send({ type: 'route', call, ...(agent && { agent }) });
      }
      case 'call-arrived': {
        const item = submission({ id: newItemId(), channel: 'voice', queue: CALLS });
        this.items.set(event.call, item.id);
        return voice.call.submit({ item: { ...item, enteredAt: Date.now() } });
      }
      case 'caller-left': {
        const item = this.items.get(event.call);
        return item && voice.call.callOver({ item });
      }
    }
  }
}
