import { readHtml } from './read-html.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const BLOCKS = words('div li tr dt dd blockquote h1 h2 h3 h4 h5 h6 p table ul ol pre hr');
const PARAGRAPHS = words('p h1 h2 h3 h4 h5 h6 table ul ol blockquote');
const LISTS = words('ol ul');
/** Deeper quotes are marked as deep as this. */
const DEEPEST_QUOTE = 10;

/**
 * The plain part of a letter of ours, from its clean HTML: what is quoted behind `> `, links with where they
 * lead, lists with their points.
 */
export function letterText(html: string): string {
  const lines: string[] = [];
  let line = '';
  let quotes = 0;
  let isPreformatted = false;
  let link: { readonly href: string; readonly from: string } | undefined;
  const lists: number[] = [];

  const prefix = (): string => '> '.repeat(Math.min(quotes, DEEPEST_QUOTE));
  const endLine = (): void => {
    lines.push((prefix() + line).trimEnd());
    line = '';
  };
  const endBlock = (isParagraph: boolean): void => {
    if (line.trim() !== '') endLine();
    else line = '';
    const isApart = /^[> ]*$/.test(lines.at(-1) ?? '');
    if (isParagraph && !isApart) endLine();
  };

  readHtml(html, {
    opened(element, attributes) {
      if (element === 'br') return endLine();
      const isNested = LISTS.has(element) && lists.length > 0;
      if (BLOCKS.has(element)) endBlock(PARAGRAPHS.has(element) && !isNested);
      if (element === 'blockquote') quotes++;
      if (element === 'pre') isPreformatted = true;
      if (element === 'hr') {
        line = '-'.repeat(20);
        endLine();
      }
      if (element === 'ol') lists.push(1);
      if (element === 'ul') lists.push(0);
      if (element === 'li') line = bullet(lists);
      if (element === 'td' && line !== '' && !line.endsWith(' ')) line += ' ';
      if (element === 'img') line += attributes.get('alt') ?? '';
      if (element === 'a') link = { href: attributes.get('href') ?? '', from: line };
    },
    closed(element) {
      if (element === 'a' && link) {
        line += target(link.href, line.slice(link.from.length).trim());
        link = undefined;
      }
      if (LISTS.has(element)) lists.pop();
      const isNested = LISTS.has(element) && lists.length > 0;
      if (element === 'blockquote') {
        endBlock(false);
        while (/^>[> ]*$/.test(lines.at(-1) ?? '')) lines.pop();
        quotes = Math.max(0, quotes - 1);
      }
      if (BLOCKS.has(element)) endBlock(PARAGRAPHS.has(element) && !isNested);
      if (element === 'pre') isPreformatted = false;
    },
    text(text) {
      if (isPreformatted) {
        const [first = '', ...rest] = text.split('\n');
        line += first;
        for (const each of rest) {
          endLine();
          line = each;
        }
        return;
      }
      const joined = text.replaceAll(/[\s\u00a0]+/g, ' ');
      line += line === '' || line.endsWith(' ') ? joined.trimStart() : joined;
    },
  });
  endBlock(false);
  return lines
    .join('\n')
    .replace(/\n[> \n]*$/, '')
    .trim();
}

function bullet(lists: number[]): string {
  const indent = '  '.repeat(Math.max(0, Math.min(lists.length, 10) - 1));
  const number = lists.at(-1) ?? 0;
  if (number === 0) return `${indent}- `;
  lists[lists.length - 1] = number + 1;
  return `${indent}${number}. `;
}

/** Where a link leads, unless its own words say so. */
function target(href: string, said: string): string {
  const place = href.replace(/^(?:mailto|tel):/, '');
  const plain = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return place === '' || plain(said) === plain(place) ? '' : ` <${place}>`;
}
