import type { ReactNode } from 'react';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentBody, DocumentKind } from '#domain/configuration/documents.ts';
import type { Field } from './field.ts';

/** Fields that most people never change, behind a heading that opens them. */
export interface Section {
  readonly title: string;
  /** What is decided here, in a few words. */
  readonly about: string;
  readonly fields: readonly Field[];
}

/** How one kind of document is listed and edited: a table's columns and a form's fields. */
export interface Sheet<K extends DocumentKind = DocumentKind> {
  readonly kind: K;
  /** "Agents". */
  readonly title: string;
  /** "agent", as in "New agent". */
  readonly one: string;
  /** What it is for, and what to do when there is none. */
  readonly about: string;
  /** The only document of its kind: edited at once, never listed. */
  readonly single?: string;
  readonly columns: readonly {
    readonly name: string;
    readonly show: (body: DocumentBody<K>, configuration: Configuration) => string;
  }[];
  /** The common ones. */
  readonly fields: readonly Field[];
  readonly sections?: readonly Section[];
  /** A new document's body before anything is typed. */
  readonly blank: (configuration: Configuration) => Record<string, unknown>;
  /** What else can be done with a stored document, below its form. */
  readonly extra?: (id: string) => ReactNode;
}
