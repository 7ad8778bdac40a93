import { pause } from '#base/keep-trying.ts';
import type { Call, Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { switchCommand } from '#domain/switch/switch-command.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { Standing } from '#domain/work-item/standing.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import type { mediaDirector } from './contract.ts';
import type { Director } from './director.ts';
import type { Insight } from './insight/insight.ts';
import type { Ledger } from './ledger.ts';
import { Pages } from './pages.ts';
import {
  commandOf,
  type CommandName,
  type CommandParams,
  type CommandReplies,
} from './rules/command.ts';
import { expectationOf, waitInQueue } from './rules/expected-wait.ts';
import type { Ending } from './rules/director-state.ts';
import type { Seats } from './seats.ts';
import { toMany } from './to-many.ts';

/** Who decides at present, and where it becomes durable. */
export interface InOffice {
  readonly director: Director;
  readonly ledger: Ledger;
}

export interface ImplementationParts {
  readonly clock: Clock;
  /** Waits, within reason, for a director to be in office. @throws {Refusal} `busy` */
  readonly current: (signal: AbortSignal) => Promise<InOffice>;
  readonly seats: Seats;
  /** Answers about the past. */
  readonly insight: Insight;
  readonly standing: () => Standing;
}

/** While the database is gone, questions to it are asked again this often. */
const ASK_AGAIN_AFTER = 250;

/** The contract on a director. */
export function implementMediaDirector({
  clock,
  current,
  seats,
  insight,
  standing,
}: ImplementationParts): Implementation<typeof mediaDirector> {
  const pages = new Pages(clock);

  const run = async <K extends CommandName>(
    name: K,
    params: CommandParams[K],
    { signal }: Call,
  ): Promise<CommandReplies[K]> => {
    const { director } = await current(signal);
    return director.run(commandOf(name, params));
  };
  const plain =
    <K extends CommandName>(name: K) =>
    (params: CommandParams[K], call: Call): Promise<CommandReplies[K]> =>
      run(name, params, call);

  /** How items ended, in memory or long ago; waits while the database is gone. */
  const endingsOf = async (
    items: readonly WorkItemId[],
    signal: AbortSignal,
  ): Promise<Map<WorkItemId, Ending>> => {
    for (;;) {
      const { director, ledger } = await current(signal);
      try {
        const old = await ledger.endingsOf(items);
        const found = new Map(
          items.flatMap((id) => {
            const ending = director.state.endings.get(id) ?? old.get(id);
            return ending && !director.state.item(id) ? [[id, ending] as const] : [];
          }),
        );
        await director.settled(); // what was found is told only once it is durable
        return found;
      } catch (error) {
        if (!(error instanceof DatabaseGoneError)) throw error;
        if (signal.aborted) throw new Refusal('busy', 'Cannot look this up: the database is away');
        await pause(clock, ASK_AGAIN_AFTER, signal);
      }
    }
  };

  return {
    methods: {
      async submit(params, call) {
        const { id } = params.item;
        const { director, ledger } = await current(call.signal);
        const isKnown = director.state.item(id) ?? director.state.endings.has(id);
        if (!isKnown && ledger.mayHaveEnded(id) && (await endingsOf([id], call.signal)).has(id)) {
          const { position } = director.state;
          await director.settled();
          return { position };
        }
        return run('submit', params, call);
      },
      abandon: plain('abandon'),
      keepPlace: plain('keepPlace'),
      cancelCallback: plain('cancelCallback'),
      customerWrote: plain('customerWrote'),
      async openItems({ channels, page }, { signal }) {
        if (page) return pages.more(page);
        const { director } = await current(signal);
        const { position, items } = director.state.centre.snapshot();
        await director.settled();
        const wanted = items.filter((item) => channels.includes(item.channel));
        return pages.first({ position, items: wanted, agents: [] });
      },
      async endings({ items }, { signal }) {
        const endings = await endingsOf(items, signal);
        return {
          endings: [...endings].map(([item, { ending, to }]) => ({ item, ending, to })),
        };
      },
      async estimates({ items }, { signal }) {
        const { director } = await current(signal);
        const at = clock.now();
        const estimates = items.flatMap((item) => {
          const expectation = expectationOf(director.state, item, at);
          return expectation ? [{ item, ...expectation }] : [];
        });
        await director.settled();
        return { estimates };
      },
      async expectedWaits({ lines }, { signal }) {
        const { director } = await current(signal);
        const at = clock.now();
        const waits = lines.map((line) => waitInQueue(director.state, line, at) ?? null);
        await director.settled();
        return { waits };
      },

      async logIn(params, call) {
        const { director } = await current(call.signal);
        const { agent, station } = params;
        if (director.state.centre.agents.has(agent)) return run('logIn', params, call);
        const media = director.state.configuration.get('agent', agent)?.capacity ?? {};
        const without = await seats.take({ agent, station, media });
        return run('logIn', { ...params, without }, call);
      },
      logOut: plain('logOut'),
      setReadiness: plain('setReadiness'),
      async present({ agents }, { signal }) {
        const { director } = await current(signal);
        await director.present(agents);
        return {};
      },

      reportDevice: plain('reportDevice'),

      accept: plain('accept'),
      decline: plain('decline'),
      take: plain('take'),
      failOffer: plain('failOffer'),
      awaitCustomer: plain('awaitCustomer'),
      close: plain('close'),
      endWrapUp: plain('endWrapUp'),
      transfer: plain('transfer'),
      park: plain('park'),
      wake: plain('wake'),
      assign: plain('assign'),
      pullBack: plain('pullBack'),
      forceClose: plain('forceClose'),
      reorder: plain('reorder'),
      async many(params, { signal }) {
        const { director } = await current(signal);
        return toMany(director, params);
      },
      merge: plain('merge'),
      split: plain('split'),

      invite: plain('invite'),
      answerInvitation: plain('answerInvitation'),
      join: plain('join'),
      changeRole: plain('changeRole'),
      leave: plain('leave'),
      removeParticipant: plain('removeParticipant'),

      async standing(_, { signal }) {
        const { director } = await current(signal);
        const told = standing();
        await director.settled();
        return told;
      },

      async snapshot({ page }, { signal }) {
        if (page) return pages.more(page);
        const { director } = await current(signal);
        const whole = director.state.centre.snapshot();
        await director.settled();
        return pages.first(whole);
      },
      explain: (question, { signal }) => insight.explain(question, signal),

      async switchReports(params, { signal }) {
        const { director } = await current(signal);
        director.heard(params.switch);
        return director.run(commandOf('switchReports', params));
      },
      callLanded: plain('callLanded'),
      callEnded: plain('callEnded'),
      stateConfirmed: plain('stateConfirmed'),
      routeRequest: plain('routeRequest'),
      callOver: plain('callOver'),
    },
    streams: {
      async *journal({ since }, { signal }) {
        const { ledger } = await current(signal);
        for await (const record of ledger.follow(since ?? ledger.position, signal)) {
          yield { event: record satisfies DirectorRecord, cursor: record.position };
        }
      },
      async *interlocks({ params, since }, { signal }) {
        const { ledger } = await current(signal);
        for await (const { body, position } of ledger.follow(since ?? ledger.position, signal)) {
          const event = switchCommand(body);
          if (event?.switch === params.switch) yield { event, cursor: position };
        }
      },
    },
  };
}
