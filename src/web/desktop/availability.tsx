import { Button, Group, Menu, Text, VisuallyHidden } from '@mantine/core';
import { IconChevronDown, IconLogout } from '@tabler/icons-react';
import type { Readiness } from '#domain/agent/state.ts';
import { Elapsed } from '#ui/elapsed.tsx';
import { server } from '#ui/live/server.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { readinessName, toneOf } from '#ui/live/readiness.ts';
import { attempt } from '#ui/tell.ts';
import { useLive } from '#ui/live/use-live.ts';
import { BY_CHOICE, ChannelItems } from './channel-items.tsx';
import { LogInButton } from './log-in-button.tsx';
import { thisStation } from '#ui/live/station.ts';

/** Logged in or out, ready or not ready and why, since when; and the way to change it. */
export function Availability() {
  const { me, live } = useLive();
  const status = me.agent ? live.centre.agents.get(me.agent) : undefined;
  if (!live.isKnown) return null;
  if (!status || status.station !== thisStation()) return <LogInButton status={status} />;

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
            onClick={() => set({ state: 'not-ready', reason: BY_CHOICE })}
          >
            Not ready
          </Menu.Item>
        ) : null}
        <ChannelItems status={status} reasons={reasons} onChange={set} />
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
