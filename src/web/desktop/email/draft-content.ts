/** A draft's text between the server, which keeps `cid:` for inline pictures, and the editor, which shows them. */
import type { Draft } from '#domain/email/email.ts';

const CID = /(<img\b[^>]*?\ssrc=")cid:([^"]+)"/gi;

/** The HTML as the editor can show it. */
export const forEditor = (
  html: string,
  attachments: Draft['attachments'],
  addressOf: (attachment: string) => string,
): string =>
  html.replaceAll(CID, (all, before: string, cid: string) => {
    const file = attachments.find(({ contentId }) => contentId === cid);
    return file ? `${before}${addressOf(file.id)}" data-cid="${cid}"` : all;
  });

/** The HTML as the server keeps it. */
export const fromEditor = (
  html: string,
  attachments: Draft['attachments'],
  addressOf: (attachment: string) => string,
): string =>
  attachments.reduce(
    (text, { id, contentId }) =>
      contentId === undefined
        ? text
        : text.replaceAll(`src="${addressOf(id)}"`, `src="cid:${contentId}"`),
    html,
  );

/** Plain text as the rich editor would have it. */
export const richOf = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escape(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('');

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
