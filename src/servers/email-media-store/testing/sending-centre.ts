/** Conversations whose e-mails are written and sent for real. Only tests import this file. */
import type { Call } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { ManualClock } from '#base/time.ts';
import type { Draft, Email, EmailAddress } from '#domain/email/email.ts';
import { AgentId, ConversationId, DraftId, InteractionId, MailboxId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import { openSending } from '../sending.ts';
import { Blobs } from '../tables/blobs.ts';
import { NOW, SUPPORT } from './filing-facts.ts';
import { startCentre } from './store-centre.ts';
import { closeAllWork } from './test-tables.ts';
import { until } from './until.ts';

export const AGENT_1 = AgentId.parse('agent-1');
export const CUSTOMER: EmailAddress = { name: 'Customer 1', address: 'customer@customer.example' };

const CALL = { role: 'desktop-server', signal: new AbortController().signal } as Call;

export interface SendingCentreOptions {
  /** The SMTP server of each mailbox. */
  readonly ports: Readonly<Partial<Record<string, number>>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A centre with the mailboxes `support` and `billing`, whose clock a test moves. */
export async function startSendingCentre({ ports, settings = {} }: SendingCentreOptions) {
  await using life = new AsyncDisposableStack();
  const clock = new ManualClock(NOW);
  const centre = life.use(await startCentre({ clock }));
  for (const id of ['support', 'billing']) {
    const port = ports[id];
    centre.configuration.put('mailbox', id, {
      name: `Shop ${id}`,
      address: `${id}@shop.example`,
      receive: { type: 'smtp' },
      ...(port !== undefined && { send: { host: '127.0.0.1', port, security: 'none' } }),
    });
  }
  const blobs = new Blobs(centre.database);

  const start = async () => {
    const store = await centre.open();
    const platform = centre.centre.platform('email-media-store', {
      database: centre.database,
      clock,
      settings,
    });
    const sending = openSending({
      platform,
      configuration: store.configuration,
      correspondence: store.correspondence,
      outboxTables: store.outboxTables,
      blobs,
      tokens: store.tokens,
      credential: async () => ({ type: 'password', user: 'support', password: 'test' }),
    });
    await until(() => store.configuration.get('mailbox', MailboxId.parse('billing')));
    await sending.begin();
    return { store, sending };
  };
  let running = await start();
  const stop = async (): Promise<void> => {
    await running.sending[Symbol.asyncDispose]();
    await running.store.stop();
  };
  life.defer(() => stop());
  const kept = life.move();

  return {
    ...centre,
    clock,
    blobs,
    stop,
    /** Stops and starts what is tested, as a restart of the program does. */
    async restart() {
      await stop();
      running = await start();
    },
    get sending() {
      return running.sending;
    },
    get configuration() {
      return centre.configuration;
    },
    /** A mail of the customer that was filed. */
    async conversation(mail: Partial<ParsedMail> = {}, mailbox = SUPPORT): Promise<ConversationId> {
      const read = await centre.taken(mailbox, { from: CUSTOMER, subject: 'Broken', ...mail });
      await running.store.filing.file([read]);
      return centre.conversationOf(read.mail.id);
    },
    /** Closes all work without a director, so that anybody may answer. */
    async nobodysWork() {
      await closeAllWork(centre.database);
      await this.restart();
    },
    /** A letter to the customer that an agent has begun. */
    async letter(to: readonly EmailAddress[] = [CUSTOMER]): Promise<Draft> {
      const { draft } = await running.sending.methods.compose(
        {
          id: DraftId.parse(newId()),
          agent: AGENT_1,
          conversation: ConversationId.parse(newId()),
          interaction: InteractionId.parse(newId()),
          mailbox: SUPPORT,
          to: [...to],
        },
        CALL,
      );
      return this.save(draft, { subject: 'Your order', content: '<p>It is <b>here</b>.</p>' });
    },
    async begin(
      conversation: ConversationId,
      kind: 'reply' | 'reply-all' | 'forward' = 'reply',
    ): Promise<Draft> {
      const id = DraftId.parse(newId());
      const params = { id, agent: AGENT_1, conversation, kind };
      return (await running.sending.methods.beginDraft(params, CALL)).draft;
    },
    async save(draft: Draft, changes: Partial<Draft>): Promise<Draft> {
      const { id, agent } = draft;
      const { mailbox, to, cc, bcc, subject, format, content } = { ...draft, ...changes };
      const body = { mailbox, to, cc, bcc, subject, format, content };
      const params = { draft: id, agent, revision: draft.revision, body };
      return (await running.sending.methods.saveDraft(params, CALL)).draft;
    },
    async send(draft: Draft, wish: { undoWithin?: number; seen?: number } = {}): Promise<Email> {
      const { id, agent } = draft;
      const params = { draft: id, agent, anyway: false, seen: 99, undoWithin: 0, ...wish };
      return (await running.sending.methods.send(params, CALL)).email;
    },
    undo: async ({ id: email, conversation }: Email): Promise<Draft> =>
      (await running.sending.methods.undo({ conversation, email, agent: AGENT_1 }, CALL)).draft,
    retry: ({ id: email, conversation }: Email) =>
      running.sending.methods.retry({ conversation, email }, CALL),
    call: CALL,
    /** Its outbox row, once it is in this state after so many tries. */
    async becomes(email: Email, state: string, tries = 1) {
      return until(async () => {
        const row = await running.store.outboxTables.row(email.id);
        return row?.state === state && row.tries >= tries && row;
      });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
