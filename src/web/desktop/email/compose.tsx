import { Alert, Button, Drawer, Loader, Select, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newId } from '#base/id.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Draft, Email, EmailAddress } from '#domain/email/email.ts';
import {
  ConversationId,
  DraftId,
  InteractionId,
  MailboxId,
  type ContactId,
  type QueueId,
} from '#domain/ids.ts';
import { useCorrespondence } from '#ui/email/use-correspondence.ts';
import { EmailList } from '#ui/email/email-list.tsx';
import { useReading } from '#ui/email/use-reading.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { Editor } from './editor.tsx';
import { HeldBar } from './held-bar.tsx';
import { TryAgain } from './try-again.tsx';

/** Whom a new e-mail is for, where that is known. */
export interface Addressee {
  readonly contact?: ContactId;
  readonly to: readonly EmailAddress[];
}

const KEY = ['new-emails'];

/** New e-mails: from which mailbox, then the editor; those that were begun and not sent are found again. */
export function Compose({
  addressee,
  isOpen,
  onClose,
}: {
  addressee: Addressee | undefined;
  isOpen: boolean;
  onClose: () => void;
}) {
  return (
    <Drawer opened={isOpen} onClose={onClose} position="right" size={820} title="Write an e-mail">
      {isOpen ? <Composing addressee={addressee} /> : null}
    </Drawer>
  );
}

function Composing({ addressee }: { addressee: Addressee | undefined }) {
  const cache = useQueryClient();
  const [draft, setDraft] = useState<Draft>();
  // What was taken back is an e-mail of the conversation already.
  const [seen, setSeen] = useState(0);
  const [sent, setSent] = useState<ConversationId>();
  const drafts = useQuery({ queryKey: KEY, queryFn: () => server.listDrafts(), staleTime: 0 });
  const begun = (drafts.data?.drafts ?? []).filter(({ kind }) => kind === 'new');

  if (sent)
    return (
      <Sent
        conversation={sent}
        onUndone={(again, email) => {
          setSent(undefined);
          setSeen(email.number);
          setDraft(again);
        }}
        onAgain={() => {
          setSent(undefined);
          setSeen(0);
        }}
      />
    );
  if (draft) {
    return (
      <Writing
        draft={draft}
        seen={seen}
        onDone={() => {
          setSent(draft.conversation);
          setDraft(undefined);
          void cache.invalidateQueries({ queryKey: KEY });
        }}
      />
    );
  }
  return (
    <Stack>
      <Begin addressee={addressee} onBegun={setDraft} />
      {drafts.isPending ? <Loader size="sm" aria-label="Loading" /> : null}
      {begun.length > 0 ? (
        <Stack gap={6} component="section" aria-label="Begun and not sent">
          <Text size="xs" fw={600} c="dimmed" tt="uppercase" lts={0.4}>
            Begun and not sent
          </Text>
          {begun.map((each) => (
            <Button
              key={each.id}
              variant="default"
              justify="flex-start"
              onClick={() => setDraft(each)}
            >
              <Text size="sm" truncate>
                {each.subject || 'Without a subject'} · {each.to[0]?.address ?? 'to nobody yet'}
              </Text>
            </Button>
          ))}
        </Stack>
      ) : null}
    </Stack>
  );
}

/** From which mailbox: that of a queue the agent serves, or the first that can send. */
function Begin({
  addressee,
  onBegun,
}: {
  addressee: Addressee | undefined;
  onBegun: (draft: Draft) => void;
}) {
  const { me, live } = useLive();
  const mailboxes = [...live.configuration.all('mailbox')].filter(
    ([, { enabled, send }]) => enabled && send !== undefined,
  );
  const [mailbox, setMailbox] = useState<string | null>(mailboxes[0]?.[0] ?? null);
  const [isBusy, setBusy] = useState(false);
  if (mailboxes.length === 0) {
    return (
      <Alert color="gray">No mailbox can send. An administrator sets one up under Mailboxes.</Alert>
    );
  }
  const begin = async (): Promise<void> => {
    if (mailbox === null) return;
    setBusy(true);
    const own = me.agent;
    const agent = own && live.configuration.get('agent', own);
    // nobody writes in the name of a queue that they do not serve
    const queues = [...live.configuration.all('queue')].filter(
      ([, { serves }]) => own && agent && doesServe(own, agent, serves),
    );
    const queue = queueOf(mailbox, queues);
    const draft = await attempt(
      server.composeEmail({
        body: {
          id: DraftId.parse(newId()),
          conversation: ConversationId.parse(newId()),
          interaction: InteractionId.parse(newId()),
          mailbox: MailboxId.parse(mailbox),
          ...(queue === undefined ? {} : { queue }),
          ...(addressee?.contact === undefined ? {} : { contact: addressee.contact }),
          to: [...(addressee?.to ?? [])],
        },
      }),
    );
    setBusy(false);
    if (draft) onBegun(draft);
  };
  return (
    <Stack gap="sm">
      <Select
        label="From"
        allowDeselect={false}
        data={mailboxes.map(([id, { name, address }]) => ({
          value: id,
          label: `${name} <${address}>`,
        }))}
        value={mailbox}
        onChange={setMailbox}
      />
      <Button
        onClick={() => void begin()}
        loading={isBusy}
        disabled={mailbox === null}
        data-autofocus
        style={{ alignSelf: 'flex-start' }}
      >
        Begin
      </Button>
    </Stack>
  );
}

function queueOf(
  mailbox: string,
  queues: readonly (readonly [QueueId, { readonly mailbox?: MailboxId | undefined }])[],
): QueueId | undefined {
  return queues.find(([, queue]) => queue.mailbox === mailbox)?.[0];
}

function Writing({ draft, seen, onDone }: { draft: Draft; seen: number; onDone: () => void }) {
  const { live } = useLive();
  const queue = queueOf(draft.mailbox, [...live.configuration.all('queue')]);
  return <Editor draft={draft} queue={queue} seen={seen} maySend onDone={onDone} />;
}

/** What became of it, as long as the drawer stays open: it can be taken back for a moment. */
function Sent({
  conversation,
  onUndone,
  onAgain,
}: {
  conversation: ConversationId;
  onUndone: (draft: Draft, email: Email) => void;
  onAgain: () => void;
}) {
  const { conversation: head, emails } = useCorrespondence(conversation);
  const reading = useReading({ emails, lastNumber: head?.lastNumber ?? Infinity, readNumber: 0 });
  return (
    <Stack>
      <EmailList
        emails={emails}
        reading={reading}
        actionsFor={(email) => <TryAgain email={email} />}
      />
      <HeldBar emails={emails} onUndone={onUndone} />
      <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={onAgain}>
        Write another
      </Button>
    </Stack>
  );
}
