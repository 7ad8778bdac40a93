import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  PasswordInput,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AgentId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import { ScriptTag } from '../set-up/script-tag.tsx';

/** A secret to copy now: it is not shown again. */
function Secret({ value, text }: { value: string; text: string }) {
  return (
    <Alert title={text} color="teal">
      <Code block className="break">
        {value}
      </Code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button mt="xs" size="xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Alert>
  );
}

/** A button that asks the server for something to copy. */
function Fetched({
  label,
  text,
  get,
}: {
  label: string;
  text: string;
  get: () => Promise<string>;
}) {
  const [value, setValue] = useState<string>();
  const fetchIt = async (): Promise<void> => setValue(await attempt(get()));
  return (
    <Stack gap="xs">
      <Button variant="default" w="fit-content" onClick={() => void fetchIt()}>
        {label}
      </Button>
      {value ? <Secret value={value} text={text} /> : null}
    </Stack>
  );
}

function PasswordField({ agent }: { agent: AgentId }) {
  const [password, setPassword] = useState('');
  const save = async (): Promise<void> => {
    if (!(await attempt(server.setPassword({ params: { id: agent }, body: { password } })))) return;
    tellDone('The password is set.');
    setPassword('');
  };
  return (
    <Group align="flex-end" gap="xs" wrap="nowrap">
      <PasswordInput
        className="grow"
        label="New password"
        description="At least 10 characters."
        autoComplete="new-password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <Button variant="default" disabled={password.length < 10} onClick={() => void save()}>
        Set
      </Button>
    </Group>
  );
}

export const agentExtra = (id: string) => (
  <Stack>
    <Title order={2} fz="md">
      Signing in
    </Title>
    <PasswordField agent={id as AgentId} />
    <Fetched
      label="Make a sign-in link"
      text="Works once, for 15 minutes"
      get={async () => (await server.issueSignInLink({ params: { id } })).url}
    />
  </Stack>
);

export const entryPointExtra = (id: string) => (
  <Stack gap="xs">
    <Title order={2} fz="md">
      Script tag
    </Title>
    <Text size="sm" c="dimmed">
      Put this line into the pages that should have the chat, before the closing body tag.
    </Text>
    <ScriptTag entryPoint={id} />
  </Stack>
);

export const integrationExtra = (id: string) => (
  <Fetched
    label="Make a new token"
    text="Shown this once; the token before it no longer works"
    get={async () => (await server.issueToken({ params: { id } })).token}
  />
);

export const webhookExtra = (id: string) => <WebhookDeliveries id={id} />;

const STATES = { waiting: 'Waiting', delivered: 'Delivered', failed: 'Failed' } as const;

function WebhookDeliveries({ id }: { id: string }) {
  const deliveries = useQuery({
    queryKey: ['deliveries', id],
    queryFn: () => server.webhookDeliveries({ params: { id }, query: { limit: 30 } }),
    refetchInterval: 5_000,
  });
  const list = deliveries.data?.deliveries ?? [];
  const oldest = list.at(-1);
  const replay = async (since: number): Promise<void> => {
    if (await attempt(server.replayWebhook({ params: { id }, body: { since } })))
      tellDone('They are being sent again.');
  };
  return (
    <Stack>
      <Fetched
        label="Show the signing secret"
        text="Check the signature with it, as Standard Webhooks describe"
        get={async () => (await server.webhookSecret({ params: { id }, body: {} })).secret}
      />
      <Group justify="space-between">
        <Title order={2} fz="md">
          Deliveries
        </Title>
        {oldest ? (
          <Button
            size="xs"
            variant="default"
            onClick={() => void replay(Math.max(0, oldest.position - 1))}
          >
            Send these again
          </Button>
        ) : null}
      </Group>
      {list.length === 0 ? (
        <Text size="sm" c="dimmed">
          {deliveries.error?.message ?? 'Nothing has been sent yet.'}
        </Text>
      ) : (
        <Table className="figures">
          <Table.Tbody>
            {list.map((delivery) => (
              <Table.Tr key={delivery.id}>
                <Table.Td>{delivery.event}</Table.Td>
                <Table.Td>
                  {STATES[delivery.state]}
                  {delivery.lastStatus ? ` · ${delivery.lastStatus}` : ''}
                </Table.Td>
                <Table.Td>{formatTime(delivery.at)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
