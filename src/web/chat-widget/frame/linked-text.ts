/** A piece of a message: text as it is, or a web address that may be opened. */
export type TextPart =
  | { readonly text: string; readonly link?: never }
  | { readonly text: string; readonly link: string };

/** A web address up to white space; what ends a sentence is not part of it, nor a bracket it did not open. */
const LINK = /\bhttps?:\/\/[^\s<>"'`]{1,2000}/gi;
const TRAILING = /[.,;:!?…'"]+$/;

/** Cuts a text into what is text and what is a link. Only http and https are links, whatever a text looks like. */
export function linkedText(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { index, 0: found } of text.matchAll(LINK)) {
    const address = withoutEnding(found);
    const url = URL.parse(address);
    if (!url || !/^https?:$/.test(url.protocol)) continue;
    if (index > end) parts.push({ text: text.slice(end, index) });
    parts.push({ text: address, link: url.href });
    end = index + address.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

function withoutEnding(found: string): string {
  let address = found.replace(TRAILING, '');
  while (address.endsWith(')') && address.split(')').length > address.split('(').length) {
    address = address.slice(0, -1).replace(TRAILING, '');
  }
  return address;
}
