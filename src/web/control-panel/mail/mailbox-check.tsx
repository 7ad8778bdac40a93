import { Button, Checkbox, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { MailboxId } from '#domain/ids.ts';
import { formatBytes } from '#ui/email/files.tsx';
import { countOf } from '#ui/email/quarantine-words.ts';
import { server } from '#ui/live/server.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import { GAP_REASONS, foundOf, isFetchable, isWanted, type MailCheck } from './mailbox-words.ts';

/** Drawn at once; so many are told after a check of a mailbox in a bad way. */
const MOST_ROWS = 100;

/** Whether all that the server has is here: asked on demand, shown from the last time until then. */
export function MailboxCheck({ mailbox }: { readonly mailbox: MailboxId }) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const checks = useQuery({
    queryKey: ['mail-checks'],
    queryFn: () => server.mailChecks(),
    staleTime: 0,
  });
  const check = checks.data?.checks.find((each) => each.mailbox === mailbox);
  const compare = async (): Promise<void> => {
    setBusy(true);
    if (await attempt(server.checkMailbox({ params: { id: mailbox } }))) {
      await queries.invalidateQueries({ queryKey: ['mail-checks'] });
    }
    setBusy(false);
  };
  return (
    <Stack component="section" aria-label="Nothing lost" gap="xs">
      <Group justify="space-between">
        <Title order={3} fz="md">
          Is everything here?
        </Title>
        <Button size="xs" variant="default" loading={isBusy} onClick={() => void compare()}>
          Compare now
        </Button>
      </Group>
      <Text size="sm" {...(!check && { c: 'dimmed' })} className="figures" role="status">
        {check
          ? `${foundOf(check)} Compared ${formatTime(check.at)}.`
          : 'What the server has has not been compared with what is here yet. Every night it is.'}
      </Text>
      {check && check.gaps.length > 0 ? <Gaps key={check.at} check={check} /> : null}
    </Stack>
  );
}

function Gaps({ check }: { readonly check: MailCheck }) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [chosen, choose] = useState<ReadonlySet<string>>(
    new Set(check.gaps.filter(isWanted).map(({ key }) => key)),
  );
  const reimport = async (): Promise<void> => {
    setBusy(true);
    const done = await attempt(
      server.reimportMail({ params: { id: check.mailbox }, body: { keys: [...chosen] } }),
    );
    setBusy(false);
    if (!done) return;
    tellDone(`${countOf(done.filed)} of ${chosen.size} fetched.`);
    await Promise.all(
      ['mailboxes', 'mail-checks'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
    );
  };
  const toggle = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    choose(next);
  };
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={420} type="native">
        <Table className="figures" verticalSpacing={6} withTableBorder>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={36}>
                <Text span fz={0}>
                  Chosen
                </Text>
              </Table.Th>
              <Table.Th>Why it is not here</Table.Th>
              <Table.Th ta="end">Size</Table.Th>
              <Table.Th ta="end">Came in</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {check.gaps.slice(0, MOST_ROWS).map((gap) => (
              <Table.Tr key={gap.key}>
                <Table.Td>
                  {isFetchable(gap) ? (
                    <Checkbox
                      size="xs"
                      aria-label={`Choose ${gap.key}`}
                      checked={chosen.has(gap.key)}
                      onChange={() => toggle(gap.key)}
                    />
                  ) : null}
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{GAP_REASONS[gap.reason]}</Text>
                  <Text size="xs" c="dimmed" className="break">
                    {gap.key}
                  </Text>
                </Table.Td>
                <Table.Td ta="end" className="whole">
                  {gap.size === undefined ? '' : formatBytes(gap.size)}
                </Table.Td>
                <Table.Td ta="end" className="whole">
                  {gap.receivedAt === undefined ? '' : formatTime(gap.receivedAt)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {check.gapsInAll > Math.min(check.gaps.length, MOST_ROWS)
            ? `The first ${Math.min(check.gaps.length, MOST_ROWS)} of ${check.gapsInAll.toLocaleString()} are shown.`
            : ''}
        </Text>
        <Button
          size="xs"
          disabled={chosen.size === 0}
          loading={isBusy}
          onClick={() => void reimport()}
        >
          {chosen.size === 0 ? 'Fetch again' : `Fetch ${countOf(chosen.size)} again`}
        </Button>
      </Group>
    </Stack>
  );
}
