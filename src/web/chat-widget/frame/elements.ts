type Children = readonly (Node | string)[];

/** Makes an element with properties and children. Text is only ever text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & { data?: Record<string, string> } = {},
  children: Children = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { data, ...rest } = properties;
  Object.assign(element, rest);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** A web address up to white space; what ends a sentence is not part of it. */
const LINK = /https?:\/\/[^\s<>"]{1,2000}?(?=[.,;:!?)\]]*(?:[\s<>"]|$))/g;

/** A text as nodes: web addresses are links, everything else is text, whatever it looks like. */
export function textNodes(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const { index, 0: link } of text.matchAll(LINK)) {
    nodes.push(
      text.slice(end, index),
      make('a', { href: link, target: '_blank', rel: 'noopener noreferrer nofollow' }, [link]),
    );
    end = index + link.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}
