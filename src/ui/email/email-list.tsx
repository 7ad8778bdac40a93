import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Email } from '#domain/email/email.ts';
import { EmailCard } from './email-card.tsx';
import type { ReadingHandle } from './use-reading.ts';

/** The e-mails of a conversation, oldest first. */
export function EmailList({
  emails,
  reading: { open, unseen, toggle },
  actionsFor,
}: {
  emails: readonly Email[];
  reading: ReadingHandle;
  /** What can be done with one of them. */
  actionsFor?: (email: Email) => ReactNode;
}) {
  return (
    <Stack gap="sm">
      {emails.map((email) => (
        <EmailCard
          key={email.id}
          email={email}
          isOpen={open.has(email.id)}
          isNew={unseen.has(email.id)}
          onToggle={() => toggle(email.id)}
          actions={actionsFor?.(email)}
        />
      ))}
    </Stack>
  );
}
