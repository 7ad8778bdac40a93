import type { Instant } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId } from '#domain/ids.ts';
import type { DraftDocument } from '#domain/configuration/initial.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { anchorOf } from '../insight/anchors.ts';
import type { Anchor } from '../insight/archive.ts';
import type { History } from '../insight/history.ts';
import { PastState } from '../insight/past-state.ts';
import { DirectorState, type Policy } from '../rules/director-state.ts';
import { arrivalsOf, changeTo, newAgentsOf } from './change.ts';
import { ScriptReader } from './read-script.ts';
import { Rerun } from './rerun.ts';
import type { Script } from './script.ts';

/** The three courses that things take, to be held against each other. */
export const COURSES = ['as-it-was', 'again', 'with-change'] as const;
export type CourseName = (typeof COURSES)[number];

export interface WhatIfOptions {
  readonly history: History;
  readonly policy: Policy;
  readonly from: Instant;
  readonly to: Instant;
  /** Given the configuration as the stretch begins: the one to be tried, whole. */
  readonly wanted: (before: Configuration) => readonly DraftDocument[];
  readonly signal: AbortSignal;
  /** Told where each course begins, before its first event. */
  readonly begin: (course: CourseName, start: Anchor) => void;
  /** Told of every event of each course, as its journal would keep it. */
  readonly each: (course: CourseName, record: DirectorRecord) => void;
  readonly progress?: (course: CourseName, at: Instant) => void;
}

export interface WhatIf {
  readonly events: number;
  /** Documents of the configuration as it was that the one to be tried has not. */
  readonly retired: readonly Pick<StoredDocument, 'kind' | 'id'>[];
  /** Agents who were not there in the stretch: nobody knows when they would have been, so they are all the while. */
  readonly newAgents: readonly AgentId[];
  /** Contacts that found their queue full or closed. */
  readonly turnedAway: Readonly<Record<'again' | 'with-change', number>>;
  /** Whether anybody was answered in the stretch: else nobody can tell how long contacts take. */
  readonly isHandlingKnown: boolean;
}

/**
 * Reads a stretch of the journal and decides it anew, once as the configuration was, which shows how true
 * the model is, and once with another.
 *
 * @throws The signal's reason.
 */
export async function whatIf(options: WhatIfOptions): Promise<WhatIf> {
  const { history, policy, from, to, signal, begin, each, progress } = options;
  const since = await history.positionBefore(from);
  const until = await history.positionBefore(to);
  const past = await PastState.at(since, options);
  const { revision } = past;
  const start = anchorOf(past.state);
  const wanted = options.wanted(past.state.configuration);
  const change = changeTo(past.state, wanted);

  begin('as-it-was', start);
  const reader = new ScriptReader(past, from);
  for await (const record of history.records(since, until, signal)) {
    const before = past.revision;
    await past.apply(record);
    if (past.revision !== before) {
      const known = past.revision > before ? before : 0;
      const changed = await Array.fromAsync(history.documents(known, past.revision));
      reader.configured(record.at, changed.flat());
    }
    reader.take(record);
    each('as-it-was', record);
    if (record.position % 1_000 === 0) progress?.('as-it-was', record.at);
  }
  const script = reader.script(to);
  const newAgents = newAgentsOf(past.state, wanted);

  const run = async (course: 'again' | 'with-change', its: Script): Promise<number> => {
    const state = new DirectorState(policy, start);
    state.configure((await Array.fromAsync(history.documents(0, revision))).flat());
    if (course === 'with-change') state.configure(change);
    state.takeTouched();
    begin(course, start);
    const rerun = new Rerun({
      state,
      script: its,
      from,
      to,
      signal,
      each: (record) => each(course, record),
      progress: (at) => progress?.(course, at),
    });
    await rerun.run();
    return rerun.turnedAway;
  };
  const again = await run('again', script);
  const changed = await run('with-change', {
    ...script,
    happenings: [
      ...arrivalsOf(newAgents, from),
      ...script.happenings.filter(({ type }) => type !== 'configuration'),
    ],
  });
  return {
    events: until - since,
    retired: change.filter(({ retired }) => retired).map(({ kind, id }) => ({ kind, id })),
    newAgents,
    turnedAway: { again, 'with-change': changed },
    isHandlingKnown: script.isHandlingKnown,
  };
}
