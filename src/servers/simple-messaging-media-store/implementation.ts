import type { Call, Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { MessagingFact, simpleMessagingMediaStore } from './contract.ts';
import type { Conversations } from './conversations.ts';
import type { Facts } from './facts.ts';
import type { Messaging } from './messaging.ts';
import { unknownConversation } from './refusals.ts';
import { settled } from './thread.ts';
import type { Change } from './thread.ts';
import type { Tables } from './tables/tables.ts';
import type { TypingSigns } from './typing-signs.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { Party } from '#domain/message.ts';

/** The messages of one answer; whoever wants more asks again behind the last. */
const MESSAGES_AT_ONCE = 500;

/** Who writes from a desktop is an agent, or speaks for the system; who writes from outside is a customer. */
const DESKTOP = 'desktop-server';

export interface ImplementationParts {
  readonly messaging: Messaging;
  readonly conversations: Conversations;
  readonly tables: Tables;
  readonly facts: Facts;
  readonly typing: TypingSigns;
  readonly journal: Journal<Change, MessagingFact>;
  /** Resolves once entry points are known, or the caller gives up. */
  readonly configured: (signal: AbortSignal) => Promise<void>;
}

/** The contract, method by method. */
export function implementation(
  parts: ImplementationParts,
): Implementation<typeof simpleMessagingMediaStore> {
  const { messaging, conversations, tables, facts, typing, journal, configured } = parts;
  return {
    methods: {
      open: async (params, { signal }) => {
        await configured(signal);
        return messaging.open(params);
      },
      post: async (params, call) => {
        mustBe(call, params.from);
        return { message: await messaging.post(params) };
      },
      leaveAddress: async (params) => ({ conversation: await messaging.leaveAddress(params) }),
      mark: async (params, call) => {
        mustBe(call, params.party);
        return { marks: await messaging.mark(params) };
      },
      typing: async (params, call) => {
        mustBe(call, params.party);
        const conversation = conversations.peek(params.conversation)?.conversation;
        const isHeard = params.party !== 'agent' || conversation?.owner === params.agent;
        if (conversation && conversation.endedAt === undefined && isHeard) typing.say(params);
        return {};
      },
      end: async (params) => {
        await messaging.end(params);
        return {};
      },
      addNote: async (params) => {
        await messaging.addNote(params);
        return {};
      },
      read: async ({ conversation: id, since }) => {
        const { position } = journal;
        const thread = await conversations.find(id);
        if (!thread) throw unknownConversation(id);
        const conversation = await settled(thread);
        const [messages, notes] = await Promise.all([
          conversation.lastNumber > since ? tables.messages(id, since, MESSAGES_AT_ONCE) : [],
          tables.notes(id),
        ]);
        return {
          conversation,
          messages,
          notes: notes.map(({ agent, note, at }) => ({ agent, note, at })),
          position,
        };
      },
      position: async () => ({ position: journal.position }),
      summarise: async (params) => {
        const { position } = journal;
        return { summaries: await tables.summaries(params.conversations), position };
      },
      ofContact: async ({ contact, before, limit }) => ({
        conversations: await tables.ofContact(contact, before, limit),
      }),
    },
    streams: {
      events: ({ since }, { signal }) => facts.follow(since ?? journal.position, signal),
      async *typing(_request, { signal }) {
        for await (const event of typing.follow(signal)) yield { event, cursor: undefined };
      },
    },
  };
}

function mustBe({ role }: Call, party: Party): void {
  if ((role === DESKTOP) !== (party === 'customer')) return;
  throw new Refusal('forbidden', `The role "${role}" may not speak for the ${party}`);
}
