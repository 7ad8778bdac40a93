/** A load of conversations, and what must be true of them afterwards, whatever the weather was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Message } from '#domain/message.ts';
import type { Board } from '#domain/metrics/board.ts';
import { Centre as CentreState } from '#domain/work-item/centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { connectRpc } from '#platform/rpc/connect.ts';
import { openTokens } from '#platform/tokens/tokens.ts';
import { mediaDirector } from '#servers/media-director/contract.ts';
import { GOOD_BYE } from './agent.ts';
import type { Agent } from './agent.ts';
import type { Centre } from './start-centre.ts';
import { Visitor } from './visitor.ts';

export interface LoadOptions {
  /** Customers who write at the same time. */
  readonly customers: number;
  /** What each says before good-bye. */
  readonly messages: number;
  /** Between two messages of one customer. */
  readonly pause: number;
}

/** Customers who begin one conversation after the other until told to stop. */
export class Load implements Disposable {
  readonly visitors: Visitor[] = [];
  readonly #centre: Centre;
  readonly #options: LoadOptions;
  readonly #stop = new AbortController();
  readonly #customers: Promise<void>[];

  constructor(centre: Centre, options: LoadOptions) {
    this.#centre = centre;
    this.#options = options;
    this.#customers = Array.from({ length: options.customers }, () => this.#customer());
  }

  /** Messages that the centre has said it keeps. */
  get acknowledged(): number {
    return this.visitors.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  }

  /** Nobody begins anew; resolves once every conversation was answered and closed. */
  async finish(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#customers);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    for (const visitor of this.visitors) visitor[Symbol.dispose]();
  }

  async #customer(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const visitor = new Visitor(this.#centre.url);
      this.visitors.push(visitor);
      for (let said = 1; said <= this.#options.messages; said++) {
        await visitor.write(`Question ${said}`);
        await sleep(this.#options.pause);
      }
      await visitor.write(GOOD_BYE);
      await visitor.until(() => visitor.ended);
      visitor[Symbol.dispose]();
    }
  }
}

/** All that must be true of a centre whose only conversations were with `visitors`. */
export async function expectNothingLost(
  centre: Centre,
  visitors: readonly Visitor[],
  agents: readonly Agent[],
): Promise<void> {
  await expectEveryMessage(centre, visitors, agents);
  await expectSoundJournal(
    centre,
    visitors.map(({ conversation }) => conversation),
  );
}

/** Every message that was acknowledged is there exactly once, in order, answered once, and was shown so. */
export async function expectEveryMessage(
  centre: Centre,
  visitors: readonly Visitor[],
  agents: readonly Agent[],
): Promise<void> {
  for (const visitor of visitors) {
    const { conversation } = visitor;
    const stored = await readAll(centre, conversation);
    expect(stored.map(({ number }) => number)).toEqual(stored.map((_, at) => at + 1));
    const ids = (from: string): string[] =>
      stored.filter((message) => message.from === from).map(({ id }) => id);
    const questions = [...visitor.acknowledged];
    expect({ conversation, asked: ids('customer'), answered: ids('agent').toSorted() }).toEqual({
      conversation,
      asked: questions.map(([id]) => id),
      answered: questions.map(([, number]) => `re-${number}`).toSorted(),
    });
    const acknowledged = agents.flatMap(({ replied }) => [...(replied.get(conversation) ?? [])]);
    expect(ids('agent')).toEqual(expect.arrayContaining(acknowledged));
    for (const { number, id, text } of visitor.shown.values()) {
      expect(stored[number - 1]).toMatchObject({ number, id, text });
    }
  }
  for (const agent of agents) {
    expect(agent.surprises).toEqual([]);
    for (const numbers of agent.heard.values()) {
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    }
  }
}

/**
 * The director's journal, from its beginning: numbered without gaps, each conversation entered once and never
 * has two owners, in = closed + open, and the board says the same.
 */
export async function expectSoundJournal(
  centre: Centre,
  conversations: readonly string[],
): Promise<void> {
  const journal = await readJournal(centre);
  expect(journal.map(({ position }) => position)).toEqual(journal.map((_, at) => at + 1));
  const state = new CentreState();
  const faults: string[] = [];
  const entered: string[] = [];
  let ended = 0;
  for (const record of journal) {
    const { body } = record;
    const before = 'item' in body ? state.items.get(body.item) : undefined;
    if (body.type === 'work-item-entered') {
      if (before) faults.push(`${body.item} entered twice`);
      if (body.channel === 'web-chat') entered.push(body.conversation);
    }
    const wasTheirs = before?.state === 'offered' && 'agent' in body && before.agent === body.agent;
    if (body.type === 'work-item-accepted' && !wasTheirs) {
      faults.push(`${body.item} accepted by ${body.agent}, but ${before?.state} ${before?.agent}`);
    }
    if (body.type === 'work-item-offered' && before?.state !== 'queued') {
      faults.push(`${body.item} offered though ${before?.state}`);
    }
    if (body.type === 'work-item-closed') ended++;
    state.apply(record);
  }
  expect(faults).toEqual([]);
  expect(entered.toSorted()).toEqual(conversations.toSorted());
  const balance = { entered: entered.length, ended, open: state.items.size, difference: 0 };
  expect(entered).toHaveLength(ended + state.items.size);
  await expect
    .poll(async () => (await centre.api.call<Board>('GET', '/board')).balance, { timeout: 10_000 })
    .toEqual(balance);
}

/** Everything that the director ever decided. */
async function readJournal(centre: Centre): Promise<DirectorRecord[]> {
  const port = centre.portOf('media-director');
  const token = openTokens(centre.program.data).tokenOf('desktop-server');
  await using director = connectRpc(mediaDirector, { url: `ws://127.0.0.1:${port}`, token });
  const { position } = await director.call.snapshot({});
  const journal: DirectorRecord[] = [];
  for await (const { event } of director.follow.journal({ since: 0 })) {
    journal.push(event);
    if (event.position >= position) break;
  }
  return journal;
}

/** All messages of a conversation, page by page. */
export async function readAll(centre: Centre, conversation: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { messages } = await centre.api.call<{ messages: Message[] }>(
      'GET',
      `/conversations/${conversation}?since=${all.at(-1)?.number ?? 0}`,
    );
    if (messages.length === 0) return all;
    all.push(...messages);
  }
}
