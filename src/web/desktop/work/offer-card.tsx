import { Button, Group, Menu, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import type { CodeId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { absentCustomer } from '#ui/absent-customer.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';
import { useNow } from '#ui/time.ts';
import { useLive } from '#ui/live/use-live.ts';
import classes from './work.module.css';

/** Work offered to this agent, with the time left to accept it. */
export function OfferCard({ item, onAccepted }: { item: OpenWorkItem; onAccepted: () => void }) {
  const { live } = useLive();
  const [isBusy, setBusy] = useState(false);
  const now = useNow(250);
  const summary = live.summaries.get(item.id);
  const deadline = item.deadline ?? now;
  const accepts =
    item.since + (live.configuration.get('queue', item.queue)?.autoAcceptAfter ?? Infinity);
  const isAutomatic = accepts < deadline;
  const whole = Math.max(1, Math.min(accepts, deadline) - item.since);
  const left = Math.max(0, Math.min(accepts, deadline) - now);
  const offer = item.offer ?? 0;
  const reasons = [...live.configuration.all('code')].filter(([, code]) => code.use === 'decline');

  const accept = async (): Promise<void> => {
    setBusy(true);
    if (await attempt(server.accept({ params: { id: item.id }, body: { offer } }))) onAccepted();
    setBusy(false);
  };
  const decline = async (reason?: CodeId): Promise<void> => {
    setBusy(true);
    await attempt(server.decline({ params: { id: item.id }, body: { offer, reason } }));
    setBusy(false);
  };

  return (
    <Paper className={classes.offer} p="sm" withBorder shadow="md">
      <Stack gap={10}>
        <Group gap={8} wrap="nowrap">
          <ChannelIcon channel={item.channel} />
          <Text fw={600} truncate className="grow">
            {summary?.title || 'Customer'}
          </Text>
          <Text size="sm" fw={600} className="figures" aria-hidden="true">
            {Math.ceil(left / 1_000)} s
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {live.configuration.nameOf('queue', item.queue)}
          {absentCustomer(item)} · waiting <Elapsed since={item.enteredAt} size="sm" span />
        </Text>
        {summary?.text ? (
          <Text size="sm" lineClamp={3} className="break">
            {summary.text}
          </Text>
        ) : null}
        {isAutomatic ? <Text size="sm">Accepted by itself when the time is over</Text> : null}
        <Progress value={(left / whole) * 100} size={4} aria-label="Time left to accept" />
        <Group gap={8} wrap="nowrap">
          <Button className="grow" size="sm" loading={isBusy} onClick={() => void accept()}>
            Accept
          </Button>
          {reasons.length === 0 ? (
            <Button variant="default" size="sm" disabled={isBusy} onClick={() => void decline()}>
              Decline
            </Button>
          ) : (
            <Menu position="bottom-end" withinPortal>
              <Menu.Target>
                <Button
                  variant="default"
                  size="sm"
                  disabled={isBusy}
                  rightSection={<IconChevronDown size={14} />}
                >
                  Decline
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {reasons.map(([id, { name }]) => (
                  <Menu.Item key={id} onClick={() => void decline(id)}>
                    {name}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
