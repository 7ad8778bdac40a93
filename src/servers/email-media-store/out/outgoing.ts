import type { Instant } from '#base/time.ts';
import type { Attachment, DeliveryState, Email } from '#domain/email/email.ts';
import type { ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';

/** A file of an e-mail, its bytes kept as a blob. */
export interface StoredAttachment extends Attachment {
  readonly blob: string;
}

/** An e-mail as it is filed that leaves from here; its number it is given when it is filed. */
export interface OutgoingEmail extends Omit<
  Email,
  'number' | 'direction' | 'nature' | 'hasHtml' | 'attachments' | 'delivery'
> {
  /** Clean already; left out of a plain one. */
  readonly html: string | undefined;
  /** Without angle brackets, oldest first. */
  readonly references: readonly string[];
  readonly inReplyTo: string | undefined;
  readonly attachments: readonly StoredAttachment[];
  /** The blob that holds the message as it leaves, and its bytes. */
  readonly raw: string;
  readonly size: number;
}

/** What becomes of an e-mail for one of its recipients. */
export interface RecipientOutcome {
  readonly address: string;
  readonly state: 'waiting' | 'sent' | 'delayed' | 'delivered' | 'bounced' | 'failed';
  /** What a server said about them; '' where none did. */
  readonly said: string;
}

/** An e-mail on its way out, as the outbox keeps it. */
export interface OutboxRow {
  readonly email: EmailId;
  readonly conversation: ConversationId;
  readonly mailbox: MailboxId;
  readonly raw: string;
  readonly size: number;
  /** Of the envelope; '' for what no machine must answer. */
  readonly sender: string;
  readonly messageId: string;
  readonly automatic: boolean;
  readonly state: DeliveryState;
  readonly at: Instant;
  /** It has failed if it has not left by then. */
  readonly giveUpAt: Instant;
  readonly tries: number;
  readonly next: Instant | undefined;
  readonly problem: string | undefined;
  readonly perhapsTwice: boolean;
  /** The whole message is with the server, whose answer is not known. */
  readonly inDoubt: boolean;
  readonly doubts: number;
  /** The running process that sends it. */
  readonly holder: string | undefined;
  /** A server that replaces our Message-ID gave it this one. */
  readonly serverMessageId: string | undefined;
  readonly recipients: readonly RecipientOutcome[];
}

/** What sending changes in the tables; the journal writes it in one transaction with its events. */
export type OutChange =
  | {
      readonly type: 'handed-in';
      readonly row: OutboxRow;
      /** The draft that it was. */
      readonly draft?: DraftId;
    }
  /** All that can change of an outbox row, as it is now. */
  | { readonly type: 'outbox-changed'; readonly row: OutboxRow }
  /** It has been taken back: its draft is one again. */
  | { readonly type: 'taken-back'; readonly row: OutboxRow; readonly draft: DraftId }
  | {
      readonly type: 'reported';
      readonly email: EmailId;
      /** The e-mail that brought the report. */
      readonly report: EmailId;
      readonly recipient: string;
      readonly action: string;
      readonly status: string;
      readonly diagnostic: string;
      readonly at: Instant;
    };
