import { ActionIcon, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import type { Channel } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { Choice, Dialog } from '#ui/dialog.tsx';
import { agentChoices } from '#ui/live/agent-choices.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { joinAs, type ListeningRole } from './listen-in.tsx';
import { ItemStory } from './item-story.tsx';

/** Channels whose conversations can be read along here. */
const LISTENED_TO: ReadonlySet<Channel> = new Set(['web-chat', 'sms', 'xmpp']);

/** What a supervisor does with a contact: give it to somebody, take it back, wake it, end it, read its story. */
export function ItemActions({ item, onListen }: { item: OpenWorkItem; onListen: () => void }) {
  const { me, live } = useLive();
  const [isAssigning, assigning] = useDisclosure(false);
  const [isClosing, closing] = useDisclosure(false);
  const [isReading, reading] = useDisclosure(false);
  const params = { id: item.id };
  const title = live.summaries.get(item.id)?.title || 'this contact';
  const isWithAgent =
    item.state === 'offered' || item.state === 'accepted' || item.state === 'awaiting-customer';
  const isInHand = item.state === 'accepted' || item.state === 'awaiting-customer';
  const canListen = isInHand && LISTENED_TO.has(item.channel) && item.agent !== me.agent;
  const listen = async (role: ListeningRole): Promise<void> => {
    const isLoggedIn = me.agent !== undefined && live.centre.agents.has(me.agent);
    if (await joinAs(item.id, role, isLoggedIn)) onListen();
  };
  return (
    <>
      <Menu position="bottom-end" width={200} withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${title}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={reading.open}>What happened</Menu.Item>
          {canListen ? (
            <>
              <Menu.Item onClick={() => void listen('monitor')}>Listen in</Menu.Item>
              <Menu.Item onClick={() => void listen('coach')}>Coach</Menu.Item>
              <Menu.Item onClick={() => void listen('conferee')}>Barge in</Menu.Item>
              <Menu.Divider />
            </>
          ) : null}
          {item.state === 'queued' || item.state === 'parked' ? (
            <Menu.Item onClick={assigning.open}>Assign to …</Menu.Item>
          ) : null}
          {isWithAgent ? (
            <Menu.Item onClick={() => void attempt(server.pullBack({ params }))}>
              Pull back
            </Menu.Item>
          ) : null}
          {item.state === 'parked' ? (
            <Menu.Item onClick={() => void attempt(server.wake({ params }))}>
              Bring back now
            </Menu.Item>
          ) : null}
          <Menu.Divider />
          <Menu.Item color="red" onClick={closing.open}>
            Force close …
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <AssignDialog item={item} isOpen={isAssigning} onClose={assigning.close} />
      <Dialog
        title="Force close"
        isOpen={isClosing}
        onClose={closing.close}
        deed="Force close"
        act={() => server.forceClose({ params, body: {} })}
        done="Closed."
        isGrave
      >
        <Text size="sm">
          This ends the contact for the customer and for whoever has it, from any state. It cannot
          be undone.
        </Text>
      </Dialog>
      <Modal opened={isReading} onClose={reading.close} title="What happened" size="lg">
        <ItemStory item={item.id} />
      </Modal>
    </>
  );
}

function AssignDialog({
  item,
  isOpen,
  onClose,
}: {
  item: OpenWorkItem;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { live } = useLive();
  const [agent, setAgent] = useState<string | null>(null);
  const assign = (agent: string): Promise<unknown> =>
    server.assign({ params: { id: item.id }, body: { agent } });
  return (
    <Dialog
      title="Assign"
      isOpen={isOpen}
      onClose={onClose}
      deed="Assign"
      act={agent ? () => assign(agent) : undefined}
      done="Offered."
    >
      <Choice
        label="Agent"
        data={agentChoices(live)}
        value={agent}
        onChange={setAgent}
        nothingFound="Nobody of that name is logged in"
      />
      <Text size="sm" c="dimmed">
        It is offered to them whatever the rules say; only their capacity holds.
      </Text>
    </Dialog>
  );
}
