/** A web address that begins with its scheme, up to white space; what ends a sentence is not part of it. */
const LINK = /https?:\/\/[^\s<>"]{1,2000}?(?=[.,;:!?)\]]*(?:[\s<>"]|$))/g;

/** Cuts a text into web addresses and what stands between them; joined again it is the same text. */
export function splitLinks(text: string): { text: string; isLink: boolean }[] {
  const parts: { text: string; isLink: boolean }[] = [];
  let end = 0;
  for (const { index, 0: link } of text.matchAll(LINK)) {
    if (index > end) parts.push({ text: text.slice(end, index), isLink: false });
    parts.push({ text: link, isLink: true });
    end = index + link.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isLink: false });
  return parts;
}
