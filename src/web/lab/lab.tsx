import {
  Box,
  Button,
  Group,
  SegmentedControl,
  Stack,
  Tabs,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { IconChecklist, IconMail, IconMessage } from '@tabler/icons-react';
import { useState } from 'react';
import type { AgentId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt } from '#ui/tell.ts';
import { Wordmark } from '#ui/wordmark.tsx';
import { EMail } from './e-mail.tsx';
import classes from './lab.module.css';
import { NewTask } from './new-task.tsx';

const SIDES = [
  { value: '/', label: 'Desktop' },
  { value: '/board', label: 'Board' },
  { value: '/control-panel', label: 'Control panel' },
];

/** The whole product in a minute: the customer's side of every channel on the left, the centre on the right. */
export function Lab() {
  const { live } = useLive();
  const [chosen, choose] = useState<string>();
  const [side, setSide] = useState('/');
  const widgets = [...live.configuration.all('entry-point')].filter(
    ([, { channel }]) => channel === 'web-chat',
  );
  const entryPoint = chosen ?? widgets[0]?.[0];
  return (
    <Box className="fill">
      <Group
        component="header"
        px="md"
        h={52}
        justify="space-between"
        wrap="nowrap"
        className={classes.header}
      >
        <Group gap="md" wrap="nowrap">
          <Wordmark />
          <VisuallyHidden component="h1">Lab</VisuallyHidden>
          <Text size="sm" c="dimmed">
            Lab: everything here is made up, and stays on this machine
          </Text>
        </Group>
        <Group gap="md" wrap="nowrap">
          <OtherAgents />
          <SegmentedControl
            size="xs"
            data={SIDES}
            value={side}
            onChange={setSide}
            aria-label="What is shown on the right"
          />
        </Group>
      </Group>
      <Group component="main" className="grow" align="stretch" gap={0} wrap="nowrap">
        <Tabs defaultValue="chat" className={classes.customer}>
          <Tabs.List>
            <Tabs.Tab value="chat" leftSection={<IconMessage size={16} />}>
              Chat
            </Tabs.Tab>
            <Tabs.Tab value="e-mail" leftSection={<IconMail size={16} />}>
              E-mail
            </Tabs.Tab>
            <Tabs.Tab value="task" leftSection={<IconChecklist size={16} />}>
              Task
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="chat" className="fill">
            <Stack gap="xs" p="sm">
              <SegmentedControl
                size="xs"
                data={widgets.map(([value, { name }]) => ({ value, label: name }))}
                value={entryPoint ?? ''}
                onChange={choose}
                aria-label="Entry point"
              />
            </Stack>
            {entryPoint ? (
              <iframe
                key={entryPoint}
                title="A customer’s page"
                className={classes.frame}
                src={`/lab/customer?entry-point=${encodeURIComponent(entryPoint)}`}
              />
            ) : null}
          </Tabs.Panel>
          <Tabs.Panel value="e-mail" className="fill">
            <EMail />
          </Tabs.Panel>
          <Tabs.Panel value="task" p="md">
            <NewTask />
          </Tabs.Panel>
        </Tabs>
        <iframe key={side} title="The centre" className={classes.frame} src={side} />
      </Group>
    </Box>
  );
}

/** One-time links to be another agent, in a private window: sessions are per browser. */
function OtherAgents() {
  const { me, live } = useLive();
  const [link, setLink] = useState<string>();
  const others = [...live.configuration.all('agent').keys()].filter((id) => id !== me.agent);
  const make = async (id: AgentId): Promise<void> =>
    setLink((await attempt(server.issueSignInLink({ params: { id } })))?.url);
  return (
    <Group gap="xs" wrap="nowrap">
      {others.slice(0, 3).map((id) => (
        <Button key={id} size="compact-xs" variant="subtle" onClick={() => void make(id)}>
          Be {live.configuration.nameOf('agent', id)}
        </Button>
      ))}
      {link ? (
        <Text size="xs" className="break" maw={260} lineClamp={2}>
          In a private window: {link}
        </Text>
      ) : null}
    </Group>
  );
}
