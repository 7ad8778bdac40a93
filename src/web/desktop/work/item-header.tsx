import { ActionIcon, Button, Group, Menu, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArrowForwardUp,
  IconArrowLeft,
  IconCheck,
  IconChevronDown,
  IconClockPause,
  IconDoorExit,
  IconUsers,
} from '@tabler/icons-react';
import type { CodeId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { absentCustomer } from '#ui/absent-customer.ts';
import { ChannelIcon } from '#ui/channel-icon.tsx';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { AwaitButton } from './await-button.tsx';
import { ConsultDialog } from './consult-dialog.tsx';
import { MoreActions } from './more-actions.tsx';
import { ParkDialog } from './park-dialog.tsx';
import { TransferDialog } from './transfer-dialog.tsx';
import classes from './work.module.css';

/** Whose work it is, from where, since when; and what can be done with it. */
export function ItemHeader({
  item,
  title,
  onBack,
}: {
  item: OpenWorkItem;
  title: string;
  /** Back to the list, where a narrow window has no room for both. */
  onBack: () => void;
}) {
  const { me, live } = useLive();
  const [isTransferring, transferring] = useDisclosure(false);
  const [isParking, parking] = useDisclosure(false);
  const [isConsulting, consulting] = useDisclosure(false);
  const isInHand = item.state === 'accepted' || item.state === 'awaiting-customer';
  const isOwned = isInHand && item.agent === me.agent;
  const queue = live.configuration.get('queue', item.queue);
  const codes = [...live.configuration.all('code')].filter(
    ([, code]) =>
      code.use === 'work' && (code.queues.length === 0 || code.queues.includes(item.queue)),
  );
  const close = (code?: CodeId) =>
    void attempt(server.close({ params: { id: item.id }, body: code ? { code } : {} }));
  const leave = () => void attempt(server.leave({ params: { id: item.id } }));
  const wake = () => void attempt(server.wake({ params: { id: item.id } }));

  return (
    <Group component="header" justify="space-between" px="md" py="sm" gap="sm">
      <div className={classes.heading}>
        <Group gap={8} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            hiddenFrom="sm"
            onClick={onBack}
            aria-label="Back to the list"
          >
            <IconArrowLeft size={20} />
          </ActionIcon>
          <ChannelIcon channel={item.channel} size={20} />
          <Title order={1} fz="lg" lineClamp={1} className="break">
            {title}
          </Title>
        </Group>
        <Text size="sm" c="dimmed" truncate>
          {live.configuration.nameOf('queue', item.queue)}
          {absentCustomer(item)} · came <Elapsed since={item.enteredAt} size="sm" span /> ago
        </Text>
      </div>
      {isOwned ? (
        <Group gap={8}>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconUsers size={16} />}
            onClick={consulting.open}
          >
            Consult
          </Button>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconArrowForwardUp size={16} />}
            onClick={transferring.open}
          >
            Transfer
          </Button>
          <AwaitButton item={item} />
          <Button
            variant="default"
            size="sm"
            leftSection={<IconClockPause size={16} />}
            onClick={parking.open}
          >
            Park
          </Button>
          <MoreActions item={item} />
          {codes.length === 0 ? (
            <Button size="sm" leftSection={<IconCheck size={16} />} onClick={() => close()}>
              Close
            </Button>
          ) : (
            <Menu position="bottom-end" width={220} withinPortal>
              <Menu.Target>
                <Button
                  size="sm"
                  leftSection={<IconCheck size={16} />}
                  rightSection={<IconChevronDown size={14} />}
                >
                  Close
                </Button>
              </Menu.Target>
              <Menu.Dropdown mah={320} className="scroll">
                <Menu.Label>Close as</Menu.Label>
                {codes.map(([id, { name }]) => (
                  <Menu.Item key={id} onClick={() => close(id)}>
                    {name}
                  </Menu.Item>
                ))}
                {queue?.wrapUp.codeRequired ? null : (
                  <>
                    <Menu.Divider />
                    <Menu.Item onClick={() => close()}>Without a code</Menu.Item>
                  </>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      ) : isInHand ? (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconDoorExit size={16} />}
          onClick={leave}
        >
          Leave
        </Button>
      ) : (
        <Button size="sm" variant="default" onClick={wake}>
          Bring back now
        </Button>
      )}
      <TransferDialog item={item} isOpen={isTransferring} onClose={transferring.close} />
      <ConsultDialog item={item} isOpen={isConsulting} onClose={consulting.close} />
      <ParkDialog item={item} isOpen={isParking} onClose={parking.close} />
    </Group>
  );
}
