import { Box, Button, Loader, Stack, Tabs } from '@mantine/core';
import { IconArrowBackUp, IconArrowForward, IconMail, IconNote } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { Email } from '#domain/email/email.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Notes } from '#ui/conversation/notes.tsx';
import { EmailList } from '#ui/email/email-list.tsx';
import { useCorrespondence } from '#ui/email/use-correspondence.ts';
import { useReading } from '#ui/email/use-reading.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { ItemHeader } from '../work/item-header.tsx';
import { Participants } from '../work/participants.tsx';
import { Answering } from './answering.tsx';
import { Editor } from './editor.tsx';
import { HeldBar } from './held-bar.tsx';
import { NewerNotice } from './newer-notice.tsx';
import { TryAgain } from './try-again.tsx';
import { useDrafts } from './use-drafts.ts';

/** A conversation by e-mail in hand: what was written, the notes, and the editor to answer in. */
export function EmailPane({ item, onBack }: { item: OpenWorkItem; onBack: () => void }) {
  const { me } = useLive();
  const id = item.conversation;
  const { conversation, emails, notes, writers } = useCorrespondence(id);
  const drafts = useDrafts(id);
  const isInHand = item.state === 'accepted' || item.state === 'awaiting-customer';
  const mayWrite = isInHand && item.agent === me.agent;
  const newest = emails.findLast(({ direction }) => direction === 'in');

  const reading = useReading({
    emails,
    lastNumber: conversation?.lastNumber ?? Infinity,
    readNumber: conversation?.readNumber ?? 0,
    reader: me.agent,
    isWriting: drafts.current !== undefined,
  });
  const { seen } = reading;
  const isUnread = conversation !== undefined && seen > conversation.readNumber;
  useEffect(() => {
    if (!mayWrite || !isUnread) return;
    // A mark that is lost is sent again with the next e-mail.
    void server.markEmails({ params: { id }, body: { read: seen } }).catch(() => {});
  }, [id, mayWrite, isUnread, seen]);

  const actionsFor = (email: Email) =>
    email.direction === 'out' ? (
      <TryAgain email={email} />
    ) : mayWrite && !drafts.current ? (
      <>
        <Button
          size="compact-sm"
          variant={email.id === newest?.id ? 'filled' : 'default'}
          leftSection={<IconArrowBackUp size={14} />}
          onClick={() => void drafts.begin('reply', email.id)}
        >
          Reply
        </Button>
        {email.to.length + email.cc.length > 1 ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowBackUp size={14} />}
            onClick={() => void drafts.begin('reply-all', email.id)}
          >
            Reply all
          </Button>
        ) : null}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowForward size={14} />}
          onClick={() => void drafts.begin('forward', email.id)}
        >
          Forward
        </Button>
      </>
    ) : null;

  return (
    <Box className="fill">
      <ItemHeader
        item={item}
        title={conversation?.subject || (conversation ? 'Without a subject' : 'E-mail')}
        onBack={onBack}
      />
      <Participants item={item} />
      <Tabs defaultValue="emails" className="fill grow" keepMounted={false}>
        <Tabs.List px="md">
          <Tabs.Tab value="emails" leftSection={<IconMail size={16} />}>
            E-mails{emails.length > 1 ? ` (${emails.length})` : ''}
          </Tabs.Tab>
          <Tabs.Tab value="notes" leftSection={<IconNote size={16} />}>
            Notes{notes.length > 0 ? ` (${notes.length})` : ''}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="emails" className="fill grow">
          <Box className="grow scroll" p="md">
            <Stack gap="sm" maw={860}>
              {conversation ? null : <Loader size="sm" aria-label="Loading" />}
              <EmailList emails={emails} reading={reading} actionsFor={actionsFor} />
              <HeldBar emails={emails} onUndone={drafts.take} />
              <Answering writers={writers.filter((writer) => writer !== me.agent)} />
              <NewerNotice count={reading.unseen.size} onLook={reading.look} />
              {drafts.current ? (
                <Editor
                  key={drafts.current.id}
                  draft={drafts.current}
                  queue={item.queue}
                  seen={seen}
                  onLook={reading.look}
                  onKept={drafts.kept}
                  maySend={mayWrite}
                  onDone={drafts.close}
                />
              ) : null}
            </Stack>
          </Box>
        </Tabs.Panel>
        <Tabs.Panel value="notes" className="fill grow">
          <Notes conversation={id} notes={notes} medium="email" />
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}
