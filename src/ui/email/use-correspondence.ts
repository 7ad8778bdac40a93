import { useEffect, useReducer } from 'react';
import type { ConversationId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { tellFailure } from '#ui/tell.ts';
import { type Correspondence, EMPTY_CORRESPONDENCE, nextCorrespondence } from './correspondence.ts';

/** Facts that come within so many milliseconds are read about at once. */
const READ_AFTER = 50;

/** Reads a conversation by e-mail and follows it; the events name what changed, and it is read again. */
export function useCorrespondence(id: ConversationId): Correspondence {
  const { live } = useLive();
  const [state, dispatch] = useReducer(nextCorrespondence, EMPTY_CORRESPONDENCE);

  useEffect(() => {
    let isOpen = true;
    let soon: ReturnType<typeof setTimeout> | undefined;
    const read = async (): Promise<void> => {
      try {
        for (let since = 0; ;) {
          const page = await server.readEmails({ params: { id }, query: { since: String(since) } });
          if (!isOpen) return;
          dispatch({ type: 'read', ...page });
          const last = page.emails.at(-1)?.number ?? since;
          if (last === since || last >= page.conversation.lastNumber) return;
          since = last;
        }
      } catch (failure) {
        if (isOpen) tellFailure(failure);
      }
    };
    const unhear = live.onConversation(id, (frame) => {
      if (frame.type === 'writing') return dispatch(frame);
      clearTimeout(soon);
      soon = setTimeout(() => void read(), READ_AFTER);
    });
    void read();
    return () => {
      isOpen = false;
      clearTimeout(soon);
      unhear();
    };
  }, [id, live]);
  return state;
}
