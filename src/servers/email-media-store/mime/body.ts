import { EMAIL_TEXT_LENGTH } from '#domain/email/email.ts';
import { cleanText } from './clean-text.ts';
import { htmlText } from './html-text.ts';

/** HTML beyond this many UTF-16 units is left to the original: nobody writes so much. */
export const HTML_LENGTH = 1_000_000;

interface Segment {
  /** What joins the same segment: the parts of one `multipart/alternative`. */
  readonly choice: object | undefined;
  plain?: string;
  html?: string;
}

/** The readable parts of a message in their order, to be shown as one. */
export class Body {
  readonly #segments: Segment[] = [];
  #isCut = false;

  /** Takes the text of a part; `isCut` where there was more of it. */
  add(form: 'plain' | 'html', text: string, choice: object | undefined, isCut: boolean): void {
    this.#isCut ||= isCut;
    const last = this.#segments.at(-1);
    if (choice && last?.choice === choice) {
      last[form] = (last[form] ?? '') + text;
    } else {
      this.#segments.push({ choice, [form]: text });
    }
  }

  /** There is more of it than is shown. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** The plain text, made of the HTML where there is no other. */
  text(): string {
    const texts = this.#segments.map(({ plain, html }) =>
      plain !== undefined && (plain.trim() !== '' || html === undefined)
        ? plain.replaceAll('\r\n', '\n')
        : htmlText(html ?? '', EMAIL_TEXT_LENGTH),
    );
    return this.#cut(
      texts
        .map((text) => text.trimEnd())
        .join('\n\n')
        .trimStart(),
      EMAIL_TEXT_LENGTH,
    );
  }

  /** All as HTML; nothing where none of it is. */
  html(): string | undefined {
    if (this.#segments.every(({ html }) => html === undefined)) return undefined;
    const all = this.#segments.map(
      ({ html, plain }) => html ?? `<pre>${escaped(plain ?? '')}</pre>`,
    );
    return this.#cut(all.join('\n'), HTML_LENGTH);
  }

  #cut(text: string, length: number): string {
    if (text.length > length) this.#isCut = true;
    return cleanText(text, length);
  }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
