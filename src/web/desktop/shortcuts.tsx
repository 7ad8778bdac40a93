import { ActionIcon, Kbd, Modal, Stack, Switch, Table, Tooltip, Button } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconKeyboard } from '@tabler/icons-react';
import { useState } from 'react';
import type { WorkItemId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { server } from '#ui/live/server.ts';
import { attempt } from '#ui/tell.ts';
import type { Invitation } from './work/taking-part.ts';
import { canAskForNotes, isSoundOn, setSound } from './alert.ts';

const KEYS = [
  { keys: ['Alt', 'A'], what: 'Accept the oldest offer, or join a colleague' },
  { keys: ['Alt', '↓'], what: 'Next contact' },
  { keys: ['Alt', '↑'], what: 'Contact before' },
  { keys: ['Alt', 'M'], what: 'To the message field' },
  { keys: ['/'], what: 'Canned texts, at the start of a message' },
] as const;

export interface ShortcutsProps {
  readonly offers: readonly OpenWorkItem[];
  readonly invitations: readonly Invitation[];
  /** In the order of the list. */
  readonly held: readonly OpenWorkItem[];
  readonly selected: WorkItemId | undefined;
  readonly onSelect: (id: WorkItemId) => void;
}

/** What can be done without the mouse, and how offers are told; a button opens the list. */
export function Shortcuts({ offers, invitations, held, selected, onSelect }: ShortcutsProps) {
  const [isOpen, list] = useDisclosure(false);
  const [hasSound, setHasSound] = useState(isSoundOn);
  const [canAsk, setCanAsk] = useState(canAskForNotes);

  const accept = async (): Promise<void> => {
    const [item] = offers;
    if (!item) return join();
    const done = await attempt(
      server.accept({ params: { id: item.id }, body: { offer: item.offer ?? 0 } }),
    );
    if (done) onSelect(item.id);
  };
  const join = async (): Promise<void> => {
    const [invited] = invitations;
    if (!invited) return;
    const { item, participant } = invited;
    const body = { invitation: participant.invitation ?? 0, answer: 'accept' } as const;
    const done = await attempt(server.answerInvitation({ params: { id: item.id }, body }));
    if (done) onSelect(item.id);
  };
  const step = (by: number): void => {
    const at = held.findIndex(({ id }) => id === selected);
    const next = held[(at + by + held.length) % held.length];
    if (next) onSelect(next.id);
  };
  useHotkeys(
    [
      ['alt+A', () => void accept()],
      ['alt+ArrowDown', () => step(1)],
      ['alt+ArrowUp', () => step(-1)],
      [
        'alt+M',
        () => document.querySelector<HTMLElement>('textarea[aria-label="Message"]')?.focus(),
      ],
    ],
    [], // also while a field has the focus: that is where an agent's hands are
  );

  return (
    <>
      <Tooltip label="Keyboard and alerts">
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          onClick={list.open}
          aria-label="Keyboard and alerts"
        >
          <IconKeyboard size={20} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={isOpen} onClose={list.close} title="Keyboard and alerts" centered>
        <Stack>
          <Table withRowBorders={false}>
            <Table.Tbody>
              {KEYS.map(({ keys, what }) => (
                <Table.Tr key={what}>
                  <Table.Td w={120}>
                    {keys.map((key, at) => (
                      <span key={key}>
                        {at > 0 ? ' + ' : ''}
                        <Kbd>{key}</Kbd>
                      </span>
                    ))}
                  </Table.Td>
                  <Table.Td>{what}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Switch
            label="A sound with each offer"
            checked={hasSound}
            onChange={({ currentTarget }) => {
              setSound(currentTarget.checked);
              setHasSound(currentTarget.checked);
            }}
          />
          {canAsk ? (
            <Button
              variant="default"
              w="fit-content"
              onClick={() => void Notification.requestPermission().then(() => setCanAsk(false))}
            >
              Show a note when this window is in the background
            </Button>
          ) : null}
        </Stack>
      </Modal>
    </>
  );
}
