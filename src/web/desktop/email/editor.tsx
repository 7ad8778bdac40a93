import {
  ActionIcon,
  Box,
  Button,
  CloseButton,
  FileButton,
  Group,
  Progress,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPaperclip, IconSend, IconTrash } from '@tabler/icons-react';
import type { Editor as Rich } from '@tiptap/react';
import { useEffect, useRef, useState } from 'react';
import type { Draft } from '#domain/email/email.ts';
import type { QueueId } from '#domain/ids.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { Dialog } from '#ui/dialog.tsx';
import { formatBytes } from '#ui/email/files.tsx';
import { RichText } from '#ui/email/rich-text.tsx';
import { draftFileAddress, server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellFailure } from '#ui/tell.ts';
import { forEditor, fromEditor, richOf } from './draft-content.ts';
import classes from './editor.module.css';
import { InsertMenu } from './insert-menu.tsx';
import { type Insertable, insertablesFor } from './insertable.ts';
import { OtherWindow } from './other-window.tsx';
import { RecipientsInput } from './recipients-input.tsx';
import type { KeepingState } from './draft-keeper.ts';
import { upload } from './upload.ts';
import { useDraft } from './use-draft.ts';

const STATES: Readonly<Record<KeepingState, string>> = {
  saved: 'Kept',
  unsaved: 'Writing',
  lost: 'Not kept yet: it is tried again',
  older: 'Not kept: written in another window',
};

/** How often others are told that an answer is being written; it ends by itself after 30 s. */
const TELL_EVERY = 15_000;

/** Where an agent writes an e-mail. The server keeps it while they type, and it leaves only by their word. */
export function Editor({
  draft,
  queue,
  seen,
  maySend,
  onDone,
  onLook,
  onKept,
}: {
  draft: Draft;
  /** Whose texts may be inserted; left out: those for every queue. */
  queue: QueueId | undefined;
  /** The newest e-mail that the agent has before them. */
  seen: number;
  maySend: boolean;
  onDone: () => void;
  /** Shows what is newer. */
  onLook?: () => void;
  /** Told what the server holds of it. */
  onKept?: (draft: Draft) => void;
}) {
  const { live } = useLive();
  const written = useDraft(draft, onKept);
  const { body, attachments, state, change, save, addFile } = written;
  const [rich, setRich] = useState<Rich | null>(null);
  const [showsCopies, setShowsCopies] = useState(body.cc.length + body.bcc.length > 0);
  const [uploading, setUploading] = useState<number>();
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState<'throw-away' | 'answered'>();
  const plain = useRef<HTMLTextAreaElement>(null);
  const told = useRef(0);
  const addressOf = (attachment: string) => draftFileAddress(draft.id, attachment);
  const insertables = insertablesFor(live.configuration, queue);

  const tellWriting = (writing: boolean): void => {
    const now = Date.now();
    if (writing && now - told.current < TELL_EVERY) return;
    told.current = writing ? now : 0;
    // A sign of the moment: when it is lost, the next one comes soon.
    void server
      .writing({ params: { id: draft.conversation }, body: { writing } })
      .catch(() => undefined);
  };
  useEffect(() => {
    tellWriting(true);
    return () => tellWriting(false);
    // Of the draft as such, not of what is typed into it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [draft.id]);

  const write = (content: string): void => {
    change({ content });
    tellWriting(true);
  };
  const takeFiles = async (files: readonly File[], inText: boolean): Promise<void> => {
    for (const file of files) {
      const inline = inText && body.format === 'rich' && file.type.startsWith('image/');
      setUploading(0);
      try {
        const added = await upload(draft.id, file, inline, setUploading);
        addFile(added);
        if (inline) rich?.commands.setImage({ src: addressOf(added.id), alt: added.name });
      } catch (failure) {
        tellFailure(failure);
      }
    }
    setUploading(undefined);
  };
  const removeFile = async (id: string): Promise<void> => {
    const answer = await attempt(
      server.detachFromDraft({ params: { id: draft.id, attachment: id } }),
    );
    if (answer) written.tookFiles(answer.attachments);
  };
  const insert = async ({ what }: Insertable): Promise<void> => {
    const filled =
      what.type === 'text'
        ? { html: richOf(what.text), text: what.text, subject: '' }
        : await attempt(
            server.fillTemplate({ params: { id: draft.id }, body: { template: what.template } }),
          );
    if (!filled) return;
    if (body.subject === '' && filled.subject !== '') change({ subject: filled.subject });
    if (body.format === 'rich') return void rich?.chain().focus().insertContent(filled.html).run();
    const text = 'text' in filled ? filled.text : textOf(filled.html);
    const { selectionStart: at, selectionEnd: end } = plain.current ?? {
      selectionStart: 0,
      selectionEnd: 0,
    };
    write(body.content.slice(0, at) + text + body.content.slice(end));
  };
  const expand = (key: string): boolean => {
    const found = insertables.find((each) => each.key === key);
    if (found) void insert(found);
    return found !== undefined;
  };
  const switchFormat = (): void => {
    if (body.format === 'plain') change({ format: 'rich', content: richOf(body.content) });
    else change({ format: 'plain', content: rich?.getText({ blockSeparator: '\n' }) ?? '' });
  };
  const send = async (anyway = false): Promise<void> => {
    setBusy(true);
    try {
      await save();
      await server.sendDraft({ params: { id: draft.id }, body: { seen, anyway } });
      onDone();
    } catch (failure) {
      if (failure instanceof ApiFailure && failure.code === 'answered-meanwhile') {
        setAsking('answered');
      } else if (!(failure instanceof ApiFailure && failure.code === 'older')) tellFailure(failure);
    }
    setBusy(false);
  };
  const files = attachments.filter(({ inline }) => !inline);

  return (
    <Box
      component="section"
      aria-label="Your e-mail"
      className={classes.editor}
      p="sm"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !maySend) return;
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Box className="grow">
            <RecipientsInput label="To" value={body.to} onChange={(to) => change({ to })} />
          </Box>
          {showsCopies ? null : (
            <Button variant="subtle" size="compact-sm" mt={5} onClick={() => setShowsCopies(true)}>
              CC / BCC
            </Button>
          )}
        </Group>
        {showsCopies ? (
          <>
            <RecipientsInput label="CC" value={body.cc} onChange={(cc) => change({ cc })} />
            <RecipientsInput label="BCC" value={body.bcc} onChange={(bcc) => change({ bcc })} />
          </>
        ) : null}
        <TextInput
          aria-label="Subject"
          placeholder="Subject"
          maxLength={1_000}
          value={body.subject}
          onChange={({ currentTarget }) => change({ subject: currentTarget.value })}
        />
        {body.format === 'rich' ? (
          <RichText
            key={written.edition}
            initial={forEditor(body.content, attachments, addressOf)}
            onChange={(html) => write(fromEditor(html, attachments, addressOf))}
            onReady={setRich}
            onFiles={(dropped) => void takeFiles(dropped, true)}
            onExpand={expand}
          />
        ) : (
          <Textarea
            ref={plain}
            aria-label="Text"
            autosize
            minRows={8}
            maxRows={24}
            value={body.content}
            onChange={({ currentTarget }) => write(currentTarget.value)}
          />
        )}
        {files.length > 0 ? (
          <Group gap="xs" aria-label="Files">
            {files.map((file) => (
              <Group key={file.id} gap={4} wrap="nowrap" className={classes.file}>
                <IconPaperclip size={14} aria-hidden="true" />
                <Text size="sm" truncate maw={220} title={file.name}>
                  {file.name}
                </Text>
                <Text size="xs" c="dimmed" className="whole">
                  {formatBytes(file.size)}
                </Text>
                <CloseButton
                  size="xs"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => void removeFile(file.id)}
                />
              </Group>
            ))}
          </Group>
        ) : null}
        {uploading === undefined ? null : (
          <Progress value={uploading * 100} size="sm" animated aria-label="A file is on its way" />
        )}
        <Group justify="space-between" gap="xs">
          <Group gap="xs">
            <Button
              size="sm"
              rightSection={<IconSend size={16} />}
              disabled={!maySend || uploading !== undefined}
              loading={isBusy}
              onClick={() => void send()}
            >
              Send
            </Button>
            <FileButton multiple onChange={(chosen) => void takeFiles(chosen, false)}>
              {(props) => (
                <Button
                  {...props}
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconPaperclip size={14} />}
                >
                  Attach
                </Button>
              )}
            </FileButton>
            <InsertMenu all={insertables} onChoose={(chosen) => void insert(chosen)} />
            <Button size="compact-sm" variant="subtle" color="gray" onClick={switchFormat}>
              {body.format === 'rich' ? 'As plain text' : 'With formatting'}
            </Button>
          </Group>
          <Group gap="xs">
            <Text
              size="xs"
              c={state === 'lost' ? 'var(--mantine-color-error)' : 'dimmed'}
              role="status"
            >
              {STATES[state]}
            </Text>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Throw the draft away"
              onClick={() => setAsking('throw-away')}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </Group>
        </Group>
      </Stack>
      <Dialog
        title="Throw this draft away?"
        isOpen={isAsking === 'throw-away'}
        onClose={() => setAsking(undefined)}
        deed="Throw away"
        isGrave
        act={async () => {
          await server.discardDraft({ params: { id: draft.id } });
          onDone();
        }}
      >
        <Text size="sm">What you have written is lost.</Text>
      </Dialog>
      <Dialog
        title="Something newer has come"
        isOpen={isAsking === 'answered'}
        onClose={() => {
          setAsking(undefined);
          onLook?.();
        }}
        deed="Send anyway"
        otherwise="Look first"
        act={() => send(true)}
      >
        <Text size="sm">
          Since you began, the customer has written again or somebody else has answered.
        </Text>
      </Dialog>
      <OtherWindow
        isOpen={state === 'older'}
        onTakeTheirs={written.takeTheirs}
        onKeepMine={written.keepMine}
      />
    </Box>
  );
}

function textOf(html: string): string {
  const page = new DOMParser().parseFromString(
    html.replaceAll(/<br\s*\/?>|<\/p>/gi, '$&\n'),
    'text/html',
  );
  return page.body.textContent.trim();
}
