import { Parser } from 'htmlparser2';

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
  let hidden = 0;
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
  const parser = new Parser({
    onopentagname(element) {
      if (HIDDEN.has(element)) hidden += 1;
      if (hidden > 0) return;
      if (element === 'br') endLine();
      breakFor(element);
      if (element === 'li') write('• ');
      if ((element === 'td' || element === 'th') && !endsBlank) write(' ');
    },
    ontext(piece) {
      if (hidden > 0 || written > length) return;
      const words = piece.replace(/[\s\u00a0]+/g, ' ');
      const added = endsBlank ? words.trimStart() : words;
      if (added !== '') write(added);
      written += added.length;
    },
    onclosetag(element) {
      if (HIDDEN.has(element)) hidden = Math.max(0, hidden - 1);
      else if (hidden === 0) breakFor(element);
    },
  });
  parser.end(html);
  endLine();
  return lines.join('\n').trim().slice(0, length);
}
