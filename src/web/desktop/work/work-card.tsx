import { Badge, Group, Text, UnstyledButton } from '@mantine/core';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { participantOf } from '#domain/work-item/participants.ts';
import { ROLE_NAMES } from '#ui/conversation/audience.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { formatTime } from '#ui/time.ts';
import { useLive } from '#ui/live/use-live.ts';
import classes from './work.module.css';

/** One piece of the agent's work: who, where it came in, the last words, how long. */
export function WorkCard({
  item,
  isSelected,
  onSelect,
}: {
  item: OpenWorkItem;
  isSelected: boolean;
  onSelect: () => void;
}) {
  const { me, live } = useLive();
  const own = me.agent && participantOf(item, me.agent);
  const summary = live.summaries.get(item.id);
  const unread = summary?.unread ?? 0;
  return (
    <UnstyledButton className={classes.card} onClick={onSelect} aria-current={isSelected}>
      <Group gap={8} wrap="nowrap">
        <ChannelIcon channel={item.channel} />
        <Text size="sm" fw={unread > 0 ? 700 : 500} truncate className="grow">
          {summary?.title || 'Customer'}
        </Text>
        {unread > 0 ? (
          <Badge size="sm" circle aria-label={`${unread} unread`}>
            {unread > 9 ? '9+' : unread}
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed" truncate mt={2}>
        {summary?.text || live.configuration.nameOf('queue', item.queue)}
      </Text>
      <Text size="xs" c="dimmed" mt={2}>
        {item.state === 'parked' ? (
          item.parkedUntil ? (
            `until ${formatTime(item.parkedUntil)}`
          ) : (
            'until the customer writes'
          )
        ) : (
          <>
            {own
              ? `${ROLE_NAMES[own.role]}, with ${item.agent ? live.configuration.nameOf('agent', item.agent) : 'nobody'}`
              : item.state === 'awaiting-customer'
                ? 'the customer’s turn'
                : live.configuration.nameOf('queue', item.queue)}{' '}
            · <Elapsed since={item.since} size="xs" span />
          </>
        )}
      </Text>
    </UnstyledButton>
  );
}
