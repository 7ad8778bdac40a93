/**
 * One contact as a row of CSV, and back.
 *
 *     id,kind,name,organisation,phone,email,chat,sms,xmpp,other,note,fields,account-owner
 *
 * Several addresses of a kind stand on lines of their own within the cell, a label before it in brackets:
 * `[work] +49 30 1234567`. `fields` is a JSON object; a column `field: Customer number` holds one field.
 */
import { guard } from '#base/csv-guard.ts';
import { AddressKind, type Contact, type ContactAddress } from '#domain/contact.ts';

export const COLUMNS = [
  'id',
  'kind',
  'name',
  'organisation',
  ...AddressKind.options,
  'note',
  'fields',
  'account-owner',
] as const;
export type Column = (typeof COLUMNS)[number];

/** A column of its own for one field. */
export const FIELD_COLUMN = /^field:\s*(?<name>.+)$/i;

/** The cells of a contact, in the order of `COLUMNS`. */
export function encodeRow(contact: Contact): string[] {
  const cells: Readonly<Record<Column, string>> = {
    id: contact.id,
    kind: contact.kind,
    name: contact.name,
    organisation: contact.organisation ?? '',
    phone: encodeAddresses(contact, 'phone'),
    email: encodeAddresses(contact, 'email'),
    chat: encodeAddresses(contact, 'chat'),
    sms: encodeAddresses(contact, 'sms'),
    xmpp: encodeAddresses(contact, 'xmpp'),
    other: encodeAddresses(contact, 'other'),
    note: contact.note,
    fields: Object.keys(contact.fields).length === 0 ? '' : JSON.stringify(contact.fields),
    'account-owner': contact.accountOwner ?? '',
  };
  return COLUMNS.map((column) => guard(cells[column]));
}

/** The addresses of one kind in a cell. */
export function decodeAddresses(kind: AddressKind, cell: string): ContactAddress[] {
  return cell
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, label, value] = /^\[((?:[^\]\\]|\\.)*)\]\s*(.*)$/s.exec(line) ?? [];
      return label && value !== undefined
        ? { kind, value: unescape(value), label: unescape(label) }
        : { kind, value: unescape(value ?? line) };
    });
}

function encodeAddresses({ addresses }: Contact, kind: AddressKind): string {
  return addresses
    .filter((address) => address.kind === kind)
    .map(({ value, label }) => {
      const written = escape(value);
      if (label) return `[${escape(label)}] ${written}`;
      return value.startsWith('[') ? `[] ${written}` : written;
    })
    .join('\n');
}

const escape = (text: string): string =>
  text
    .replaceAll(/[\\\]]/g, String.raw`\$&`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`);

const unescape = (text: string): string =>
  text.replaceAll(/\\(.)/gs, (_, character: string) =>
    character === 'n' ? '\n' : character === 'r' ? '\r' : character,
  );
