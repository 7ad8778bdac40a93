import sanitize from 'sanitize-html';
import { cleanStyle } from './clean-style.ts';

/** HTML beyond this many UTF-16 units is left to the original: a letter has a tenth of it. */
export const HTML_LENGTH = 1_000_000;
/** Deeper nesting is flattened; people need a dozen, newsletters two. */
const DEEPEST = 100;

const TAGS =
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
    ' ',
  );

/** Their content is no text, or is read by other rules than the rest: it goes with them. */
const GONE_WITH_CONTENT =
  'applet audio button canvas datalist embed form frame frameset head iframe input link listing math meta noembed noframes noscript object option output plaintext script select style svg template textarea title video xmp'.split(
    ' ',
  );

const BOX = ['align', 'valign', 'bgcolor', 'width', 'height', 'nowrap'];

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
 * HTML that can do nothing but be read: what stands in the lists above and nothing else. No scripts, forms,
 * frames, refreshes or events, no style that reaches outside, links that tell nobody where they were
 * clicked. Inline images stay as `cid:`, small ones in the text itself as `data:`.
 *
 * Cleaning what is clean changes nothing.
 */
export function cleanHtml(html: string, { remoteImages }: CleanHtmlOptions): CleanHtml {
  let hasRemote = false;
  const contentIds = new Set<string>();
  const image = (attributes: sanitize.Attributes): sanitize.Attributes => {
    const { src = '', ...rest } = attributes;
    const source = src.trim();
    const contentId = contentIdOf(source);
    if (contentId !== undefined) {
      contentIds.add(contentId);
      return { ...rest, src: source };
    }
    if (/^data:image\/(?:png|gif|jpe?g|webp);base64,[\w+/=\s]*$/i.test(source)) {
      return { ...rest, src: source };
    }
    const remote = /^(?:https?:)?\/\/(?=[^/])/i.test(source);
    hasRemote ||= remote;
    return remote && remoteImages ? { ...rest, src: source.replace(/^\/\//, 'https://') } : rest;
  };
  const clean = sanitize(html.slice(0, HTML_LENGTH), {
    allowedTags: TAGS,
    nonTextTags: GONE_WITH_CONTENT,
    disallowedTagsMode: 'discard',
    nestingLimit: DEEPEST,
    allowedAttributes: {
      '*': ['dir', 'lang', 'title', 'style'],
      a: ['href', 'target', 'rel'],
      img: ['src', 'alt', 'width', 'height', 'align', 'border', 'hspace', 'vspace'],
      font: ['color', 'face', 'size'],
      ol: ['start', 'type'],
      ul: ['type'],
      blockquote: ['type'],
      table: [...BOX, 'border', 'cellpadding', 'cellspacing'],
      ...Object.fromEntries(
        ['td', 'th'].map((tag) => [tag, [...BOX, 'colspan', 'rowspan', 'scope']]),
      ),
      ...Object.fromEntries(
        ['tr', 'thead', 'tbody', 'tfoot', 'col', 'colgroup', 'div', 'p', 'hr'].map((tag) => [
          tag,
          [...BOX, 'span', 'size'],
        ]),
      ),
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
    allowProtocolRelative: false,
    parseStyleAttributes: false, // by our own, in a tenth of the time
    transformTags: {
      body: 'div', // it carries the colours of the whole
      '*': (tagName, { style, ...attributes }) => {
        const harmless = style === undefined ? '' : cleanStyle(style);
        const attribs = harmless === '' ? attributes : { ...attributes, style: harmless };
        if (tagName === 'img') return { tagName, attribs: image(attribs) };
        return { tagName, attribs: tagName === 'a' ? link(attribs) : attribs };
      },
    },
  });
  return { html: clean, hasRemote, contentIds: [...contentIds] };
}

/** A link opens beside this page and tells its target nothing of it. One that leads nowhere is none. */
function link({
  href = '',
  target: _,
  rel: __,
  ...rest
}: sanitize.Attributes): sanitize.Attributes {
  const leads = /^\s*(?:https?:\/\/|mailto:|tel:)/i.test(href);
  return leads
    ? { ...rest, href: href.trim(), target: '_blank', rel: 'noopener noreferrer' }
    : rest;
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
