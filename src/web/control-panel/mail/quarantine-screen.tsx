import { Stack, Text, Title } from '@mantine/core';
import { Quarantine } from '#ui/email/quarantine.tsx';
import { Storms } from '#ui/email/storms.tsx';

/** Mail that opened no work, of all mailboxes. */
export function QuarantineScreen() {
  return (
    <Stack>
      <div>
        <Title order={1} fz="h3">
          Quarantine
        </Title>
        <Text size="sm" c="dimmed">
          E-mails that opened no work and wait for your judgement. They are kept until then.
        </Text>
      </div>
      <Storms />
      <div>
        <Quarantine />
      </div>
    </Stack>
  );
}
