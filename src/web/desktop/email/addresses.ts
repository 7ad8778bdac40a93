import type { EmailAddress } from '#domain/email/email.ts';

/** What people type or paste as recipients: `Name <a@b>`, `a@b`, many by comma, semicolon or line. */
export function parseAddresses(typed: string): EmailAddress[] {
  return [...typed.matchAll(/(?:"[^"]*"|<[^>]*>|[^",;<>\n])+/g)].flatMap(([part]) => {
    const named = /^\s*"?([^"<]*?)"?\s*<([^>]*)>\s*$/.exec(part);
    const address = (named?.[2] ?? part).trim();
    return address === '' ? [] : [{ name: named?.[1]?.trim() ?? '', address }];
  });
}

/** Whether it can be an address: the server has the last word. */
export const looksLikeAddress = (address: string): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address);
