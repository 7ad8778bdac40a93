import { readFileSync } from 'node:fs';
import { DOCUMENTS } from '#domain/configuration/documents.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { parseText } from '#servers/configuration-server/rules/text.ts';
import { mediaDirectorSettings } from '#servers/media-director/config.ts';
import { DatabaseArchive } from '#servers/media-director/insight/database-archive.ts';
import { History } from '#servers/media-director/insight/history.ts';
import { anchorOf } from '#servers/media-director/insight/anchors.ts';
import { PastState } from '#servers/media-director/insight/past-state.ts';
import { prove } from '#servers/media-director/replay/prove.ts';
import { whatIf, type CourseName } from '#servers/media-director/replay/what-if.ts';
import type { Policy } from '#servers/media-director/rules/director-state.ts';
import type { Context } from './context.ts';
import { printProof, printWhatIf, type ProofOutput, type WhatIfOutput } from './print-replay.ts';
import { reachDatabase } from './reach-database.ts';
import { StretchCount } from './stretch-figures.ts';
import { printTime, readTime } from './times.ts';

export interface ReplayOptions {
  readonly from: string;
  readonly to?: string;
  readonly change?: string;
  readonly json?: boolean;
}

/** What every kind of replay needs. */
interface Parts {
  readonly history: History;
  readonly policy: Policy;
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
}

/**
 * `emcee replay`: decides a stretch of the journal again, in this very process: a centre that runs is not
 * held up.
 *
 * @returns The exit code: 1 where an offer came out another one.
 */
export async function replay(context: Context, options: ReplayOptions): Promise<number> {
  const from = readTime(options.from, '--from');
  const to = options.to === undefined ? Date.now() : readTime(options.to, '--to');
  if (from >= to) {
    throw new Error(
      `Cannot replay from ${printTime(from)} to ${printTime(to)}: nothing lies between`,
    );
  }
  const wanted = options.change === undefined ? undefined : readChange(options.change);
  await using reached = await reachDatabase(context);
  await using database = await openDatabase({
    url: reached.url,
    name: 'emcee replay',
    maxConnections: 1,
  });
  const settings = context.settings.of('media-director', mediaDirectorSettings);
  const parts: Parts = {
    history: new History(new DatabaseArchive(database)),
    policy: {
      restAfterReturn: settings['rest-after-return'],
      vanishedWorkReturns: settings['vanished-work-returns'],
      vanishedLogOut: settings['vanished-log-out'],
    },
    from,
    to,
    signal: new AbortController().signal, // Ctrl-C ends the process
  };
  const output = wanted ? await tryOut(parts, wanted) : await proveStretch(parts);
  showProgress('');
  if (options.json) console.log(JSON.stringify(output, withMaps, 2));
  else console.log(output.type === 'proof' ? printProof(output) : printWhatIf(output));
  return output.type === 'proof' && output.same < output.decisions ? 1 : 0;
}

const withMaps = (_: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;

async function proveStretch({ history, policy, from, to, signal }: Parts): Promise<ProofOutput> {
  const since = await history.positionBefore(from);
  const until = await history.positionBefore(to);
  const { state } = await PastState.at(since, { history, policy, signal });
  const count = new StretchCount(anchorOf(state), from);
  const proof = await prove({
    history,
    policy,
    since,
    until,
    signal,
    each(record) {
      count.take(record);
      if (record.position % PROGRESS_EVERY === 0) showProgress('Replayed', { from, to }, record.at);
    },
  });
  return { type: 'proof', from, to, events: until - since, ...proof, ...count.figures(to) };
}

async function tryOut(parts: Parts, wanted: readonly DraftDocument[]): Promise<WhatIfOutput> {
  const { from, to } = parts;
  const counts = new Map<CourseName, StretchCount>();
  const result = await whatIf({
    ...parts,
    wanted,
    begin: (course, start) => counts.set(course, new StretchCount(start, from)),
    each: (course, record) => counts.get(course)?.take(record),
    progress: (course, at) => showProgress(PROGRESS_WORDS[course], { from, to }, at),
  });
  const figures = new Map([...counts].map(([course, count]) => [course, count.figures(to)]));
  return { type: 'what-if', from, to, ...result, figures };
}

/** The configuration text to be tried. @throws {Error} One sentence: what is wrong with it, and where. */
function readChange(file: string): readonly DraftDocument[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`Cannot read "${file}": ${(error as Error).message}`, { cause: error });
  }
  const read = parseText(text);
  if (read.type !== 'read') {
    const [first] = read.problems;
    throw new Error(`Cannot try "${file}": ${first?.path ?? ''} ${first?.problem ?? ''}`);
  }
  for (const { kind, id, body } of read.documents) {
    const sound = DOCUMENTS[kind].safeParse(body);
    if (sound.success) continue;
    const { path = [], message } = sound.error.issues[0] ?? {};
    throw new Error(`Cannot try "${file}": ${[kind, id, ...path].join('.')}: ${message}`);
  }
  return read.documents;
}

const PROGRESS_EVERY = 1_000;

const PROGRESS_WORDS: Readonly<Record<CourseName, string>> = {
  'as-it-was': 'Read',
  again: 'Decided again',
  'with-change': 'Decided with the change',
};

let shownAt = 0;

/** How far it is, to a person who waits at a terminal; '' wipes it away. */
function showProgress(words: string, { from, to } = { from: 0, to: 1 }, at = from): void {
  if (!process.stderr.isTTY) return;
  const now = Date.now();
  if (words !== '' && now - shownAt < 200) return;
  shownAt = now;
  const share = Math.floor(((at - from) / (to - from)) * 100);
  process.stderr.write(words === '' ? '\r\u001B[K' : `\r\u001B[K${words}: ${share} %`);
}
