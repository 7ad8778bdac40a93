import { Refusal } from '#base/refusal.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { mailboxesApi } from '../api/mailboxes.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Workplace } from './workplace.ts';

/** What the slow ones may take: a mail server that does not answer is waited for. */
const TRY_WITHIN = 30_000;
const CHECK_WITHIN = 60_000;
/** It ends by itself after half of it; one before it may be under way. */
const JUDGE_WITHIN = 60_000;

/** How mailboxes fare, for administrators. */
export function mailboxHandlers(place: Workplace): Handlers<typeof mailboxesApi> {
  const { call } = place.rooms.mail;

  const requireMailbox = (id: MailboxId): MailboxId => {
    if (place.configuration.current.has('mailbox', id)) return id;
    throw new Refusal('unknown-mailbox', `There is no mailbox "${id}" in use`, { mailbox: id });
  };

  return {
    listMailboxes: () => call.mailboxes({}),
    mailboxSecrets: ({ params }) => call.secrets({ mailbox: params.id }),
    setMailboxSecret: ({ params, body }, { by }) =>
      call.setSecret({ mailbox: requireMailbox(params.id), use: params.use, ...body, by }),
    forgetMailboxSecrets: ({ params }, { by }) =>
      call.forgetSecrets({ mailbox: requireMailbox(params.id), use: params.use, by }),
    tryMailbox: ({ body }) => call.tryOut(body, { timeout: TRY_WITHIN }),
    lookNow: ({ params }) => call.lookNow({ mailbox: requireMailbox(params.id) }),
    async checkMailbox({ params }) {
      const mailbox = requireMailbox(params.id);
      return (await call.check({ mailbox }, { timeout: CHECK_WITHIN })).check;
    },
    mailChecks: () => call.checks({}),
    reimportMail: ({ params, body }) =>
      call.reimport(
        { mailbox: requireMailbox(params.id), keys: body.keys },
        { timeout: CHECK_WITHIN },
      ),
    listQuarantine: ({ query }) => call.quarantine(query),
    judgeQuarantined: ({ params, body }, { by }) =>
      call.judge({ mailbox: requireMailbox(params.id), ...body, by }, { timeout: JUDGE_WITHIN }),
  };
}
