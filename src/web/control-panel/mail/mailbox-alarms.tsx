import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { useMailboxes } from '#ui/email/use-mailboxes.ts';
import { useLive } from '#ui/live/use-live.ts';
import { needsSomebody, stateNameOf, type MailboxHealth } from './mailbox-words.ts';

/** The mailboxes that call for somebody, each with what is wrong. */
export function MailboxAlarms() {
  const { live } = useLive();
  const mailboxes = useMailboxes();
  const bad = (mailboxes.data?.mailboxes ?? []).filter(needsSomebody);
  if (bad.length === 0) return null;
  return (
    <Alert
      color="red"
      title={bad.length === 1 ? 'A mailbox needs you' : `${bad.length} mailboxes need you`}
    >
      <Stack gap={4}>
        {bad.map((health) => (
          <Text key={health.mailbox} size="sm" className="break">
            <b>{live.configuration.nameOf('mailbox', health.mailbox)}</b>: {whatIsWrong(health)}
          </Text>
        ))}
        <Anchor href="#/mailboxes" size="sm" underline="always">
          To the mailboxes
        </Anchor>
      </Stack>
    </Alert>
  );
}

function whatIsWrong(health: MailboxHealth): string {
  const { problem, storm, failed, state, alarm } = health;
  if (alarm || state === 'refused') return problem ?? stateNameOf(health);
  if (storm) return 'Far more mail than usual comes in and is held back.';
  return failed === 1 ? 'An e-mail could not be sent.' : `${failed} e-mails could not be sent.`;
}
