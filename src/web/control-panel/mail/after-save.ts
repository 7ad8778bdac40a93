/** What is done once a mailbox is saved: its secrets are kept, and its mail gets a place to go. */
import type { Receiving } from '#domain/configuration/mail.ts';
import type { QueueId } from '#domain/ids.ts';
import { ApiFailure } from '#ui/api-client.ts';
import { server } from '#ui/live/server.ts';
import type { Saved } from '../documents/sheet.ts';
import { idFromName } from '../documents/document-id.ts';
import { secretsAfter } from './secrets.ts';

/** Under which name the queue is noted that a new mailbox's mail goes to. */
export const QUEUE = 'queue';

/** @throws {ApiFailure} Says what is saved and what is not. */
export async function afterSavingMailbox({
  id,
  body,
  beside,
  configuration,
}: Saved): Promise<void> {
  await told('The mailbox is saved, but its password is not', async () => {
    const { secrets } = await server.mailboxSecrets({ params: { id } });
    const { keep, forgetSending } = secretsAfter(body, beside, secrets);
    if (forgetSending) await server.forgetMailboxSecrets({ params: { id, use: 'send' } });
    for (const { use, kind, secret } of keep) {
      await server.setMailboxSecret({ params: { id, use }, body: { kind, secret } });
    }
  });
  const queue = beside[QUEUE] as QueueId | undefined;
  const { type } = body['receive'] as Receiving;
  if (queue === undefined || type === 'nothing') return;
  const taken = new Set<string>(configuration.all('entry-point').keys());
  await told('The mailbox is saved, but its mail goes nowhere yet', () =>
    server.putDocument({
      params: { kind: 'entry-point', id: idFromName(id, taken) },
      query: { expected: 0 },
      body: { name: body['name'], channel: 'email', queue, mail: { mailboxes: [id] } },
    }),
  );
}

async function told(what: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    throw new ApiFailure(failure.code, `${what}: ${failure.message}`, failure.status, failure.data);
  }
}
