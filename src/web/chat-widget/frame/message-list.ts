import { make, setText } from './elements.ts';
import { linkedText } from './linked-text.ts';
import type { Row } from './rows.ts';
import type { Texts } from './texts.ts';

/** Whoever is this near to the end follows it when something is added. */
const NEAR_END = 80;

interface Shown {
  readonly element: HTMLElement;
  readonly day: HTMLElement;
  readonly name: HTMLElement;
  readonly below: HTMLElement;
}

/** The messages, oldest first. Rows that are there stay there: only what is new is announced. */
export class MessageList {
  readonly element: HTMLDivElement;
  readonly #texts: Texts;
  readonly #rows = new Map<string, Shown>();

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element = make('div', {
      className: 'log',
      role: 'log',
      tabIndex: 0,
      ariaLabel: texts.log,
    });
    // times and states change all the while: only new messages are worth a word
    this.element.setAttribute('aria-relevant', 'additions');
  }

  /** @param isComing Older messages are still coming: they are not read out one by one. */
  render(rows: readonly Row[], isComing: boolean): void {
    const log = this.element;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    log.setAttribute('aria-busy', String(isComing));
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { element }] of this.#rows) {
      if (keys.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    let hasMore = false;
    let before: Element | null = null;
    for (const row of rows) {
      let shown = this.#rows.get(row.key);
      if (!shown) {
        shown = this.#make(row);
        this.#rows.set(row.key, shown);
        hasMore = true;
      }
      const { element } = shown;
      setText(shown.day, row.day);
      setText(shown.name, row.name);
      setText(shown.below, row.below);
      element.classList.toggle('last', row.isLast);
      const place: Element | null = before ? before.nextElementSibling : log.firstElementChild;
      if (place !== element) log.insertBefore(element, place);
      before = element;
    }
    if (isAtEnd || (hasMore && rows.at(-1)?.from === 'customer')) this.toEnd();
  }

  toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  #make({ from, text }: Row): Shown {
    const day = make('span', { className: 'day' });
    const name = make('span', { className: 'name' });
    const below = make('span', { className: 'below' });
    const who = make(
      'span',
      { className: 'unseen' },
      from === 'customer' ? [`${this.#texts.you}: `] : [],
    );
    const parts = linkedText(text).map(({ text: part, link }) =>
      link === undefined
        ? part
        : make('a', { href: link, target: '_blank', rel: 'noopener noreferrer nofollow' }, [
            part,
            make('span', { className: 'unseen' }, [` (${this.#texts.newTab})`]),
          ]),
    );
    const bubble = make('p', { className: 'bubble' }, [who, make('span', {}, parts)]);
    const element = make('div', { className: `row ${from}` }, [day, name, bubble, below]);
    return { element, day, name, below };
  }
}
