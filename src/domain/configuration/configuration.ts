import type { z } from 'zod';
import {
  DOCUMENT_IDS,
  DOCUMENTS,
  type DocumentBody,
  type DocumentIds,
  type DocumentKind,
  type StoredDocument,
} from './documents.ts';

/** The documents of one kind that are in use. */
class Shelf<Id extends z.ZodType, Body extends z.ZodType> {
  readonly documents = new Map<z.infer<Id>, z.infer<Body>>();
  readonly #id: Id;
  readonly #schema: Body;

  constructor(id: Id, schema: Body) {
    this.#id = id;
    this.#schema = schema;
  }

  put(id: string, body: unknown): boolean {
    const named = this.#id.safeParse(id);
    const read = this.#schema.safeParse(body);
    if (!named.success || !read.success) return false;
    this.documents.set(named.data, read.data);
    return true;
  }

  remove(id: string): void {
    const named = this.#id.safeParse(id);
    if (named.success) this.documents.delete(named.data);
  }
}

type Shelves = {
  readonly [K in DocumentKind]: { readonly documents: Map<DocumentIds[K], DocumentBody<K>> } & Pick<
    Shelf<z.ZodType, z.ZodType>,
    'put' | 'remove'
  >;
};

/** The configuration in use, by kind and id: a fold over the configuration server's changes. Retired documents are not in it. */
export class Configuration {
  /** The newest change taken in. */
  revision = 0;
  readonly #shelves: Shelves = {
    organisation: new Shelf(DOCUMENT_IDS.organisation, DOCUMENTS.organisation),
    agent: new Shelf(DOCUMENT_IDS.agent, DOCUMENTS.agent),
    queue: new Shelf(DOCUMENT_IDS.queue, DOCUMENTS.queue),
    skill: new Shelf(DOCUMENT_IDS.skill, DOCUMENTS.skill),
    schedule: new Shelf(DOCUMENT_IDS.schedule, DOCUMENTS.schedule),
    'entry-point': new Shelf(DOCUMENT_IDS['entry-point'], DOCUMENTS['entry-point']),
    code: new Shelf(DOCUMENT_IDS.code, DOCUMENTS.code),
    'canned-text': new Shelf(DOCUMENT_IDS['canned-text'], DOCUMENTS['canned-text']),
    mailbox: new Shelf(DOCUMENT_IDS.mailbox, DOCUMENTS.mailbox),
    'mail-template': new Shelf(DOCUMENT_IDS['mail-template'], DOCUMENTS['mail-template']),
    integration: new Shelf(DOCUMENT_IDS.integration, DOCUMENTS.integration),
    webhook: new Shelf(DOCUMENT_IDS.webhook, DOCUMENTS.webhook),
  };
  readonly #names = new Map<string, string>();

  /**
   * Takes a change in. A body this program cannot read (written by a newer one) leaves what was.
   * @returns Whether the document was understood.
   */
  apply(document: StoredDocument): boolean {
    const { kind, id, body } = document;
    this.revision = Math.max(this.revision, document.revision);
    if (typeof body['name'] === 'string') this.#names.set(`${kind}/${id}`, body['name']);
    if (!document.retired) return this.#shelves[kind].put(id, body);
    this.#shelves[kind].remove(id);
    return true;
  }

  /** All documents of a kind that are in use. */
  all<K extends DocumentKind>(kind: K): ReadonlyMap<DocumentIds[K], DocumentBody<K>> {
    return this.#shelves[kind].documents;
  }

  get<K extends DocumentKind>(kind: K, id: DocumentIds[K]): DocumentBody<K> | undefined {
    return this.#shelves[kind].documents.get(id);
  }

  /** Whether a document is in use. */
  has(kind: DocumentKind, id: string): boolean {
    return (this.#shelves[kind].documents as ReadonlyMap<string, unknown>).has(id);
  }

  /** The name people know it by, of retired documents too; the id where there is none. */
  nameOf<K extends DocumentKind>(kind: K, id: DocumentIds[K]): string {
    return this.#names.get(`${kind}/${id}`) ?? id;
  }
}
