import { readHtml } from './read-html.ts';

/** Elements that begin a line of their own. */
const BLOCKS = new Set(
  'address article aside center dd div dl dt fieldset figure footer form header hr li main nav pre section tr'.split(
    ' ',
  ),
);
/** Those that stand apart from what is around them. */
const PARAGRAPHS = new Set('p h1 h2 h3 h4 h5 h6 table ul ol blockquote'.split(' '));
/** Whose text nobody sees. */
const HIDDEN = new Set('head script style template title noscript svg math'.split(' '));

/** The readable text of HTML, in time that grows as its length does, at most `length` UTF-16 units. */
export function htmlText(html: string, length: number): string {
  const lines: string[] = [];
  let line = '';
  // Kept beside the line: to look at its end would copy it each time
  let endsBlank = true;
  let written = 0;
  /** Elements that are open: those that are seen, and those within what is hidden, itself included. */
  const seen = new Map<string, number>();
  const within = new Map<string, number>();
  let hidden = '';
  const write = (words: string): void => {
    line += words;
    endsBlank = words.endsWith(' ');
  };
  const endLine = (): void => {
    lines.push(line.trimEnd());
    line = '';
    endsBlank = true;
  };
  const breakFor = (element: string): void => {
    const isParagraph = PARAGRAPHS.has(element);
    if (!isParagraph && !BLOCKS.has(element)) return;
    if (line !== '') endLine();
    if (isParagraph && lines.length > 0 && lines.at(-1) !== '') lines.push('');
  };
  readHtml(html, {
    opened(element) {
      if (element === 'body') hidden = ''; // it ends a head that nobody has closed
      if (hidden === '' && HIDDEN.has(element)) {
        hidden = element;
        within.clear();
      }
      count(hidden === '' ? seen : within, element, 1);
      if (hidden !== '') return;
      if (element === 'br') endLine();
      breakFor(element);
      if (element === 'li') write('• ');
      if ((element === 'td' || element === 'th') && !endsBlank) write(' ');
    },
    closed(element) {
      if (hidden !== '') {
        if (count(within, element, -1)) {
          if (element === hidden && !within.has(element)) hidden = '';
          return;
        }
        if (!seen.has(element)) return;
        hidden = ''; // nobody has closed it, and what it stands in ends
      }
      count(seen, element, -1);
      breakFor(element);
    },
    text(piece) {
      if (hidden !== '' || written > length) return;
      const words = piece.replace(/[\s\u00a0]+/g, ' ');
      const added = endsBlank ? words.trimStart() : words;
      if (added !== '') write(added);
      written += added.length;
    },
  });
  endLine();
  return lines.join('\n').trim().slice(0, length);
}

/** @returns Whether one more is open, or one was that is closed now. */
function count(open: Map<string, number>, element: string, by: 1 | -1): boolean {
  const before = open.get(element) ?? 0;
  if (before + by > 0) open.set(element, before + by);
  else open.delete(element);
  return by > 0 || before > 0;
}
