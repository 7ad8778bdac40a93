import type { ReactNode } from 'react';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { DocumentBody, DocumentKind } from '#domain/configuration/documents.ts';
import type { Problem } from '#domain/configuration/problem.ts';
import type { Field, ProblemAt } from './field.ts';

/** Fields that most people never change, behind a heading that opens them. */
export interface Section {
  readonly title: string;
  /** What is decided here, in a few words. */
  readonly about: string;
  readonly fields: readonly Field[];
}

/** A form while it is being filled in. */
export interface FormParts {
  /** Of a stored document. */
  readonly id: string | undefined;
  readonly body: Record<string, unknown>;
  readonly problemAt: ProblemAt;
  readonly change: (path: string, value: unknown) => void;
  /** What is typed beside the document and is no part of it, as a password. */
  readonly beside: Beside;
  readonly setBeside: (name: string, value: string | undefined) => void;
  /** What the server would find wrong, found before anything is sent. */
  readonly setProblems: (problems: readonly Problem[]) => void;
}

export type Beside = Readonly<Record<string, string>>;

/** A document that was just saved, and what was typed beside it. */
export interface Saved {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly beside: Beside;
  readonly configuration: Configuration;
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
    readonly show: (body: DocumentBody<K>, configuration: Configuration, id: string) => ReactNode;
  }[];
  /** Its place in a tree, as `Returns/Broken`: the list is in the order of places then. */
  readonly placeOf?: (body: DocumentBody<K>) => string;
  /** Stands above the list, as long as there is something to say. */
  readonly above?: () => ReactNode;
  /** The common ones. */
  readonly fields: readonly Field[];
  readonly sections?: readonly Section[];
  /** A new document's body before anything is typed. */
  readonly blank: (configuration: Configuration) => Record<string, unknown>;
  /** What stands beside a new document before anything is typed. */
  readonly blankBeside?: (configuration: Configuration) => Beside;
  /** What is usual below a choice, where the schema cannot say it for all of them. */
  readonly usual?: Readonly<Record<string, unknown>>;
  /** What else changes with a change: an address that is a login too. */
  readonly follow?: (
    before: Record<string, unknown>,
    after: Record<string, unknown>,
  ) => Record<string, unknown>;
  /** Inputs of its own, below the fields and above the sections. */
  readonly inputs?: (form: FormParts) => ReactNode;
  /** Paths that `inputs` shows problems of. */
  readonly inputPaths?: readonly string[];
  /** Once it is saved: what was typed beside it is kept. Throws what went wrong there. */
  readonly afterSave?: (saved: Saved) => Promise<void>;
  /** What else can be done with a stored document, below its form. */
  readonly extra?: (id: string, body: Record<string, unknown>) => ReactNode;
}
