/** A configuration server and a contact directory as small as they can be. */
import type { Implementation, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import { type AgentId, ContactId } from '#domain/ids.ts';
import type { configurationServer } from '#servers/configuration-server/contract.ts';
import type { contactDirectory } from '#servers/contact-directory/contract.ts';

const refuse = async (): Promise<never> => {
  throw new Refusal('forbidden', 'This double does not do that');
};
const others = <T extends object>(some: Partial<T>): T =>
  new Proxy(some, { get: (target, name) => Reflect.get(target, name) ?? refuse }) as T;

/** Numbered things that can be followed. */
class Log<T> {
  readonly items: T[] = [];
  readonly #wakers = new Set<() => void>();

  push(item: T): void {
    this.items.push(item);
    for (const wake of this.#wakers) wake();
  }

  async *follow(since: number, signal: AbortSignal): AsyncGenerator<StreamItem<T, number>> {
    let at = since;
    while (!signal.aborted) {
      const event = this.items[at];
      if (event !== undefined) {
        yield { event, cursor: ++at };
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      this.#wakers.delete(resolve);
    }
  }
}

export class ConfigurationDouble {
  readonly #changes = new Log<StoredDocument>();

  put(kind: DocumentKind, id: string, body: Record<string, unknown>, retired = false): void {
    const revision = this.#changes.items.length + 1;
    this.#changes.push({ kind, id, revision, retired, body: { name: id, ...body } });
  }

  implementation(): Implementation<typeof configurationServer> {
    const none = async function* (): AsyncGenerator<never> {};
    return {
      methods: others<Implementation<typeof configurationServer>['methods']>({
        list: async ({ kind }) => ({
          documents: this.#changes.items.filter((each) => each.kind === kind),
          revision: this.#changes.items.length,
        }),
      }),
      streams: {
        settings: none,
        changes: ({ since }, { signal }) =>
          this.#changes.follow(since ?? this.#changes.items.length, signal),
      },
    };
  }
}

export class DirectoryDouble {
  readonly #known = new Map<string, ContactId>();
  readonly #changes = new Log<{ contact: ContactId; erased: boolean }>();

  /** Whose accounts contacts are. */
  readonly owners = new Map<ContactId, AgentId>();

  know(value: string): ContactId {
    const contact = ContactId.parse(newId());
    this.#known.set(value, contact);
    return contact;
  }

  erase(contact: ContactId): void {
    this.#changes.push({ contact, erased: true });
  }

  implementation(): Implementation<typeof contactDirectory> {
    return {
      methods: others<Implementation<typeof contactDirectory>['methods']>({
        accountOwner: async ({ contact }) => ({ agent: this.owners.get(contact) }),
        match: async ({ address, otherwise }) => {
          const contact = this.#known.get(address.value);
          if (!contact) this.#known.set(address.value, otherwise);
          return { contact: contact ?? otherwise, isNew: !contact };
        },
      }),
      streams: { changes: ({ since }, { signal }) => this.#changes.follow(since ?? 0, signal) },
    };
  }
}
