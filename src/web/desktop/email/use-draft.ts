import { useEffect, useRef, useState } from 'react';
import { Draft, type DraftBody } from '#domain/email/email.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import { DraftKeeper, type KeepingState } from './draft-keeper.ts';

export interface DraftHandle {
  readonly body: DraftBody;
  readonly attachments: Draft['attachments'];
  readonly state: KeepingState;
  readonly change: (part: Partial<DraftBody>) => void;
  /** Keeps what was typed. @throws {ApiFailure} If it could not be kept. */
  readonly save: () => Promise<void>;
  /** Another window kept something else: takes that, or keeps what was typed here. */
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
  /** What the server says of its files now. */
  readonly tookFiles: (attachments: Draft['attachments']) => void;
  readonly addFile: (file: Draft['attachments'][number]) => void;
  /** Rises when the text is another than what was typed here: a field that has its own copy begins anew. */
  readonly edition: number;
}

/** A draft while it is written: every pause keeps it at the server. `onKept` is told what the server holds. */
export function useDraft(draft: Draft, onKept?: (draft: Draft) => void): DraftHandle {
  const [, redraw] = useState(0);
  const [edition, setEdition] = useState(0);
  const [attachments, setAttachments] = useState(draft.attachments);
  const tell = useRef(onKept);
  const held = useRef(draft);
  useEffect(() => {
    tell.current = onKept;
  }, [onKept]);
  const kept = (part: Partial<Draft>): void => {
    held.current = { ...held.current, ...part };
    tell.current?.(held.current);
  };
  const [keeper] = useState(
    () =>
      new DraftKeeper(draft, {
        async save(body, revision) {
          const saved = await server.saveDraft({
            params: { id: draft.id },
            body: { revision, body },
          });
          kept({ ...body, revision: saved.revision });
          return { ...saved, ...body };
        },
        newerOf,
        schedule(deed, after) {
          const timer = setTimeout(deed, after);
          return () => clearTimeout(timer);
        },
        onChange: () => redraw((n) => n + 1),
      }),
  );

  useEffect(() => {
    const online = (): void => keeper.online();
    addEventListener('online', online);
    return () => {
      removeEventListener('online', online);
      keeper.leave();
    };
  }, [keeper]);

  const showFiles = (files: Draft['attachments']): void => {
    setAttachments(files);
    kept({ attachments: files });
  };
  return {
    body: keeper.body,
    attachments,
    state: keeper.state,
    edition,
    change: (part) => keeper.change(part),
    save: () => keeper.save(),
    takeTheirs() {
      const { newer } = keeper;
      if (!newer) return;
      keeper.takeTheirs();
      held.current = newer;
      showFiles(newer.attachments);
      setEdition((n) => n + 1);
    },
    keepMine: () => keeper.keepMine(),
    tookFiles: showFiles,
    addFile: (file) =>
      showFiles([...held.current.attachments.filter(({ id }) => id !== file.id), file]),
  };
}

function newerOf(failure: unknown): Draft | undefined {
  if (!(failure instanceof ApiFailure) || failure.code !== 'older') return undefined;
  const { draft } = (failure.data ?? {}) as { draft?: unknown };
  return Draft.safeParse(draft).data;
}
