import { Tokenizer } from 'htmlparser2';

/** What stands in HTML, in its order; names are in lower case. */
export interface HtmlReader {
  opened(element: string, attributes: ReadonlyMap<string, string>): void;
  closed(element: string): void;
  /** As a person reads it: character references are characters already. May come in pieces. */
  text(text: string): void;
}

/** Of an element; more do not count. */
const MOST_ATTRIBUTES = 50;

/**
 * Reads HTML as browsers cut it into tags and text, in time that grows as its length does, whatever its
 * nesting. That is why it is the tokenizer alone: the parser above it looks through all open elements at
 * every tag, and 200,000 of them take it half a minute.
 */
export function readHtml(html: string, reader: HtmlReader): void {
  let element = '';
  let attribute = '';
  let value = '';
  let attributes = new Map<string, string>();
  const opened = (): void => reader.opened(element, attributes);
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(start, end) {
        element = html.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
        value = '';
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codepoint) {
        value += String.fromCodePoint(codepoint);
      },
      onattribend() {
        const isNews = !attributes.has(attribute) && attributes.size < MOST_ATTRIBUTES;
        if (isNews) attributes.set(attribute, value);
      },
      onopentagend: opened,
      onselfclosingtag: opened, // HTML has none: the slash means nothing
      onclosetag: (start, end) => reader.closed(html.slice(start, end).toLowerCase()),
      ontext: (start, end) => reader.text(html.slice(start, end)),
      ontextentity: (codepoint) => reader.text(String.fromCodePoint(codepoint)),
      oncdata: (start, end, offset) => reader.text(html.slice(start, end - offset)),
      oncomment: () => undefined,
      ondeclaration: () => undefined,
      onprocessinginstruction: () => undefined,
      onend: () => undefined,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
