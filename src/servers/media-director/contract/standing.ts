/** How the director stands with what it promises. */
import { Standing } from '#domain/work-item/standing.ts';
import { DESKTOP, nothing } from './common.ts';

export const STANDING_METHODS = {
  /** What came in, ended and is open, and every promise with what breaks it now: looked through every second. */
  standing: { params: nothing, result: Standing, roles: DESKTOP, idempotent: true },
} as const;
