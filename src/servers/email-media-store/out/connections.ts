import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailSignIn } from '#domain/configuration/mail.ts';
import type { MailboxId } from '#domain/ids.ts';
import { MailFailure } from '../mail-failure.ts';
import type { MailCredential } from '../mail-source.ts';
import { openSmtp, type Smtp } from './smtp.ts';

export interface ConnectionsParts {
  readonly configuration: Configuration;
  /** @throws {MailFailure} When there is none. */
  readonly credential: (mailbox: MailboxId, signIn: MailSignIn) => Promise<MailCredential>;
}

/** The connections of all mailboxes to the servers that take their mail. */
export class Connections implements AsyncDisposable {
  readonly #parts: ConnectionsParts;
  readonly #open = new Map<MailboxId, { readonly settings: string; readonly smtp: Smtp }>();

  constructor(parts: ConnectionsParts) {
    this.#parts = parts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const mailbox of this.#open.keys()) await this.forget(mailbox);
  }

  /** The server of a mailbox as its settings are now, or why there is none. Never rejects for a mail server's sake. */
  async connect(mailbox: MailboxId): Promise<Smtp | MailFailure> {
    const { configuration, credential } = this.#parts;
    const document = configuration.get('mailbox', mailbox);
    if (!document?.enabled || !document.send) {
      await this.forget(mailbox);
      return cannotSend(document?.name ?? mailbox);
    }
    const { send } = document;
    const settings = JSON.stringify(send);
    const open = this.#open.get(mailbox);
    if (open?.settings === settings) return open.smtp;
    await this.forget(mailbox);
    try {
      const known = send.signIn && (await credential(mailbox, send.signIn));
      const smtp = openSmtp({ send, credential: known });
      this.#open.set(mailbox, { settings, smtp });
      return smtp;
    } catch (error) {
      if (error instanceof MailFailure) return error;
      throw error;
    }
  }

  /** Connects anew the next time, as after a change of a secret. What is under way goes on. */
  async forget(mailbox: MailboxId): Promise<void> {
    const open = this.#open.get(mailbox);
    this.#open.delete(mailbox);
    await open?.smtp[Symbol.asyncDispose]();
  }
}

const cannotSend = (name: string): MailFailure =>
  new MailFailure({
    kind: 'permanent',
    reason: 'refused',
    what: `Nothing can be sent from "${name}"`,
    advice: 'Turn the mailbox on and give it a server to send by, in the control panel.',
  });
