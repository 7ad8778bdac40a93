import { Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconPaperclip } from '@tabler/icons-react';
import type { Email } from '#domain/email/email.ts';
import { attachmentAddress } from '#ui/live/server.ts';
import classes from './email.module.css';

/** The files of an e-mail, but for pictures within its text. */
export function Files({ email }: { email: Email }) {
  const files = email.attachments.filter(({ inline }) => !inline || !email.hasHtml);
  if (files.length === 0) return null;
  return (
    <Group
      component="ul"
      gap="xs"
      p={0}
      m={0}
      mt="sm"
      aria-label="Files"
      style={{ listStyle: 'none' }}
    >
      {files.map((file) => (
        <li key={file.id}>
          {file.scan === 'infected' ? (
            <span className={classes.file} title="A scanner found something harmful in it">
              <IconAlertTriangle size={16} color="var(--mantine-color-error)" aria-hidden="true" />
              <Text size="sm" truncate>
                {file.name} <b>is harmful and kept back</b>
              </Text>
            </span>
          ) : (
            <a
              className={classes.file}
              href={attachmentAddress(email, file.id)}
              download={file.name}
              title={file.name}
            >
              <IconPaperclip size={16} aria-hidden="true" />
              <Text size="sm" truncate>
                {file.name || 'file'}
              </Text>
              <Text size="xs" c="dimmed" className="whole">
                {formatBytes(file.size)}
              </Text>
            </a>
          )}
        </li>
      ))}
    </Group>
  );
}

/** How large something is, as people say it: `3.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
