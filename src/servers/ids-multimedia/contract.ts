/**
 * What IDS Multimedia promises its managers and IDS View: counts and history, derived from the
 * journals that the director and the stores send to port 29081. Formulas are not its business.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { AgentId, ContactId, Instant, QueueId, WorkItemId } from '#domain/ids.ts';
import { AgentActivity, Balance } from '#domain/metrics/board.ts';
import { Counts } from '#domain/metrics/counts.ts';
import { HistoryItem } from '#domain/metrics/history.ts';
import { AgentStatus } from '#domain/agent/agent-status.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';

const VIEW = ['ids-view'] as const;
const MANAGERS = ['ids-view', 'desktop-server', 'command-line'] as const;

/** The journals it follows, by the name their writers send them under. */
export const STREAMS = [
  'media-director',
  'simple-messaging-media-store',
  'email-media-store',
] as const;
export const FollowedStream = z.enum(STREAMS);
export type FollowedStream = z.infer<typeof FollowedStream>;

/** Ascending edges of neighbouring half-open ranges, on quarters of an hour. */
const Edges = z.array(Instant).min(2).max(10_001);

/** A logged-in agent and what they do. */
export const LiveAgent = z.object({
  status: AgentStatus,
  activity: AgentActivity,
  /** Why not ready. */
  reason: z.string().optional(),
  /** When the activity began. */
  since: Instant,
});
export type LiveAgent = z.infer<typeof LiveAgent>;

/** What is in a queue now. */
export const QueueStanding = z.object({
  queue: QueueId,
  waiting: z.int(),
  oldestWaitingSince: Instant.nullable(),
  withAgents: z.int(),
  parked: z.int(),
});
export type QueueStanding = z.infer<typeof QueueStanding>;

export const idsMultimedia = defineContract({
  name: 'ids-multimedia',
  version: 1,
  methods: {
    /** How far it has followed each journal, and when it last heard of it. */
    positions: {
      params: z.object({}),
      result: z.object({
        streams: z.array(
          z.object({
            stream: FollowedStream,
            position: z.int(),
            /** When the event at that position happened. */
            at: Instant.optional(),
            /** Whether its writer is connected. */
            connected: z.boolean(),
          }),
        ),
        balance: Balance,
      }),
      roles: MANAGERS,
      idempotent: true,
    },
    /** Forgets all that was derived from a journal and derives it anew: its writer sends it again from the beginning. */
    rebuild: {
      params: z.object({ stream: FollowedStream }),
      result: z.object({}),
      roles: MANAGERS,
      idempotent: true,
    },
    /** This moment, with counts since `since`, all of the same position of the journal. Everybody logged in, every queue with work or counts. */
    live: {
      params: z.object({ since: Instant }),
      result: z.object({
        /** The journal's position. */
        version: z.int(),
        at: Instant,
        queues: z.array(QueueStanding.extend({ counts: Counts })),
        agents: z.array(LiveAgent.extend({ contacts: z.int(), counts: Counts })),
        balance: Balance,
      }),
      roles: VIEW,
      idempotent: true,
    },
    /**
     * Counts between neighbouring `edges`, what is still going on included up to now. Ordered by range,
     * then id; at most `limit` behind `after`.
     */
    counts: {
      params: z.object({
        edges: Edges,
        by: z.enum(['queue', 'agent', 'centre']),
        queues: z.array(QueueId).max(1_000).optional(),
        agents: z.array(AgentId).max(1_000).optional(),
        after: z.int().min(0).default(0),
        limit: z.int().min(1).max(1_000).default(1_000),
      }),
      result: z.object({
        rows: z.array(
          z.object({
            /** Between `edges[range]` and `edges[range + 1]`. */
            range: z.int().min(0),
            queue: QueueId.optional(),
            agent: AgentId.optional(),
            counts: Counts,
            times: z
              .array(
                z.object({
                  activity: z.enum(['logged-in', 'busy', 'wrap-up', 'ready', 'not-ready']),
                  reason: z.string().optional(),
                  time: z.int().min(0),
                }),
              )
              .optional(),
          }),
        ),
        next: z.int().optional(),
      }),
      roles: VIEW,
      idempotent: true,
    },
    /** Newest first. */
    contactHistory: {
      params: z.object({
        contact: ContactId,
        before: Instant.optional(),
        limit: z.int().min(1).max(200),
      }),
      result: z.object({ items: z.array(HistoryItem) }),
      roles: VIEW,
      idempotent: true,
    },
    workItemHistory: {
      params: z.object({ item: WorkItemId }),
      result: z.object({ item: HistoryItem, records: z.array(DirectorRecord) }),
      errors: { 'unknown-item': z.object({ item: WorkItemId }) },
      roles: VIEW,
      idempotent: true,
    },
  },
  streams: {
    /** The position reached, at once and then after changes, as fast as the reader takes them: the newest only. */
    versions: { event: z.object({ version: z.int() }), roles: VIEW },
  },
});
