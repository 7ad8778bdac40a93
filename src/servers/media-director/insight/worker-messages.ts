/** What the director's thread and the one that explains say to each other. */
import type { Instant } from '#base/time.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import type { Policy } from '../rules/director-state.ts';
import type { Archive } from './archive.ts';
import type { Question, Unknown } from './explain.ts';

type Methods = { readonly [K in keyof Archive]: Parameters<Archive[K]> };

/** A question to the archive, with its method and what is handed to it. */
export type Ask = {
  [K in keyof Methods]: { readonly method: K; readonly args: Methods[K] };
}[keyof Methods];

export type ToWorker =
  | {
      readonly type: 'explain';
      readonly id: number;
      readonly question: Question;
      readonly policy: Policy;
      readonly now: Instant;
    }
  /** Nobody wants the answer any more. */
  | { readonly type: 'cancel'; readonly id: number }
  | {
      readonly type: 'found';
      readonly id: number;
      readonly value?: unknown;
      readonly error?: string;
    };

export type FromWorker =
  | ({ readonly type: 'ask'; readonly id: number } & Ask)
  | {
      readonly type: 'explained';
      readonly id: number;
      readonly explanation: Explanation | Unknown;
    }
  | { readonly type: 'failed'; readonly id: number; readonly error: string };
