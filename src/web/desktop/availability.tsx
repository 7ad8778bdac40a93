import { Button, Group, Menu, Modal, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconLogout } from '@tabler/icons-react';
import type { Readiness } from '#domain/agent/state.ts';
import type { CodeId } from '#domain/ids.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { readinessName, toneOf } from '#ui/live/readiness.ts';
import { attempt, tellFailure } from '#ui/tell.ts';
import { useLive } from '#ui/live/use-live.ts';
import { thisStation } from './station.ts';

/** Logged in or out, ready or not ready and why, since when; and the way to change it. */
export function Availability() {
  const { me, live } = useLive();
  const [isElsewhere, elsewhere] = useDisclosure(false);
  const status = me.agent ? live.centre.agents.get(me.agent) : undefined;

  const logIn = async (takeOver: boolean): Promise<void> => {
    try {
      await server.logIn({ body: { station: thisStation(), takeOver } });
      elsewhere.close();
    } catch (failure) {
      if (failure instanceof ApiFailure && failure.code === 'logged-in-elsewhere') elsewhere.open();
      else tellFailure(failure);
    }
  };

  if (!live.isKnown) return null;
  const isHere = status?.station === thisStation();
  if (!status || !isHere) {
    return (
      <>
        <Button size="xs" onClick={status ? elsewhere.open : () => void logIn(false)}>
          {status ? 'Take over' : 'Log in'}
        </Button>
        <Modal
          opened={isElsewhere}
          onClose={elsewhere.close}
          title="You are logged in elsewhere"
          centered
        >
          <Stack>
            <Text size="sm">
              Another browser is your station now. Taking over moves your work here and ends that
              one.
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={elsewhere.close}>
                Stay there
              </Button>
              <Button onClick={() => void logIn(true)}>Take over</Button>
            </Group>
          </Stack>
        </Modal>
      </>
    );
  }

  const set = (readiness: Readiness) => void attempt(server.setReadiness({ body: readiness }));
  const reasons = [...live.configuration.all('code')].filter(
    ([, code]) => code.use === 'not-ready',
  );
  const { readiness, pending } = status;
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<StateDot tone={toneOf(status)} />}
          rightSection={<IconChevronDown size={14} />}
        >
          <Group gap={8} wrap="nowrap">
            <span>
              <VisuallyHidden>Your state: </VisuallyHidden>
              {readinessName(live.configuration, readiness)}
            </span>
            <Elapsed since={status.since} size="sm" c="dimmed" />
            {pending ? (
              <Text size="sm" c="dimmed">
                then {readinessName(live.configuration, pending)}
              </Text>
            ) : null}
          </Group>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<StateDot tone="ready" />} onClick={() => set({ state: 'ready' })}>
          Ready
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Not ready</Menu.Label>
        {reasons.map(([id, { name }]) => (
          <Menu.Item
            key={id}
            leftSection={<StateDot tone="not-ready" />}
            onClick={() => set({ state: 'not-ready', reason: id })}
          >
            {name}
          </Menu.Item>
        ))}
        {reasons.length === 0 ? (
          <Menu.Item
            leftSection={<StateDot tone="not-ready" />}
            onClick={() => set({ state: 'not-ready', reason: 'logged-in' as CodeId })}
          >
            Not ready
          </Menu.Item>
        ) : null}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => void attempt(server.logOut())}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
