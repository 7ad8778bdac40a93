import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { newId } from '#base/id.ts';
import { type Draft, type DraftKind } from '#domain/email/email.ts';
import { type ConversationId, DraftId, type EmailId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';

export interface Drafts {
  /** The one that is being written, also one that a closed window left. */
  readonly current: Draft | undefined;
  readonly begin: (kind: Exclude<DraftKind, 'new'>, of: EmailId) => Promise<void>;
  /** Goes on with a draft that was sent and taken back. */
  readonly take: (draft: Draft) => void;
  /** What the server holds of the one that is being written. */
  readonly kept: (draft: Draft) => void;
  /** It was sent or thrown away. */
  readonly close: () => void;
}

/** The agent's draft in a conversation; the server keeps it. */
export function useDrafts(conversation: ConversationId): Drafts {
  const cache = useQueryClient();
  const key = ['drafts', conversation];
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => server.listDrafts({ query: { conversation } }),
    staleTime: Infinity,
  });
  const show = useCallback(
    (drafts: readonly Draft[]) => cache.setQueryData(['drafts', conversation], { drafts }),
    [cache, conversation],
  );
  const kept = useCallback(
    (draft: Draft) =>
      cache.setQueryData<{ drafts: readonly Draft[] }>(['drafts', conversation], (before) =>
        before?.drafts[0]?.id === draft.id ? { drafts: [draft] } : before,
      ),
    [cache, conversation],
  );
  return {
    kept,
    current: data?.drafts[0],
    async begin(kind, of) {
      const id = DraftId.parse(newId());
      const draft = await attempt(
        server.beginDraft({ params: { id: conversation }, body: { id, kind, of } }),
      );
      if (draft) show([draft]);
    },
    take: (draft) => show([draft]),
    close: () => show([]),
  };
}
