import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { newId } from '#base/id.ts';
import type { Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { MergeDialog } from './merge-dialog.tsx';

/** Channels whose customers are not at the other end meanwhile. */
const CAN_BE_JOINED: ReadonlySet<Channel> = new Set(['email', 'preview', 'task']);

/** What is done with work more rarely: merge it, split a second matter off, give it up. */
export function MoreActions({ item }: { item: OpenWorkItem }) {
  const [isMerging, merging] = useDisclosure(false);
  const canBeJoined = CAN_BE_JOINED.has(item.channel);
  const split = async (): Promise<void> => {
    const body = { to: newId() };
    if (await attempt(server.split({ params: { id: item.id }, body }))) {
      tellDone('Split: the second matter waits in the same queue.');
    }
  };
  const leave = () => void attempt(server.leave({ params: { id: item.id } }));
  return (
    <>
      <Menu position="bottom-end" width={240} withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {canBeJoined ? (
            <>
              <Menu.Item onClick={merging.open}>Merge into …</Menu.Item>
              <Menu.Item onClick={() => void split()}>Split off a second matter</Menu.Item>
            </>
          ) : null}
          <Menu.Item onClick={leave}>Leave it to others</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <MergeDialog item={item} isOpen={isMerging} onClose={merging.close} />
    </>
  );
}
