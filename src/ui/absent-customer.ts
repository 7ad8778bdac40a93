import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** Why nobody is at the other end of a contact where somebody could be, as words to stand behind others; else ''. */
export function absentCustomer({
  channel,
  offline,
  callback,
}: Pick<OpenWorkItem, 'channel' | 'offline' | 'callback'>): string {
  if (callback) return ' · to be called back';
  return offline && channel !== 'email' ? ' · left a message' : '';
}
