import { Box, Group, Tabs, Text } from '@mantine/core';
import { IconMessage, IconNote } from '@tabler/icons-react';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { audienceOf } from '#ui/conversation/audience.ts';
import { MessageLog } from '#ui/conversation/message-log.tsx';
import { Notes } from '#ui/conversation/notes.tsx';
import { useThread } from '#ui/conversation/use-thread.ts';
import { Writing } from '#ui/conversation/writing.tsx';
import { useLive } from '#ui/live/use-live.ts';
import { ItemHeader } from '../work/item-header.tsx';
import { Participants } from '../work/participants.tsx';

/** A conversation in hand: what was said, the notes, and the field to answer in. */
export function ConversationPane({ item, onBack }: { item: OpenWorkItem; onBack: () => void }) {
  const { me } = useLive();
  const { thread, send } = useThread(item.conversation);
  const audience = audienceOf(item, me.agent);
  const { conversation } = thread;
  const isEnded = conversation?.endedAt !== undefined;
  const isInHand = item.state === 'accepted' || item.state === 'awaiting-customer';
  return (
    <Box className="fill">
      <ItemHeader item={item} title={conversation?.customerName || 'Customer'} onBack={onBack} />
      <Participants item={item} />
      <Tabs defaultValue="messages" className="fill grow" keepMounted={false}>
        <Tabs.List px="md">
          <Tabs.Tab value="messages" leftSection={<IconMessage size={16} />}>
            Conversation
          </Tabs.Tab>
          <Tabs.Tab value="notes" leftSection={<IconNote size={16} />}>
            Notes{thread.notes.length > 0 ? ` (${thread.notes.length})` : ''}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="messages" className="fill grow">
          <MessageLog thread={thread} onRetry={(text, id) => void send(text, id)} />
          {!isInHand || isEnded || !(audience.customer || audience.colleagues) ? (
            <Group p="md" justify="center" role="status">
              <Text size="sm" c="dimmed">
                {!isInHand
                  ? 'This conversation is set aside. Bring it back to write.'
                  : conversation?.endedBy === 'customer'
                    ? 'The customer has ended the conversation. Close it with a work code.'
                    : isEnded
                      ? 'This conversation has ended.'
                      : 'You are listening. Nobody else sees it but your colleagues.'}
              </Text>
            </Group>
          ) : (
            <Writing item={item} audience={audience} onSend={(text) => void send(text)} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="notes" className="fill grow">
          <Notes conversation={item.conversation} notes={thread.notes} />
        </Tabs.Panel>
      </Tabs>
    </Box>
  );
}
