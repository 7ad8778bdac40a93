import type { DocumentKind } from '#domain/configuration/documents.ts';

/** What decides who gets which work, and nothing else. */
export const ROUTING_KINDS: ReadonlySet<DocumentKind> = new Set([
  'organisation',
  'agent',
  'queue',
  'schedule',
  'code',
]);
