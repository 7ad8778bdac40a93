import { useCallback, useEffect, useRef, useState } from 'react';
import { Draft, type DraftBody } from '#domain/email/email.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { tellFailure } from '#ui/tell.ts';

/** What was typed is kept after so long without another key. */
const SAVE_AFTER = 800;

export interface DraftHandle {
  readonly body: DraftBody;
  readonly attachments: Draft['attachments'];
  /** `unsaved`: typed and not kept yet. `lost`: it could not be kept, and is tried again. */
  readonly state: 'saved' | 'unsaved' | 'lost';
  readonly change: (part: Partial<DraftBody>) => void;
  /** Keeps what was typed. @throws {ApiFailure} If it could not be kept. */
  readonly save: () => Promise<void>;
  /** What the server says of its files now. */
  readonly took: (draft: Pick<Draft, 'attachments' | 'revision'>) => void;
  readonly addFile: (file: Draft['attachments'][number]) => void;
}

/** A draft while it is written: every pause keeps it at the server. */
export function useDraft(draft: Draft): DraftHandle {
  const [body, setBody] = useState<DraftBody>(() => bodyOf(draft));
  const [attachments, setAttachments] = useState(draft.attachments);
  const [state, setState] = useState<DraftHandle['state']>('saved');
  const wanted = useRef(body);
  const kept = useRef(body);
  const revision = useRef(draft.revision);
  const saving = useRef<Promise<void>>(undefined);

  const save = useCallback(async (): Promise<void> => {
    await saving.current?.catch(() => undefined);
    if (kept.current === wanted.current) return;
    const typed = wanted.current;
    saving.current = (async () => {
      try {
        const saved = await server.saveDraft({
          params: { id: draft.id },
          body: { revision: revision.current, body: typed },
        });
        revision.current = saved.revision;
        kept.current = typed;
        setState(wanted.current === typed ? 'saved' : 'unsaved');
      } catch (failure) {
        const newer = newerOf(failure);
        if (!newer) {
          setState('lost');
          throw failure;
        }
        // Another window of the same agent: what it kept is not lost either, it is one undo away there.
        revision.current = newer.revision;
        setState('unsaved');
        throw failure;
      }
    })();
    await saving.current;
  }, [draft.id]);

  useEffect(() => {
    if (state === 'saved') return;
    const timer = setTimeout(
      () =>
        void save().catch((failure: unknown) => void (state === 'lost' || tellFailure(failure))),
      state === 'lost' ? SAVE_AFTER * 5 : SAVE_AFTER,
    );
    return () => clearTimeout(timer);
  }, [state, body, save]);

  return {
    body,
    attachments,
    state,
    save,
    change(part) {
      wanted.current = { ...wanted.current, ...part };
      setBody(wanted.current);
      setState((before) => (before === 'lost' ? before : 'unsaved'));
    },
    took(answer) {
      revision.current = answer.revision;
      setAttachments(answer.attachments);
    },
    addFile: (file) =>
      setAttachments((files) => [...files.filter(({ id }) => id !== file.id), file]),
  };
}

const bodyOf = ({ mailbox, to, cc, bcc, subject, format, content }: Draft): DraftBody => ({
  mailbox,
  to,
  cc,
  bcc,
  subject,
  format,
  content,
});

function newerOf(failure: unknown): Draft | undefined {
  if (!(failure instanceof ApiFailure) || failure.code !== 'older') return undefined;
  const { draft } = (failure.data ?? {}) as { draft?: unknown };
  return Draft.safeParse(draft).data;
}
