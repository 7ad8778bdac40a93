import { Alert, Anchor, Badge, Box, Group, Text, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Email, EmailAddress, EmailNature } from '#domain/email/email.ts';
import { emailAddress } from '#ui/live/server.ts';
import { useLive } from '#ui/live/use-live.ts';
import { formatTime } from '#ui/time.ts';
import { DeliveryBadge, DeliveryStory } from './delivery.tsx';
import { EmailBody } from './email-body.tsx';
import classes from './email.module.css';
import { EmailReasons } from './email-reasons.tsx';
import { Files } from './files.tsx';

const NATURES: Readonly<Partial<Record<EmailNature, string>>> = {
  list: 'from a list or a program',
  'auto-reply': 'automatic answer',
  bounce: 'could not be delivered',
  own: 'from one of our mailboxes',
};

/** One e-mail: a line when closed; what it says, its files and what became of it when open. */
export function EmailCard({
  email,
  isOpen,
  isNew,
  onToggle,
  actions,
}: {
  email: Email;
  isOpen: boolean;
  /** It came while the reader was writing, and they have not opened it. */
  isNew: boolean;
  onToggle: () => void;
  /** What can be done with it, below its text. */
  actions?: ReactNode;
}) {
  const { live } = useLive();
  const nature = NATURES[email.nature];
  const writer =
    email.direction === 'in'
      ? email.from.name || email.from.address
      : email.agent === undefined
        ? 'Automatic'
        : live.configuration.nameOf('agent', email.agent);
  return (
    <Box component="article" className={classes.card} data-direction={email.direction}>
      <UnstyledButton className={classes.head} onClick={onToggle} aria-expanded={isOpen}>
        <Group justify="space-between" gap="sm" wrap="nowrap">
          <Group gap={8} wrap="nowrap" className="grow">
            <Text size="sm" fw={600} truncate>
              {writer}
            </Text>
            {isNew ? <Badge size="sm">new</Badge> : null}
            {nature ? (
              <Badge size="sm" variant="light" color="gray">
                {nature}
              </Badge>
            ) : null}
            {email.delivery ? <DeliveryBadge delivery={email.delivery} /> : null}
          </Group>
          <Text size="xs" c="dimmed" className="whole figures">
            {formatTime(email.at)}
          </Text>
        </Group>
        {isOpen ? null : (
          <Text size="sm" c="dimmed" truncate>
            {email.text}
          </Text>
        )}
      </UnstyledButton>
      {isOpen ? (
        <Box px={14} pb={14}>
          <Recipients email={email} />
          {email.unreadable === undefined ? null : (
            <Alert color="yellow" p="xs" mb="xs" title="An unreadable part">
              <Text size="sm">
                {email.unreadable}{' '}
                <Anchor href={emailAddress('emailOriginal', email)} size="sm">
                  Keep the original message
                </Anchor>
              </Text>
            </Alert>
          )}
          <EmailBody email={email} />
          {email.direction === 'in' ? <EmailReasons email={email} /> : null}
          <Files email={email} />
          {email.delivery ? (
            <Box mt="xs">
              <DeliveryStory delivery={email.delivery} />
            </Box>
          ) : null}
          {actions ? (
            <Group gap="xs" mt="sm">
              {actions}
            </Group>
          ) : null}
        </Box>
      ) : null}
    </Box>
  );
}

function Recipients({ email: { from, to, cc, bcc, subject } }: { email: Email }) {
  return (
    <Box mb="sm">
      <Line name="From" addresses={[from]} />
      <Line name="To" addresses={to} />
      <Line name="CC" addresses={cc} />
      <Line name="BCC" addresses={bcc} />
      <Text size="xs" c="dimmed" className="break">
        Subject: {subject || 'none'}
      </Text>
    </Box>
  );
}

function Line({ name, addresses }: { name: string; addresses: readonly EmailAddress[] }) {
  if (addresses.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" lineClamp={2} className="break">
      {name}: {addresses.map(formatAddress).join(', ')}
    </Text>
  );
}

/** As mail programs show an address. */
export const formatAddress = ({ name, address }: EmailAddress): string =>
  name && name !== address ? `${name} <${address}>` : address;
