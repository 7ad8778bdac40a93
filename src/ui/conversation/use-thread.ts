import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { ConversationId } from '#domain/ids.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { tellFailure } from '#ui/tell.ts';
import { EMPTY_THREAD, nextThread, type Thread } from './thread.ts';

/** How long a customer counts as typing without another sign. */
const TYPING_LASTS = 6_000;

export interface ThreadHandle {
  readonly thread: Thread;
  /** Sends a text; again under the same `id` when it failed. */
  readonly send: (text: string, id?: string) => Promise<void>;
}

/** Reads a conversation, follows it, and sends what the agent writes. */
export function useThread(id: ConversationId): ThreadHandle {
  const { live } = useLive();
  const [thread, dispatch] = useReducer(nextThread, EMPTY_THREAD);
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    let isOpen = true;
    const read = async (): Promise<void> => {
      try {
        let since = 0;
        for (;;) {
          const page = await server.readConversation({
            params: { id },
            query: { since: String(since) },
          });
          if (!isOpen) return;
          dispatch({ type: 'read', ...page });
          const last = page.messages.at(-1)?.number ?? since;
          if (last === since || last >= page.conversation.lastNumber) return;
          since = last;
        }
      } catch (failure) {
        if (isOpen) tellFailure(failure);
      }
    };
    const unhear = live.onConversation(id, (frame) => {
      if (frame.type === 'missed') return void read();
      dispatch(frame);
      if (frame.type === 'typing' && frame.typing) {
        clearTimeout(typing.current);
        typing.current = setTimeout(() => dispatch({ ...frame, typing: false }), TYPING_LASTS);
      }
    });
    void read();
    return () => {
      isOpen = false;
      clearTimeout(typing.current);
      unhear();
    };
  }, [id, live]);

  const send = useCallback(
    async (text: string, messageId: string = crypto.randomUUID()): Promise<void> => {
      dispatch({ type: 'send', id: messageId, text });
      try {
        const message = await server.postMessage({ params: { id }, body: { id: messageId, text } });
        dispatch({ type: 'message', position: 0, message });
      } catch (failure) {
        const problem = failure instanceof ApiFailure ? failure.message : 'Not sent.';
        dispatch({ type: 'not-sent', id: messageId, problem });
      }
    },
    [id],
  );
  useMarks(id, thread);
  return { thread, send };
}

/** Tells the server what has arrived here, and what has been seen: only while the page is looked at. */
function useMarks(id: ConversationId, { messages, conversation }: Thread): void {
  const last = messages.findLast((m) => m.from === 'customer')?.number ?? 0;
  const known = conversation?.marks.agentRead ?? 0;
  const isKnown = conversation !== undefined;
  useEffect(() => {
    if (!isKnown || last <= known) return;
    const mark = (): void => {
      const read = document.visibilityState === 'visible' && document.hasFocus();
      // A mark that is lost is sent again with the next message.
      void server
        .mark({ params: { id }, body: { delivered: last, ...(read ? { read: last } : {}) } })
        .catch(() => {});
    };
    mark();
    addEventListener('focus', mark);
    return () => removeEventListener('focus', mark);
  }, [id, last, known, isKnown]);
}
