import type { contactsApi } from '../api/contacts.ts';
import type { Handlers } from '../http/handlers.ts';
import type { HistoryEntry } from '../api/contacts.ts';
import type { HistoryItem } from '#domain/metrics/history.ts';
import type { Workplace } from './workplace.ts';

/** How long an import of the largest file allowed may take. */
const IMPORT_TIMEOUT = 60_000;

export function contactHandlers({ rooms }: Workplace): Handlers<typeof contactsApi> {
  const contacts = rooms.contacts.call;
  return {
    searchContacts: ({ query }) => contacts.search(query),
    readContact: async ({ params }) => (await contacts.get({ contact: params.id })).contact,
    putContact: async ({ params, query, body }, { by }) =>
      (await contacts.put({ contact: params.id, body, expected: query.expected, by })).contact,
    eraseContact: ({ params }, { by }) => contacts.erase({ contact: params.id, by }),
    async contactHistory({ params, query }) {
      const { items } = await rooms.figures.call.contactHistory({ contact: params.id, ...query });
      return { entries: items.map(historyEntry) };
    },
    async *exportContacts() {
      let after: Parameters<typeof contacts.exportCsv>[0]['after'];
      do {
        const { csv, next } = await contacts.exportCsv({ after });
        yield csv;
        after = next;
      } while (after !== undefined);
    },
    importContacts: ({ body }, { by }) =>
      contacts.importCsv({ ...body, by }, { timeout: IMPORT_TIMEOUT }),
  };
}

function historyEntry({ answeredAt, ...item }: HistoryItem): HistoryEntry {
  const { item: id, conversation, channel, queue, agent, enteredAt, endedAt, ending, code } = item;
  return {
    item: id,
    conversation,
    channel,
    queue,
    agent,
    enteredAt,
    acceptedAt: answeredAt,
    endedAt,
    ending,
    code,
  };
}
