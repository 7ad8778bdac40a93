import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { isStorable } from '#base/storable.ts';
import type { Contact } from '#domain/contact.ts';
import type { Feed } from '#platform/feed/feed.ts';
import type { contactDirectory } from './contract.ts';
import type { CsvExchange } from './csv-exchange.ts';
import type { Directory } from './directory.ts';
import { searchTerms } from './rules/search-terms.ts';
import type { ContactChange, Storage } from './storage.ts';

export interface ServiceParts {
  readonly directory: Directory;
  readonly csv: CsvExchange;
  readonly storage: Storage;
  readonly feed: Feed<ContactChange>;
}

/** Well below what one message may hold. */
const PAGE_BYTES = 700_000;

/** The contract, made of the parts that do the work. */
export function contactService(parts: ServiceParts): Implementation<typeof contactDirectory> {
  const { directory, csv, storage, feed } = parts;
  return {
    methods: {
      match(wanted, { role }) {
        const name = isStorable(wanted.name) ? wanted.name : '';
        return directory.match({ ...wanted, name }, role);
      },
      async get({ contact: id }) {
        const [contact] = await storage.contacts([id]);
        if (contact) return { contact };
        throw new Refusal('unknown-contact', 'There is no such contact', { contact: id });
      },
      async accountOwner({ contact: id }) {
        const [contact] = await storage.contacts([id]);
        const { accountOwner, organisation } = contact ?? {};
        if (accountOwner !== undefined || organisation === undefined)
          return { agent: accountOwner };
        const [employer] = await storage.contacts([organisation]);
        return { agent: employer?.accountOwner };
      },
      names: async ({ contacts }) => ({ names: await storage.names(contacts) }),
      async search({ text, limit, offset }) {
        const terms = searchTerms(text);
        if (!terms) return { contacts: [], total: 0 };
        const { contacts, total } = await storage.search(terms, { limit, offset });
        return { contacts: whatFits(contacts), total };
      },
      put: async ({ contact, body, expected, by }) => ({
        contact: await directory.put(contact, body, expected, by),
      }),
      async erase({ contact, by }) {
        await directory.erase(contact, by);
        return {};
      },
      exportCsv: ({ after }) => csv.export(after),
      importCsv: ({ csv: text, dryRun, by }, { signal }) => csv.import(text, dryRun, by, signal),
    },
    streams: {
      async *changes({ since }, { signal }) {
        for await (const { number, change } of feed.follow(since ?? feed.newest, signal)) {
          yield { event: change, cursor: number };
        }
      },
    },
  };
}

/** As many from the beginning as one message holds, at least one. */
function whatFits(contacts: Contact[]): Contact[] {
  let bytes = 0;
  const at = contacts.findIndex((contact, index) => {
    bytes += Buffer.byteLength(JSON.stringify(contact));
    return index > 0 && bytes > PAGE_BYTES;
  });
  return at < 0 ? contacts : contacts.slice(0, at);
}
