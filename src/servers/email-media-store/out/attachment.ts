import type { Attachment } from '#domain/email/email.ts';
import type { StoredAttachment } from './outgoing.ts';

/** A file as everybody sees it. */
export const attachmentOf = (stored: StoredAttachment): Attachment => {
  const { id, name, type, size, inline, contentId, scan } = stored;
  return { id, name, type, size, inline, scan, ...(contentId !== undefined && { contentId }) };
};

/** A file that no text shows. */
export const attached = ({
  id,
  name,
  type,
  size,
  scan,
  blob,
}: StoredAttachment): StoredAttachment => ({
  id,
  name,
  type,
  size,
  inline: false,
  scan,
  blob,
});
