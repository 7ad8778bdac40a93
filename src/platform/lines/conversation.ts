import { z } from 'zod';
import { LINES_VERSION } from './limits.ts';
import type { Line } from './line-splitter.ts';

export const Hello = z.object({
  token: z.string().max(1024).optional(),
  stream: z.string().min(1).max(256),
  version: z.int().default(LINES_VERSION),
  since: z.int().min(0).optional(),
  filter: z.unknown().optional(),
  /** A program that beats asks for it; a person at a terminal does not. */
  beats: z.boolean().default(false),
});

/** What a dialer or a reader says first. */
export type Hello = z.infer<typeof Hello>;

/** What happens after a sound hello: the lines, and the end. */
export interface LineConversation {
  take(line: Line, bytes: number): void;
  /** The connection is over. Resolves once nothing of it is under way any more. */
  ended(): Promise<void>;
}
