import type { Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { isStorable } from '#base/storable.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { Numbered } from '#platform/feed/feed.ts';
import type { configurationServer } from './contract.ts';
import type { Credentials } from './credentials.ts';
import type { DesktopSettings } from './desktop-settings.ts';
import type { Documents } from './documents.ts';
import { planPut } from './rules/plan-put.ts';
import { planRetire } from './rules/plan-retire.ts';
import { soundOf } from './sound.ts';
import type { Storage } from './storage.ts';
import type { TextExchange } from './text-exchange.ts';

export interface ServiceParts {
  readonly documents: Documents;
  readonly credentials: Credentials;
  readonly settings: DesktopSettings;
  readonly texts: TextExchange;
  readonly storage: Storage;
}

/** Who acts when nobody is named. */
const SYSTEM = 'system';

/** The contract, made of the parts that do the work. */
export function configurationService(
  parts: ServiceParts,
): Implementation<typeof configurationServer> {
  const { documents, credentials, settings, texts, storage } = parts;
  return {
    methods: {
      list: async ({ kind, retired }) => ({
        documents: documents.list(kind, retired),
        revision: documents.revision,
      }),
      async put({ by, ...put }) {
        const plan = soundOf(await documents.change(by, (shelves) => planPut(shelves, put)));
        if (plan.type === 'conflict') {
          const text = `Somebody has changed the ${put.kind} "${put.id}" meanwhile: look at it again`;
          throw new Refusal('conflict', text, { revision: plan.revision });
        }
        return { document: storedOf(documents, put.kind, put.id) };
      },
      async retire({ by, retired, ...name }) {
        const decide = (shelves: Documents['shelves']) => planRetire(shelves, name, retired);
        const plan = soundOf(await documents.change(by, decide));
        if (plan.type !== 'changes') throw retireRefusal(name, plan);
        return { document: storedOf(documents, name.kind, name.id) };
      },
      async history(wanted) {
        if (wanted.id !== undefined && !isStorable(wanted.id)) return { changes: [] };
        return { changes: await storage.history(wanted) };
      },
      exportText: async () => ({ text: await texts.export() }),
      importText: ({ text, dryRun, by }) => texts.import(text, dryRun, by),

      setUpState: async () => ({ done: credentials.isSetUp() }),
      issueLink: ({ by, ...wanted }) => credentials.issueLink({ ...wanted, by: by ?? SYSTEM }),
      checkLink: async ({ token }) => ({ purpose: await credentials.checkLink(token) }),
      redeemLink: async ({ token }) => ({ agent: await credentials.redeemLink(token) }),
      async setUp({ token, ...wanted }) {
        await credentials.setUp(token, wanted);
        return {};
      },
      async setPassword({ agent, password, by }) {
        await credentials.setPassword(agent, password, by);
        return {};
      },
      checkPassword: async ({ login, password }) => ({
        agent: await credentials.checkPassword(login, password),
      }),
      issueToken: async ({ integration, by }) => ({
        token: await credentials.issueToken(integration, by),
      }),
      checkToken: async ({ token }) => ({ integration: await credentials.checkToken(token) }),
      webhookSecret: async ({ webhook, renew, by }) => ({
        secret: await credentials.webhookSecret(webhook, renew, by ?? SYSTEM),
      }),
      audit: async ({ before, limit }) => ({ acts: await storage.acts(before, limit) }),

      putSettings: async ({ scope, values, by }) => ({
        revision: await settings.put({ scope, values }, by),
      }),
      effectiveSettings: async (who) => ({ values: await settings.effective(who) }),
    },
    streams: {
      changes: ({ since }, { signal }) => cursored(documents.follow(since, signal)),
      settings: ({ since }, { signal }) => cursored(settings.follow(since, signal)),
    },
  };
}

async function* cursored<T>(
  changes: AsyncIterable<Numbered<T>>,
): AsyncGenerator<{ event: T; cursor: number }> {
  for await (const { number, change } of changes) yield { event: change, cursor: number };
}

/** A document that was just written. */
function storedOf(documents: Documents, kind: DocumentKind, id: string): StoredDocument {
  const document = documents.get(kind, id);
  if (!document) throw new TypeError(`Cannot find ${kind} "${id}": it was stored and is gone`);
  return document;
}

function retireRefusal(
  { kind, id }: { readonly kind: DocumentKind; readonly id: string },
  plan: Exclude<ReturnType<typeof planRetire>, { type: 'changes' | 'invalid' }>,
): Refusal {
  switch (plan.type) {
    case 'unknown':
      return new Refusal('unknown-document', `There is no ${kind} "${id}"`, { kind, id });
    case 'in-use': {
      const names = plan.by.map((user) => `${user.kind} "${user.id}"`).join(', ');
      return new Refusal('in-use', `The ${kind} "${id}" is in use by ${names}`, { by: plan.by });
    }
    case 'needed':
      return new Refusal(
        'needed',
        kind === 'agent'
          ? 'This is the last administrator: make another one first'
          : `The centre cannot do without its ${kind}`,
        {},
      );
  }
}
