import { cleanHtml } from '../mime/clean-html.ts';
import { letterText } from '../mime/letter-text.ts';
import { attached } from '../out/attachment.ts';
import type { StoredAttachment } from '../out/outgoing.ts';
import type { StoredDraft } from '../tables/drafts.ts';

/** What a draft becomes when it is sent. */
export interface FinishedLetter {
  readonly text: string;
  /** Clean; left out of a plain one. */
  readonly html: string | undefined;
  readonly attachments: readonly StoredAttachment[];
}

/** A draft as it leaves: cleaned, with a plain part, and without images that its writer has taken out. */
export function finishLetter({ draft, attachments }: StoredDraft): FinishedLetter {
  if (draft.format === 'plain') {
    return { text: draft.content, html: undefined, attachments: attachments.map(attached) };
  }
  const { html, contentIds } = cleanHtml(draft.content, { remoteImages: true });
  return {
    html,
    text: letterText(html),
    attachments: attachments.filter(
      ({ inline, contentId }) =>
        !inline || (contentId !== undefined && contentIds.includes(contentId)),
    ),
  };
}
