import { Stack } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import type { Email } from '#domain/email/email.ts';
import { openAtFirst } from './correspondence.ts';
import { EmailCard } from './email-card.tsx';

/** The e-mails of a conversation, oldest first: what is new to the reader stands open. */
export function EmailList({
  emails,
  readNumber,
  actionsFor,
}: {
  emails: readonly Email[];
  readNumber: number;
  /** What can be done with one of them. */
  actionsFor?: (email: Email) => ReactNode;
}) {
  // Until the reader opens or closes one, what stands open follows what comes.
  const [chosen, choose] = useState<ReadonlySet<Email['id']>>();
  const open = chosen ?? openAtFirst(emails, readNumber);
  const toggle = (id: Email['id']) =>
    choose(new Set(open.has(id) ? [...open].filter((each) => each !== id) : [...open, id]));
  return (
    <Stack gap="sm">
      {emails.map((email) => (
        <EmailCard
          key={email.id}
          email={email}
          isOpen={open.has(email.id)}
          onToggle={() => toggle(email.id)}
          actions={actionsFor?.(email)}
        />
      ))}
    </Stack>
  );
}
