import { Button, Group, Modal, Stack, Text } from '@mantine/core';

/** Asks which text of a draft holds. It stays until one is chosen: nothing is kept meanwhile. */
export function OtherWindow({
  isOpen,
  onTakeTheirs,
  onKeepMine,
}: {
  isOpen: boolean;
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}) {
  return (
    <Modal
      opened={isOpen}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Written in another window"
      centered
    >
      <Stack>
        <Text size="sm">
          This draft was changed in another window of yours. Only one of the two texts can be kept.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onTakeTheirs}>
            Take the other
          </Button>
          <Button onClick={onKeepMine}>Keep mine</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
