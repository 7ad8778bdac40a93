import { Refusal } from '#base/refusal.ts';
import type { Client } from '#base/contract.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { CHANNELS, type AgentId, type Channel } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import {
  CHECK_IN_EVERY,
  type licenseDirector,
  type SeatHolder,
} from '#servers/license-director/contract.ts';

/** An agent who wants to work at a station. */
export interface Applicant {
  readonly agent: AgentId;
  readonly station: string;
  /** Capacity per channel: a channel without room is none of theirs. */
  readonly media: Readonly<Partial<Record<Channel, number>>>;
}

/** Seats of agents. A licence problem refuses new log-ins at most, and never routing. */
export interface Seats {
  /**
   * Takes a seat in as many of the applicant's media as there are seats for.
   *
   * @returns The media without a seat: they log in without those.
   * @throws {Refusal} `no-seat` when no agent can come in any more, or into none of their media, and the
   *   grace of that limit is over. Nothing else.
   */
  take(applicant: Applicant): Promise<Channel[]>;
}

export interface SeatsOptions {
  readonly license: Client<typeof licenseDirector>;
  readonly clock: Clock;
  readonly health: Health;
  readonly trace: Trace;
  /** How long a log-in waits. */
  readonly timeout: Milliseconds;
  /** Who is logged in now. */
  readonly agents: () => Iterable<AgentStatus>;
}

const LICENSE_AWAY = 'The license director is away: agents log in without it.';

/** The limit that refused. */
const nameIn = ({ data }: Refusal): unknown => (data as { name?: unknown } | undefined)?.name;

/** Holders in one message. */
const MOST_HOLDERS = 4_000;

/** Seats at the license director: taken at log-in, said to be held every three minutes, given back at log-out. */
export class LicenseSeats implements Seats, AsyncDisposable {
  readonly #options: SeatsOptions;
  #timer: Disposable | undefined;
  #checkingIn: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(options: SeatsOptions) {
    this.#options = options;
    this.#arm();
  }

  async take({ agent, station, media: capacity }: Applicant): Promise<Channel[]> {
    const { license, clock, health, trace } = this.#options;
    const until = clock.monotonic() + this.#options.timeout;
    let media = CHANNELS.filter((channel) => (capacity[channel] ?? 0) > 0);
    const without: Channel[] = [];
    for (;;) {
      const timeout = until - clock.monotonic();
      if (timeout <= 0) return without;
      try {
        const holder = { type: 'agent', agent, station, media } as const;
        const { warning } = await license.call.takeSeat({ holder }, { timeout });
        const missing = without.length > 0 ? `No seat is left for ${without.join(', ')}.` : warning;
        health.report('seats', missing === undefined ? 'good' : 'degraded', missing);
        return without;
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'no-seat') {
          trace.warning('seat.not-asked', { agent }, error);
          health.report('seats', 'degraded', LICENSE_AWAY);
          return without;
        }
        const full = media.find((channel) => nameIn(error) === `agents.${channel}`);
        if (!full || media.length === 1) throw this.#refusal(agent, error);
        without.push(full);
        media = media.filter((channel) => channel !== full);
      }
    }
  }

  /** Takes note of what happened: who logged out gives their seat back. */
  note(events: readonly DirectorEvent[]): void {
    for (const event of events) {
      if (event.type !== 'agent-logged-out' || event.reason === 'taken-over') continue;
      const { license, trace } = this.#options;
      const { agent } = event;
      license.call
        .releaseSeat({ holder: { agent } })
        .catch((error: unknown) =>
          trace.debug('seat.not-released', { agent, error: String(error) }),
        );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    await this.#checkingIn;
  }

  #arm(): void {
    if (this.#isOver) return;
    this.#timer = this.#options.clock.after(CHECK_IN_EVERY, () => {
      this.#checkingIn = this.#checkIn().finally(() => this.#arm());
    });
  }

  async #checkIn(): Promise<void> {
    const { license, agents, trace } = this.#options;
    const holders = [...agents()].map(({ id, station, channels }): SeatHolder => ({
      type: 'agent',
      agent: id,
      station,
      media: channels,
    }));
    try {
      for (let from = 0; from < holders.length; from += MOST_HOLDERS) {
        await license.call.checkIn({ holders: holders.slice(from, from + MOST_HOLDERS) });
      }
    } catch (error) {
      trace.warning('seats.not-checked-in', { seats: holders.length }, error);
    }
  }

  #refusal(agent: AgentId, { message, data }: Refusal): Refusal {
    const limit = (data as { limit?: unknown } | undefined)?.limit;
    return new Refusal('no-seat', message, { agent, limit: typeof limit === 'number' ? limit : 0 });
  }
}
