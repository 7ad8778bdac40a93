/**
 * What a delivery status notification says (RFC 3464):
 *
 *     Reporting-MTA: dns; mail.example.net
 *                                            ← an empty line before each recipient
 *     Final-Recipient: rfc822; customer@example.net
 *     Action: failed
 *     Status: 5.1.1
 *     Diagnostic-Code: smtp; 550 5.1.1 No such mailbox
 */
import { cleanLine } from './clean-text.ts';
import type { DeliveryReport } from './parsed-mail.ts';
import { messageIds } from './read-headers.ts';

const MOST_RECIPIENTS = 100;
const LONGEST_DIAGNOSTIC = 1_000;

type Recipient = DeliveryReport['recipients'][number];

const ACTIONS: Readonly<Record<string, Recipient['action']>> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
};

/**
 * Reads a report.
 *
 * @param status The part `message/delivery-status`.
 * @param original The header of the message that it is about, from the part behind it; '' where there is none.
 * @returns Nothing where it names no recipient.
 */
export function readDeliveryReport(status: string, original: string): DeliveryReport | undefined {
  const groups = status.split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/).map(fieldsOf);
  const recipients = groups.flatMap(recipientOf).slice(0, MOST_RECIPIENTS);
  if (recipients.length === 0) return undefined;
  const header = fieldsOf(original.split(/\r?\n\r?\n/)[0] ?? '');
  const [originalMessageId] = messageIds([
    header.get('message-id') ?? '',
    ...groups.map((fields) => fields.get('original-message-id') ?? ''),
    ...groups.map((fields) => fields.get('x-original-message-id') ?? ''),
  ]);
  return { ...(originalMessageId === undefined ? {} : { originalMessageId }), recipients };
}

function recipientOf(fields: ReadonlyMap<string, string>): Recipient[] {
  const action = ACTIONS[(fields.get('action') ?? '').toLowerCase().replace(/[\s(;].*$/s, '')];
  const address = valueOf(fields.get('original-recipient') ?? fields.get('final-recipient') ?? '');
  if (!action || address === '') return [];
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? '';
  const diagnostic = cleanLine(valueOf(fields.get('diagnostic-code') ?? ''), LONGEST_DIAGNOSTIC);
  return [{ address: cleanLine(address.replace(/^<|>$/g, ''), 320), action, status, diagnostic }];
}

/** What stands behind the type: `rfc822; customer@example.net`. */
const valueOf = (field: string): string => field.replace(/^[^;\s]*;\s*/, '').trim();

/** Fields by name in lower case, unfolded; the first of a name counts. */
function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([!-9;-~]{1,100})[ \t]*:(.*)$/s.exec(line) ?? [];
    if (name !== '' && !fields.has(name.toLowerCase()))
      fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}
