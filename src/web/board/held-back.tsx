import { Group, Title } from '@mantine/core';
import { Quarantine, useQuarantine } from '#ui/email/quarantine.tsx';

/** E-mails in quarantine, as long as there are any. */
export function HeldBack() {
  const quarantine = useQuarantine();
  if (!quarantine.data || quarantine.data.total === 0) return null;
  return (
    <section aria-label="Quarantine">
      <Group mb="xs" mih={32}>
        <Title order={2} fz="md">
          Quarantine
        </Title>
      </Group>
      <Quarantine />
    </section>
  );
}
