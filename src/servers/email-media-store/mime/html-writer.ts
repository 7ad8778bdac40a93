/** Elements that have no content and no end. */
const VOID = new Set(['br', 'col', 'hr', 'img', 'wbr']);

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const BLOCKS = words(
  'address article aside blockquote center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul',
);
/** Which open elements end where another begins, and which elements they are looked for within. @see WHATWG HTML §13.2.6.4.7 */
const ENDS: readonly {
  readonly at: ReadonlySet<string>;
  readonly ends: ReadonlySet<string>;
  readonly within: ReadonlySet<string>;
}[] = [
  { at: BLOCKS, ends: words('p'), within: words('table caption td th') },
  { at: words('li'), ends: words('li'), within: words('ol ul table td th') },
  { at: words('dd dt'), ends: words('dd dt'), within: words('dl table td th') },
  { at: words('td th'), ends: words('td th'), within: words('tr tbody thead tfoot table') },
  { at: words('tr'), ends: words('tr'), within: words('tbody thead tfoot table') },
  { at: words('tbody thead tfoot'), ends: words('tbody thead tfoot'), within: words('table') },
  { at: words('a'), ends: words('a'), within: words('table td th') },
];

/** Deeper elements are left out, their content stays: people need a dozen, newsletters thirty. */
const DEEPEST = 100;

/**
 * Writes HTML in which every element that begins also ends, in the right order, and everything is escaped
 * that could mean something: what a browser reads from it is what was said to the writer.
 */
export class HtmlWriter {
  readonly #most: number;
  readonly #pieces: string[] = [];
  readonly #open: string[] = [];
  #length = 0;

  /** @param most UTF-16 units; from then on all that is written is left out. */
  constructor(most: number) {
    this.#most = most;
  }

  open(element: string, attributes: Iterable<readonly [string, string]>): void {
    for (const { at, ends, within } of ENDS) if (at.has(element)) this.#end(ends, within);
    const isVoid = VOID.has(element);
    if (this.#isFull || (!isVoid && this.#open.length >= DEEPEST)) return;
    let tag = `<${element}`;
    for (const [name, value] of attributes) tag += ` ${name}="${escape(value)}"`;
    this.#write(`${tag}>`);
    if (!isVoid) this.#open.push(element);
  }

  /** Closes the element and what is open within it; nothing where it is not open. */
  close(element: string): void {
    const at = this.#open.lastIndexOf(element);
    if (at >= 0) this.#closeTo(at);
  }

  /** Whether such an element is open. */
  has(element: string): boolean {
    return this.#open.includes(element);
  }

  text(text: string): void {
    if (!this.#isFull) this.#write(escape(text));
  }

  /** All of it, everything closed. */
  end(): string {
    this.#closeTo(0);
    return this.#pieces.join('');
  }

  get #isFull(): boolean {
    return this.#length > this.#most;
  }

  #end(ends: ReadonlySet<string>, within: ReadonlySet<string>): void {
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const element = this.#open[at] ?? '';
      if (within.has(element)) return;
      if (ends.has(element)) return this.#closeTo(at);
    }
  }

  #closeTo(at: number): void {
    while (this.#open.length > at) this.#write(`</${this.#open.pop()}>`);
  }

  #write(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\u00a0': '&nbsp;',
};

const escape = (text: string): string =>
  text.replaceAll(/[&<>"'\u00a0]/g, (character) => ESCAPED[character] ?? '');

/** Text as HTML shows it: nothing in it is markup, its lines are lines. */
export const htmlOfText = (text: string): string =>
  escape(text.replaceAll(/\r\n?/g, '\n')).replaceAll('\n', '<br>');
