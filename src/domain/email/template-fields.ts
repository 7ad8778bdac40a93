/**
 * The fields that templates and signatures may have, written as `{{customer.name}}`. Each stands for a value when
 * an e-mail is begun.
 */
export const TEMPLATE_FIELDS = [
  'customer.name',
  'customer.address',
  'agent.name',
  'agent.email',
  'queue.name',
  'mailbox.name',
  'mailbox.address',
  'organisation.name',
  'subject',
  'date',
] as const;
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

const FIELD = /\{\{\s*([^{}<>\s][^{}<>]{0,59}?)\s*\}\}/g;

/** What a text has between double braces that is no field: a slip that customers would see. */
export function unknownFields(text: string): string[] {
  const known = new Set<string>(TEMPLATE_FIELDS);
  const found = [...text.matchAll(FIELD)].map(([, name = '']) => name);
  return [...new Set(found.filter((name) => !known.has(name.toLowerCase())))];
}
