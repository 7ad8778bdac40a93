import { Button, Checkbox, Group, Paper, Select, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EmailId, MailboxId } from '#domain/ids.ts';
import { server } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { attempt, tellDone } from '#ui/tell.ts';
import { formatTime } from '#ui/time.ts';
import { Dialog } from '../dialog.tsx';
import { REASONS, countOf, type Quarantined } from './quarantine-words.ts';

/** So many are listed at once; as they are judged, the next come up. */
const MOST = 200;

type Verdict = 'release' | 'drop';

/** How much mail waits for somebody's judgement, the newest of it, read again every five seconds. */
export const useQuarantine = (mailbox?: MailboxId) =>
  useQuery({
    queryKey: ['quarantine', mailbox],
    queryFn: () => server.listQuarantine({ query: { limit: MOST, ...(mailbox && { mailbox }) } }),
    refetchInterval: 5_000,
    staleTime: 0,
    placeholderData: (before) => before,
  });

/** Mail that opened no work: who wrote it, why it is held back, and the verdict on one, many or all of it. */
export function Quarantine() {
  const { live } = useLive();
  const queries = useQueryClient();
  const [mailbox, setMailbox] = useState<MailboxId>();
  const [chosen, choose] = useState<ReadonlySet<EmailId>>(new Set());
  const [isDropping, setDropping] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const quarantine = useQuarantine(mailbox);
  const { mails = [], total = 0 } = quarantine.data ?? {};
  const isChosen = mails.filter(({ email }) => chosen.has(email));
  const areAll = mails.length > 0 && isChosen.length === mails.length;
  const isWholeMailbox = mailbox !== undefined && areAll && total > mails.length;
  const count = isWholeMailbox ? total : isChosen.length;

  const judge = async (verdict: Verdict): Promise<void> => {
    let judged = 0;
    const groups = isWholeMailbox
      ? [{ mailbox, mails: 'all' as const }]
      : [...Map.groupBy(isChosen, (mail) => mail.mailbox)].map(([id, some]) => ({
          mailbox: id,
          mails: some.map(({ email }) => email),
        }));
    try {
      for (const group of groups) {
        const answer = await server.judgeQuarantined({
          params: { id: group.mailbox },
          body: { verdict, mails: group.mails },
        });
        judged += answer.judged;
      }
      choose(new Set());
    } finally {
      await Promise.all(
        ['mailboxes', 'quarantine'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
    }
    tellDone(`${countOf(judged)} ${verdict === 'release' ? 'released' : 'dropped'}.`);
  };
  const release = async (): Promise<void> => {
    setBusy(true);
    await attempt(judge('release'));
    setBusy(false);
  };
  const mailboxes = [...live.configuration.all('mailbox')].map(([value, { name }]) => ({
    value: value as string,
    label: name,
  }));
  if (quarantine.error && !quarantine.data) {
    return (
      <Text c="var(--mantine-color-error)" role="alert">
        {quarantine.error.message}
      </Text>
    );
  }
  return (
    <>
      <Group justify="space-between" mb="xs" gap="xs">
        <Select
          aria-label="Mailbox"
          placeholder="All mailboxes"
          size="xs"
          w={220}
          data={mailboxes}
          clearable
          value={mailbox ?? null}
          onChange={(next) => {
            choose(new Set());
            setMailbox((next ?? undefined) as MailboxId | undefined);
          }}
        />
        <Group gap="xs">
          <Text size="sm" c="dimmed" className="figures" role="status">
            {count > 0 ? `${countOf(count)} chosen` : ''}
          </Text>
          <Button size="xs" disabled={count === 0} loading={isBusy} onClick={() => void release()}>
            Release
          </Button>
          <Button
            size="xs"
            color="red"
            variant="light"
            disabled={count === 0}
            onClick={() => setDropping(true)}
          >
            Drop …
          </Button>
        </Group>
      </Group>
      <Paper withBorder>
        {mails.length === 0 ? (
          <Text p="lg" size="sm" c="dimmed">
            {quarantine.isPending ? 'Looking …' : 'Nothing is held back.'}
          </Text>
        ) : (
          <Table.ScrollContainer minWidth={760} type="native">
            <Table className="figures" verticalSpacing={8} horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={40}>
                    <Checkbox
                      size="xs"
                      aria-label="Choose all"
                      checked={areAll}
                      indeterminate={isChosen.length > 0 && !areAll}
                      onChange={() =>
                        choose(new Set(areAll ? [] : mails.map(({ email }) => email)))
                      }
                    />
                  </Table.Th>
                  <Table.Th>E-mail</Table.Th>
                  <Table.Th>Mailbox</Table.Th>
                  <Table.Th>Why</Table.Th>
                  <Table.Th ta="end">Came in</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {mails.map((mail) => (
                  <Row
                    key={mail.email}
                    mail={mail}
                    isChosen={chosen.has(mail.email)}
                    onChoose={() => choose(toggled(chosen, mail.email))}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Paper>
      {total > mails.length ? (
        <Text size="sm" c="dimmed" mt="xs">
          The newest {mails.length} of {total.toLocaleString()} are shown.
          {mailbox === undefined
            ? ' Choose a mailbox to judge all of its mail at once.'
            : ' Choose all to judge every one of them.'}
        </Text>
      ) : null}
      <Dialog
        title={`Drop ${countOf(count)}`}
        isOpen={isDropping}
        onClose={() => setDropping(false)}
        deed="Drop"
        act={() => judge('drop')}
        isGrave
      >
        <Text size="sm">No agent ever sees them. It cannot be undone.</Text>
      </Dialog>
    </>
  );
}

function Row({
  mail,
  isChosen,
  onChoose,
}: {
  mail: Quarantined;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const { live } = useLive();
  const { name, address } = mail.from;
  return (
    <Table.Tr data-chosen={isChosen || undefined}>
      <Table.Td>
        <Checkbox
          size="xs"
          aria-label={`Choose “${mail.subject}” of ${name || address}`}
          checked={isChosen}
          onChange={onChoose}
        />
      </Table.Td>
      <Table.Td maw={0} w="100%">
        <Text size="sm" fw={500} truncate title={mail.subject}>
          {mail.subject || 'Without a subject'}
        </Text>
        <Text size="xs" c="dimmed" truncate title={address}>
          {name ? `${name} · ${address}` : address || 'Without a sender'}
        </Text>
      </Table.Td>
      <Table.Td maw={180}>
        <Text size="sm" truncate>
          {live.configuration.nameOf('mailbox', mail.mailbox)}
        </Text>
      </Table.Td>
      <Table.Td className="whole">{REASONS[mail.reason]}</Table.Td>
      <Table.Td ta="end" className="whole">
        {formatTime(mail.at)}
      </Table.Td>
    </Table.Tr>
  );
}

function toggled(chosen: ReadonlySet<EmailId>, id: EmailId): ReadonlySet<EmailId> {
  const next = new Set(chosen);
  if (!next.delete(id)) next.add(id);
  return next;
}
