/**
 * What mail programs put before the subject of an answer or of what is passed on, in the languages that
 * theirs speak: `Re:`, `AW:`, `SV: VS:`, `Re[2]:`, `RE: FW:`, `回复：`.
 */
const PREFIX =
  /^\s*(?:re|aw|antw(?:ort)?|sv|vs|vb|fw|fwd|wg|tr|rv|res|enc|rif|r|i|odp|pd|ynt|ilt|atb|ats|ref|doorst|回复|回覆|答复|转发|轉寄|返信|転送|답장|전달)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*/iu;

/** More prefixes than this are not looked for: nobody passes a mail on that often. */
const MOST_PREFIXES = 50;

/** A subject without what answering and passing on has put before it, to be compared: lower case, single spaces. */
export function plainSubject(subject: string): string {
  let rest = subject;
  for (let n = 0; n < MOST_PREFIXES && PREFIX.test(rest); n++) rest = rest.replace(PREFIX, '');
  return rest.replaceAll(/\s+/gu, ' ').trim().toLowerCase();
}
