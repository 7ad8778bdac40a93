import {
  ActionIcon,
  AppShell,
  Avatar,
  Group,
  Menu,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconCloudOff,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { server } from './server.ts';
import { attempt } from '../tell.ts';
import { Wordmark } from '../wordmark.tsx';
import { useLive } from './use-live.ts';

const APPLICATIONS = [
  { role: 'agent', path: '/', name: 'Desktop' },
  { role: 'supervisor', path: '/board', name: 'Board' },
  { role: 'administrator', path: '/control-panel', name: 'Control panel' },
] as const;

/** The frame around every application: where one is, who one is, and whether the line holds. */
export function Shell({
  current,
  status,
  children,
}: {
  current: string;
  status?: ReactNode;
  children: ReactNode;
}) {
  const { me, live } = useLive();
  const applications = APPLICATIONS.filter(({ role }) => me.roles.includes(role));
  return (
    <AppShell header={{ height: 52 }} padding={0}>
      <AppShell.Header px="md" withBorder>
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="xl" wrap="nowrap">
            <Wordmark />
            <Group
              component="nav"
              gap="lg"
              wrap="nowrap"
              aria-label="Applications"
              visibleFrom="sm"
            >
              {applications.map(({ path, name }) => (
                <Text
                  key={path}
                  component="a"
                  href={path}
                  size="sm"
                  fw={path === current ? 600 : 400}
                  td="none"
                  {...(path === current
                    ? { c: 'var(--mantine-color-text)', 'aria-current': 'page' as const }
                    : { c: 'dimmed' })}
                >
                  {name}
                </Text>
              ))}
            </Group>
          </Group>
          <Group gap="sm" wrap="nowrap">
            {live.connection === 'lost' ? (
              <Group gap={6} wrap="nowrap" role="status" c="var(--mantine-color-error)">
                <IconCloudOff size={18} aria-hidden="true" />
                <Text size="sm">Connection lost, trying again</Text>
              </Group>
            ) : null}
            {status}
            <Account name={me.name} applications={applications} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main h="100vh">{children}</AppShell.Main>
    </AppShell>
  );
}

const SCHEMES = [
  { value: 'light', name: 'Light', icon: IconSun },
  { value: 'dark', name: 'Dark', icon: IconMoon },
  { value: 'auto', name: 'Like the system', icon: IconDeviceDesktop },
] as const;

function Account({
  name,
  applications,
}: {
  name: string;
  applications: readonly { readonly path: string; readonly name: string }[];
}) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = async (): Promise<void> => {
    if (await attempt(server.signOut())) location.reload();
  };
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <Tooltip label={name} openDelay={400}>
          <ActionIcon variant="subtle" size={36} radius="xl" aria-label={`Account of ${name}`}>
            <Avatar color="teal" size={32} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{name}</Menu.Label>
        {applications.map(({ path, name: application }) => (
          <Menu.Item key={path} component="a" href={path} hiddenFrom="sm">
            {application}
          </Menu.Item>
        ))}
        {SCHEMES.map(({ value, name: scheme, icon: Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? '✓' : null}
            aria-checked={colorScheme === value}
          >
            {scheme}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
