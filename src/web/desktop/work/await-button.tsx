import { Button } from '@mantine/core';
import { IconMessagePause } from '@tabler/icons-react';
import type { Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';

/** Channels in which the customer may take their time to answer. */
const MAY_TAKE_TIME: ReadonlySet<Channel> = new Set(['web-chat', 'sms', 'xmpp', 'email']);

/** Says that it is the customer's turn: the contact stays, and after a while takes up no more room. */
export function AwaitButton({ item }: { item: OpenWorkItem }) {
  if (!MAY_TAKE_TIME.has(item.channel)) return null;
  const isAwaiting = item.state === 'awaiting-customer';
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconMessagePause size={16} />}
      disabled={isAwaiting}
      onClick={() => void attempt(server.awaitCustomer({ params: { id: item.id } }))}
    >
      {isAwaiting ? 'Customer’s turn' : 'Await customer'}
    </Button>
  );
}
