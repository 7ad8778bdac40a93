import { Alert, Anchor, Button, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { chooseMailEntry } from '#domain/entry-point/choose-mail-entry.ts';
import type { EntryPointId, MailboxId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { choicesOf } from '../documents/choices.ts';
import type { FormParts } from '../documents/sheet.ts';
import { QUEUE } from './after-save.ts';

/** Where a mailbox's mail becomes work. A new one is given a queue; of others it is told. */
export function GoesTo({ form }: { readonly form: FormParts }) {
  const { live } = useLive();
  const { configuration } = live;
  const receive = form.body['receive'] as Mailbox['receive'];
  if (receive.type === 'nothing') return null;
  if (form.id === undefined) {
    return (
      <>
        <Select
          label="Its mail goes to"
          description="An entry point is made for it: change it there to tell mail apart."
          data={choicesOf('queue')(configuration)}
          placeholder="Nowhere yet: it waits in quarantine"
          clearable
          searchable
          value={form.beside[QUEUE] ?? null}
          onChange={(queue) => form.setBeside(QUEUE, queue ?? undefined)}
        />
        <NobodyTakesIt configuration={configuration} />
      </>
    );
  }
  const entryPoint = usualEntry(configuration, form.id as MailboxId);
  if (entryPoint === undefined) {
    return (
      <Alert color="orange" title="Its mail goes nowhere yet">
        It waits in quarantine until an <Link to="entry-points">entry point</Link> takes it: a new
        one for the channel e-mail will do.
      </Alert>
    );
  }
  const queue = configuration.get('entry-point', entryPoint)?.queue;
  return (
    <>
      <Text size="sm">
        An ordinary e-mail comes in by the <Link to="entry-points">entry point</Link> “
        {configuration.nameOf('entry-point', entryPoint)}” and waits in “
        {queue && configuration.nameOf('queue', queue)}”.
      </Text>
      <NobodyTakesIt configuration={configuration} />
    </>
  );
}

/** So many e-mails at a time, which wait for nobody: an agent works on one after the other. */
const ROOM = 5;

/** Agents without room for e-mails are offered none, and nobody would know why. */
function NobodyTakesIt({ configuration }: { readonly configuration: Configuration }) {
  const [isBusy, setBusy] = useState(false);
  const agents = [...configuration.all('agent').values()];
  if (agents.some(({ capacity }) => (capacity.email ?? 0) > 0)) return null;
  const giveRoom = async (): Promise<void> => {
    setBusy(true);
    if (await attempt(giveEveryAgentRoom())) {
      tellDone(`Every agent can have ${ROOM} e-mails at a time.`);
    }
    setBusy(false);
  };
  return (
    <Alert color="orange" title="No agent takes e-mails yet">
      <Stack gap="xs">
        <Text size="sm">
          Agents are offered e-mails once they have room for some: their capacity says for how many.
        </Text>
        <Button
          size="xs"
          variant="default"
          w="fit-content"
          loading={isBusy}
          onClick={() => void giveRoom()}
        >
          Room for {ROOM} e-mails, for every agent
        </Button>
      </Stack>
    </Alert>
  );
}

async function giveEveryAgentRoom(): Promise<true> {
  const { documents } = await server.listDocuments({
    params: { kind: 'agent' },
    query: { retired: 'false' },
  });
  for (const { id, revision, body } of documents) {
    const capacity = { ...(body['capacity'] as Record<string, number>), email: ROOM };
    await server.putDocument({
      params: { kind: 'agent', id },
      query: { expected: revision },
      body: { ...body, capacity },
    });
  }
  return true;
}

const Link = ({ to, children }: { to: string; children: string }) => (
  <Anchor href={`#/${to}`} size="sm" underline="always">
    {children}
  </Anchor>
);

/** By which entry point mail comes in that says nothing in particular. */
function usualEntry(configuration: Configuration, mailbox: MailboxId): EntryPointId | undefined {
  const { address = '', aliases = [] } = configuration.get('mailbox', mailbox) ?? {};
  const addresses = [address, ...aliases];
  return chooseMailEntry(
    { mailbox, addresses, recipients: [address], subject: '', text: '', language: undefined },
    configuration.all('entry-point'),
  ).entryPoint;
}
