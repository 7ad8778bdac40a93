import { VisuallyHidden } from '@mantine/core';
import { useMailboxes } from '#ui/email/use-mailboxes.ts';
import { StateDot } from '#ui/state-dot.tsx';
import { needsSomebody } from './mailbox-words.ts';

/** A mark beside "Mailboxes" while one of them calls for somebody. */
export function MailboxesSign() {
  const mailboxes = useMailboxes();
  if (!mailboxes.data?.mailboxes.some(needsSomebody)) return null;
  return (
    <>
      <StateDot tone="late" />
      <VisuallyHidden>: one needs you</VisuallyHidden>
    </>
  );
}
