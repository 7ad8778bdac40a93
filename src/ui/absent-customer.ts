import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** Why nobody is at the other end of a contact, as words to stand behind others; '' where somebody may be. */
export function absentCustomer({
  offline,
  callback,
}: Pick<OpenWorkItem, 'offline' | 'callback'>): string {
  if (callback) return ' · to be called back';
  return offline ? ' · left a message' : '';
}
