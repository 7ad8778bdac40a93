import { Button, Group, Modal, Select, Stack, type ComboboxItem } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { attempt, tellDone } from './tell.ts';

/**
 * Asks before something is done. It closes once that is done; where it is refused, the reason is told and the
 * dialog stays as it was filled in.
 */
export function Dialog({
  title,
  isOpen,
  onClose,
  deed,
  act,
  done,
  isGrave = false,
  otherwise = 'Cancel',
  children,
}: {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  /** What the button says that does it. */
  deed: string;
  /** Does it, or throws why not; none as long as something is still to be chosen. */
  act: (() => Promise<unknown>) | undefined;
  /** What is told when it is done. */
  done?: string;
  /** It cannot be undone. */
  isGrave?: boolean;
  /** What the button says that leaves everything as it is. */
  otherwise?: string;
  children: ReactNode;
}) {
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    if (!act) return;
    setBusy(true);
    const succeeded = await attempt(act().then(() => true));
    setBusy(false);
    if (!succeeded) return;
    if (done !== undefined) tellDone(done);
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered>
      <Stack>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {otherwise}
          </Button>
          <Button
            {...(isGrave && { color: 'red.9' })}
            disabled={!act}
            loading={isBusy}
            onClick={() => void run()}
          >
            {deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** The one thing that a dialog asks for, out of many: typing begins in it, and finds. */
export function Choice({
  label,
  data,
  value,
  onChange,
  nothingFound,
}: {
  label: string;
  data: ComboboxItem[];
  value: string | null;
  onChange: (value: string | null) => void;
  /** Said where nothing fits what is typed. */
  nothingFound: string;
}) {
  return (
    <Select
      label={label}
      data={data}
      value={value}
      onChange={onChange}
      searchable
      data-autofocus
      openOnFocus={false}
      nothingFoundMessage={nothingFound}
    />
  );
}
