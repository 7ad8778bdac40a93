import { Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ComponentState } from '#servers/desktop-server/api/administration.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { StateDot, type Tone } from '#ui/state-dot.tsx';
import { MailboxAlarms } from '../mail/mailbox-alarms.tsx';

const TONES: Readonly<Record<ComponentState['state'], Tone>> = {
  good: 'ready',
  degraded: 'not-ready',
  bad: 'late',
  gone: 'away',
};
const NAMES = { good: 'Good', degraded: 'Degraded', bad: 'Bad', gone: 'Gone' } as const;

/** Every component: how it is, since when it runs, and what to do where something is wrong. */
export function ComponentsScreen() {
  const components = useQuery({
    queryKey: ['components'],
    queryFn: () => server.components(),
    refetchInterval: 5_000,
  });
  const order = (state: ComponentState['state']) =>
    ['bad', 'gone', 'degraded', 'good'].indexOf(state);
  return (
    <Stack>
      <div>
        <Title order={1} fz="h3">
          Health
        </Title>
        <Text size="sm" c="dimmed">
          Every component of this centre, what is wrong first.
        </Text>
      </div>
      {components.isPending ? <Loader aria-label="Loading" /> : null}
      {components.error ? (
        <Text c="var(--mantine-color-error)">{components.error.message}</Text>
      ) : null}
      <MailboxAlarms />
      <Paper withBorder>
        {(components.data?.components ?? [])
          .toSorted(
            (a, b) => order(a.state) - order(b.state) || a.component.localeCompare(b.component),
          )
          .map((component) => (
            <Component key={component.instance + component.component} component={component} />
          ))}
      </Paper>
    </Stack>
  );
}

function Component({ component }: { component: ComponentState }) {
  const told = component.parts.filter(({ state, detail }) => state !== 'good' || detail);
  return (
    <Group
      p="md"
      wrap="nowrap"
      align="flex-start"
      style={{ borderBottom: '1px solid var(--emcee-line)' }}
    >
      <Group gap={8} w={110} wrap="nowrap">
        <StateDot tone={TONES[component.state]} />
        <Text size="sm">{NAMES[component.state]}</Text>
      </Group>
      <div className="grow">
        <Text size="sm" fw={500}>
          {component.component}
        </Text>
        {told.map(({ part, detail }) => (
          <Text key={part} size="sm">
            {part}: {detail ?? 'not well'}
          </Text>
        ))}
        <Text size="xs" c="dimmed" className="break">
          {component.addresses.map(({ address }) => address).join(' · ')}
        </Text>
      </div>
      <Text size="xs" c="dimmed">
        {component.version} · up <Elapsed since={component.since} size="xs" span />
      </Text>
    </Group>
  );
}
