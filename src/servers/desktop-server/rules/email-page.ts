import type { Attachment } from '#domain/email/email.ts';
import type { FileAnswer } from '../http/handlers.ts';

/** Images that browsers draw without running anything; SVG is a program. */
const SHOWN: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Whether a file of this media type may be shown in a page instead of being kept. */
export const isShown = (type: string): boolean => SHOWN.has(type.toLowerCase());

export interface EmailPageFacts {
  /** Cleaned by the e-mail store. */
  readonly html: string;
  readonly attachments: readonly Attachment[];
  readonly remoteImages: boolean;
  /** The address of the e-mail in the API. */
  readonly base: string;
}

/** What a person's own mail program would show of plain HTML: readable, and no wider than its frame. */
const STYLE =
  'body{margin:0;padding:2px;font:14px/1.5 system-ui,sans-serif;color:#1a1b1e;background:#fff;overflow-wrap:anywhere}' +
  'img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}' +
  'blockquote{margin:8px 0 8px 4px;padding-left:10px;border-left:2px solid #ccc;color:#555}';

/**
 * An e-mail as a page for a sandboxed frame. It was cleaned before; the policy makes sure that nothing
 * runs, is sent or is asked for even if the cleaning has a hole: styles, our own inline images, and others'
 * images where they were asked for.
 */
export function emailPage({ html, attachments, remoteImages, base }: EmailPageFacts): FileAnswer {
  const body = html.replaceAll(
    /(\ssrc=")cid:([^"]{1,300})"/gi,
    (all, before: string, cid: string) => {
      const id = decoded(cid);
      const file = attachments.find(({ contentId }) => contentId === id);
      return file && isShown(file.type)
        ? `${before}${base}/attachments/${encodeURIComponent(file.id)}"`
        : `${before}data:,"`;
    },
  );
  const images = `img-src 'self' data:${remoteImages ? ' https: http:' : ''}`;
  return {
    name: 'email.html',
    type: 'text/html; charset=utf-8',
    inline: true,
    policy: `default-src 'none'; ${images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox`,
    content: pieces(
      `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>E-mail</title><style>${STYLE}</style><body>${body}`,
    ),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('&amp;', '&'));
  } catch {
    return text;
  }
}

async function* pieces(text: string): AsyncGenerator<string> {
  yield text;
}
