import { Box, Button, Drawer, Group, SegmentedControl, Text } from '@mantine/core';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { ParticipantRole } from '#domain/work-item/event.ts';
import { hasJoined, participantOf } from '#domain/work-item/participants.ts';
import { audienceOf } from '#ui/conversation/audience.ts';
import { MessageLog } from '#ui/conversation/message-log.tsx';
import { Notes } from '#ui/conversation/notes.tsx';
import { useThread } from '#ui/conversation/use-thread.ts';
import { Writing } from '#ui/conversation/writing.tsx';
import { EmailList } from '#ui/email/email-list.tsx';
import { useCorrespondence } from '#ui/email/use-correspondence.ts';
import { useReading } from '#ui/email/use-reading.ts';
import { server } from '#ui/live/server.ts';
import { thisStation } from '#ui/live/station.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';

/** How a supervisor is in a conversation. */
export type ListeningRole = 'monitor' | 'coach' | 'conferee';

const ROLES: readonly { readonly value: ListeningRole; readonly label: string }[] = [
  { value: 'monitor', label: 'Listen' },
  { value: 'coach', label: 'Coach' },
  { value: 'conferee', label: 'Barge in' },
];

const MEANS: Readonly<Record<ParticipantRole, string>> = {
  monitor: 'You read along. The customer does not notice you.',
  coach: 'You write to the agent alone. The customer does not notice you.',
  conferee: 'You speak with the customer, beside the agent.',
  consulted: 'You were asked for advice: you write to the agent alone.',
};

/** The conversation that the supervisor is in, whatever they came as; they leave it by closing it. */
export function ListenIn({
  item,
  onClose,
}: {
  item: OpenWorkItem | undefined;
  onClose: () => void;
}) {
  const { me, live } = useLive();
  const own = item && me.agent ? participantOf(item, me.agent) : undefined;
  const isOpen = item !== undefined && own !== undefined && hasJoined(own);
  const title = item ? live.summaries.get(item.id)?.title || 'Customer' : '';
  const leave = (): void => {
    if (item) void attempt(server.leave({ params: { id: item.id } }));
    onClose();
  };
  return (
    <Drawer
      opened={isOpen}
      onClose={leave}
      position="right"
      size="lg"
      title={`${title}, with ${item?.agent ? live.configuration.nameOf('agent', item.agent) : 'nobody'}`}
      closeButtonProps={{ 'aria-label': 'Leave the conversation' }}
      styles={{ body: { height: 'calc(100% - 60px)', padding: 0 }, title: { fontWeight: 600 } }}
    >
      {isOpen ? <Part key={item.id} item={item} role={own.role} onLeave={leave} /> : null}
    </Drawer>
  );
}

function Part({
  item,
  role,
  onLeave,
}: {
  item: OpenWorkItem;
  role: ParticipantRole;
  onLeave: () => void;
}) {
  const { me } = useLive();
  const be = (next: ListeningRole): void => {
    if (!me.agent) return;
    const params = { id: item.id, agent: me.agent };
    void attempt(server.changeRole({ params, body: { role: next } }));
  };
  return (
    <Box className="fill" h="100%">
      <Group px="md" pb="sm" gap="sm" justify="space-between">
        {role === 'consulted' ? null : (
          <SegmentedControl
            size="sm"
            value={role}
            onChange={(value) => be(value)}
            data={[...ROLES]}
            aria-label="How you take part"
          />
        )}
        <Button size="sm" variant="default" onClick={onLeave}>
          Leave
        </Button>
      </Group>
      <Text size="sm" c="dimmed" px="md" pb="xs" role="status">
        {MEANS[role]}
      </Text>
      {item.channel === 'email' ? <Emails item={item} /> : <Messages item={item} />}
    </Box>
  );
}

function Messages({ item }: { item: OpenWorkItem }) {
  const { me } = useLive();
  const { thread, send } = useThread(item.conversation);
  return (
    <>
      <MessageLog thread={thread} onRetry={(text, id) => void send(text, id)} />
      <Writing
        item={item}
        audience={audienceOf(item, me.agent)}
        onSend={(text) => void send(text)}
      />
    </>
  );
}

function Emails({ item }: { item: OpenWorkItem }) {
  const { conversation, emails, notes } = useCorrespondence(item.conversation);
  const reading = useReading({
    emails,
    lastNumber: conversation?.lastNumber ?? Infinity,
    readNumber: conversation?.readNumber ?? 0,
  });
  return (
    <Box className="grow scroll" p="md">
      <EmailList emails={emails} reading={reading} />
      <Notes conversation={item.conversation} notes={notes} medium="email" />
    </Box>
  );
}

/** Brings the supervisor into a conversation; where they are logged in nowhere yet, here. */
export async function joinAs(
  item: WorkItemId,
  role: ListeningRole,
  isLoggedIn: boolean,
): Promise<boolean> {
  if (!isLoggedIn && !(await attempt(server.logIn({ body: { station: thisStation() } })))) {
    return false;
  }
  const joined = await attempt(server.join({ params: { id: item }, body: { role } }));
  return joined !== undefined;
}
