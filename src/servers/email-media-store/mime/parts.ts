/** What each part of a message is to a reader: text to be shown, a report, or a file. */
import type { MimeNode } from '@zone-eu/mailsplit';

/** A part that holds something, not other parts. */
export type PartUse =
  | {
      readonly type: 'text';
      readonly form: 'plain' | 'html';
      readonly choice: MimeNode | undefined;
    }
  | {
      readonly type: 'file';
      readonly inline: boolean;
      readonly report: 'status' | 'original' | undefined;
    };

const SHOWN: Readonly<Record<string, 'plain' | 'html'>> = {
  'text/plain': 'plain',
  'text/html': 'html',
};

const REPORTS: Readonly<Record<string, 'status' | 'original'>> = {
  'message/delivery-status': 'status',
  'message/global-delivery-status': 'status',
  'text/rfc822-headers': 'original',
  'message/rfc822': 'original',
  'message/global': 'original',
  'message/global-headers': 'original',
};

/**
 * Text is what stands in a message without being called an attachment. Of parts in the same `choice`
 * (`multipart/alternative`) one says what the others say.
 */
export function useOf(node: MimeNode): PartUse {
  const type = node.contentType || 'text/plain';
  const form = SHOWN[type];
  const isAttached = node.disposition === 'attachment';
  if (form && !isAttached && !(node.filename && node.disposition === 'inline')) {
    return { type: 'text', form, choice: above(node, 'alternative') };
  }
  return {
    type: 'file',
    inline: !isAttached && contentIdOf(node) !== '' && above(node, 'related') !== undefined,
    report: above(node, 'report') ? REPORTS[type] : undefined,
  };
}

export const contentIdOf = (node: MimeNode): string =>
  (node.headers && node.headers.getFirst('content-id').replace(/^<|>$/g, '')) || '';

/** Messages within messages go deeper than anybody reads. */
const DEEPEST = 100;

function above(node: MimeNode, multipart: string): MimeNode | undefined {
  let parent = node.parentNode;
  for (let depth = 0; parent && depth < DEEPEST; depth++, parent = parent.parentNode) {
    if (parent.multipart === multipart) return parent;
  }
  return undefined;
}
