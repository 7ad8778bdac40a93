import {
  DOCUMENTS,
  type DocumentBody,
  type DocumentIds,
  type DocumentKind,
  type StoredDocument,
} from './documents.ts';

type Shelf<K extends DocumentKind> = Map<DocumentIds[K], DocumentBody<K>>;

/** The configuration in use, by kind and id: a fold over the configuration server's changes. Retired documents are not in it. */
export class Configuration {
  /** The newest change taken in. */
  revision = 0;
  readonly #shelves = new Map<DocumentKind, Map<string, unknown>>();
  readonly #names = new Map<string, string>();

  /**
   * Takes a change in. A body this program cannot read (written by a newer one) leaves what was.
   * @returns Whether the document was understood.
   */
  apply(document: StoredDocument): boolean {
    this.revision = Math.max(this.revision, document.revision);
    if (typeof document.body['name'] === 'string') {
      this.#names.set(`${document.kind}/${document.id}`, document.body['name']);
    }
    const shelf = this.#shelf(document.kind);
    if (document.retired) {
      shelf.delete(document.id);
      return true;
    }
    const body = DOCUMENTS[document.kind].safeParse(document.body);
    if (body.success) shelf.set(document.id, body.data);
    return body.success;
  }

  /** All documents of a kind that are in use. */
  all<K extends DocumentKind>(kind: K): ReadonlyMap<DocumentIds[K], DocumentBody<K>> {
    return this.#shelf(kind) as Shelf<K>;
  }

  get<K extends DocumentKind>(kind: K, id: DocumentIds[K]): DocumentBody<K> | undefined {
    return (this.#shelf(kind) as Shelf<K>).get(id);
  }

  /** The name people know it by, of retired documents too; the id where there is none. */
  nameOf<K extends DocumentKind>(kind: K, id: DocumentIds[K]): string {
    return this.#names.get(`${kind}/${id}`) ?? id;
  }

  #shelf(kind: DocumentKind): Map<string, unknown> {
    let shelf = this.#shelves.get(kind);
    if (!shelf) this.#shelves.set(kind, (shelf = new Map()));
    return shelf;
  }
}
