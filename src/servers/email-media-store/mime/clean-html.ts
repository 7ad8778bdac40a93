import { cleanStyle } from './clean-style.ts';
import { HtmlWriter } from './html-writer.ts';
import { readHtml } from './read-html.ts';

/** HTML beyond this many UTF-16 units is left to the original: a letter has a tenth of it, an editor takes no more. */
export const HTML_LENGTH = 500_000;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What a letter is made of. All others are left out, and their content stays. */
const ELEMENTS = words(
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr',
);

/** Those whose content is no text, or is shown instead of what browsers can: it goes with them. */
const WITH_CONTENT = words(
  'applet audio canvas datalist frameset iframe listing math noembed noframes noscript object plaintext script select style svg template textarea title video xml xmp',
);

const ANYWHERE = words('dir lang title style');
const BOX = 'align valign bgcolor width height';
const CELL = words(`${BOX} nowrap colspan rowspan`);
const BLOCK = words(`${BOX} span size`);
const ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  img: words('alt width height align border hspace vspace'),
  font: words('color face size'),
  ol: words('start type'),
  ul: words('type'),
  li: words('value'),
  blockquote: words('type'),
  table: words(`${BOX} border cellpadding cellspacing`),
  td: CELL,
  th: CELL,
  tr: BLOCK,
  thead: BLOCK,
  tbody: BLOCK,
  tfoot: BLOCK,
  col: BLOCK,
  colgroup: BLOCK,
  div: BLOCK,
  p: BLOCK,
  hr: BLOCK,
};

export interface CleanHtmlOptions {
  /** Whether images of other servers may be loaded, which tells them who reads when and where. */
  readonly remoteImages: boolean;
}

export interface CleanHtml {
  readonly html: string;
  /** There are images of other servers, left out or not. */
  readonly hasRemote: boolean;
  /** The content ids of the images it shows. */
  readonly contentIds: readonly string[];
}

/**
 * HTML that can do nothing but be read: what stands in the lists above, written anew, and nothing else. No
 * scripts, forms, frames, refreshes or events, no style that reaches outside, links that tell nobody where
 * they were clicked. Inline images stay as `cid:`, those in the text itself as `data:`.
 *
 * Cleaning what is clean changes nothing.
 */
export function cleanHtml(html: string, { remoteImages }: CleanHtmlOptions): CleanHtml {
  const writer = new HtmlWriter(HTML_LENGTH);
  const contentIds = new Set<string>();
  let hasRemote = false;
  /** What is left out with its content, and how often which elements are open in it, itself included. */
  let hidden = '';
  const within = new Map<string, number>();

  const source = (written: string): string | undefined => {
    const contentId = contentIdOf(written);
    if (contentId !== undefined) {
      contentIds.add(contentId);
      return written;
    }
    if (/^data:image\/(?:png|gif|jpe?g|webp);base64,[\w+/=\s]*$/i.test(written)) return written;
    if (!/^(?:https?:)?\/\/[^/]/i.test(written)) return undefined;
    hasRemote = true;
    return remoteImages ? written.replace(/^\/\//, 'https://') : undefined;
  };

  function* attributesOf(
    element: string,
    given: ReadonlyMap<string, string>,
  ): Generator<readonly [string, string]> {
    const own = ATTRIBUTES[element];
    for (const [name, value] of given) {
      if (name === 'style') {
        const style = cleanStyle(value);
        if (style !== '') yield ['style', style];
      } else if (ANYWHERE.has(name) || own?.has(name) === true) yield [name, value];
    }
    if (element === 'img') {
      const src = source((given.get('src') ?? '').trim());
      if (src !== undefined) yield ['src', src];
    }
    const href = element === 'a' ? (given.get('href') ?? '').trim() : '';
    if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(href)) return;
    yield ['href', href];
    yield ['target', '_blank'];
    yield ['rel', 'noopener noreferrer'];
  }

  readHtml(html.slice(0, HTML_LENGTH), {
    opened(written, attributes) {
      if (hidden !== '') return void within.set(written, (within.get(written) ?? 0) + 1);
      if (WITH_CONTENT.has(written)) {
        hidden = written;
        within.clear();
        within.set(written, 1);
        return;
      }
      // it carries the colours of the whole
      const element = written === 'body' ? 'div' : written === 'image' ? 'img' : written;
      if (ELEMENTS.has(element)) writer.open(element, attributesOf(element, attributes));
    },
    closed(element) {
      if (hidden === '') return writer.close(element);
      const open = within.get(element) ?? 0;
      within.set(element, Math.max(0, open - 1));
      if (open === 1 && element === hidden) hidden = '';
      // nobody has closed it, and what it stands in ends
      if (open > 0 || !writer.has(element)) return;
      hidden = '';
      writer.close(element);
    },
    text(text) {
      if (hidden === '') writer.text(text);
    },
  });
  return { html: writer.end(), hasRemote, contentIds: [...contentIds] };
}

/** @returns Nothing where it refers to no part of the message. */
function contentIdOf(source: string): string | undefined {
  const [, written] = /^cid:([^\s<>"']{1,300})$/i.exec(source) ?? [];
  if (written === undefined) return undefined;
  try {
    return decodeURIComponent(written);
  } catch {
    return written; // RFC 2392 wants it encoded; not everybody does
  }
}
