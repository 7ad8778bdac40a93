import { Configuration } from '#domain/configuration/configuration.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { mediaDirectorSettings } from '#servers/media-director/config.ts';
import { DatabaseArchive } from '#servers/media-director/insight/database-archive.ts';
import { History } from '#servers/media-director/insight/history.ts';
import { anchorOf } from '#servers/media-director/insight/anchors.ts';
import { PastState } from '#servers/media-director/insight/past-state.ts';
import { prove } from '#servers/media-director/replay/prove.ts';
import { whatIf, type CourseName } from '#servers/media-director/replay/what-if.ts';
import type { Policy } from '#servers/media-director/rules/director-state.ts';
import { keptKinds, readChange, wholeOf } from './change-file.ts';
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
  if (from >= Date.now()) {
    throw new Error(`Cannot replay from ${printTime(from)}: that is still to come`);
  }
  const { change: file } = options;
  const change = file === undefined ? undefined : { file, documents: readChange(file) };
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
  const output = change ? await tryOut(parts, change) : await proveStretch(parts);
  showProgress('');
  if (options.json) console.log(JSON.stringify(output, withMaps, 2));
  else {
    const names = await namesOf(parts.history, change?.documents);
    console.log(output.type === 'proof' ? printProof(output, names) : printWhatIf(output, names));
  }
  return output.type === 'proof' && output.same < output.decisions ? 1 : 0;
}

/** What things are called by now, or in what is to be tried. */
async function namesOf(
  history: History,
  change: readonly DraftDocument[] = [],
): Promise<Configuration> {
  const names = new Configuration();
  for await (const documents of history.documents(0, Number.MAX_SAFE_INTEGER)) {
    for (const document of documents) names.apply(document);
  }
  const revision = names.revision + 1;
  for (const document of change) names.apply({ ...document, revision, retired: false });
  return names;
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

interface Change {
  readonly file: string;
  readonly documents: readonly DraftDocument[];
}

async function tryOut(parts: Parts, { file, documents }: Change): Promise<WhatIfOutput> {
  const { from, to } = parts;
  const counts = new Map<CourseName, StretchCount>();
  const result = await whatIf({
    ...parts,
    wanted: (before) => wholeOf(file, documents, before),
    begin: (course, start) => counts.set(course, new StretchCount(start, from)),
    each: (course, record) => counts.get(course)?.take(record),
    progress: (course, at) => showProgress(PROGRESS_WORDS[course], { from, to }, at),
  });
  const figures = new Map([...counts].map(([course, count]) => [course, count.figures(to)]));
  return { type: 'what-if', from, to, ...result, kept: keptKinds(documents), figures };
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
