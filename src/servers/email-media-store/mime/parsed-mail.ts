import type { Instant } from '#base/time.ts';
import type { Attachment, EmailAddress } from '#domain/email/email.ts';

/** What a parsing worker has read of a message. All texts are bounded; nothing in it is to be trusted. */
export interface ParsedMail {
  /** Without angle brackets; left out where the sender gave none, or an empty one. */
  readonly messageId?: string;
  /** In order, oldest first, without angle brackets; never an empty one. */
  readonly references: readonly string[];
  readonly inReplyTo: readonly string[];
  /** Outlook's, as its 22 bytes of root in hexadecimal; the same through a whole thread. */
  readonly threadRoot?: string;
  readonly from: EmailAddress;
  readonly replyTo: readonly EmailAddress[];
  readonly to: readonly EmailAddress[];
  readonly cc: readonly EmailAddress[];
  /** Where servers say it was delivered to: Delivered-To, X-Original-To, Envelope-To. */
  readonly deliveredTo: readonly string[];
  readonly subject: string;
  readonly sentAt?: Instant;
  /** Readable text: the plain part, or made of the HTML. */
  readonly text: string;
  /** BCP 47, of what it is written in, as `languageOf()` has it; left out where it cannot be told. */
  readonly language?: string;
  /** As its sender wrote it, unsafe; left out where there is none. */
  readonly html?: string;
  readonly attachments: readonly ParsedAttachment[];
  readonly automation: Automation;
  /** Of a delivery status notification (RFC 3464). */
  readonly report?: DeliveryReport;
  /** Why it could not be read as a whole. */
  readonly unreadable?: string;
}

/** A file of a message, its bytes kept as a blob. */
export interface ParsedAttachment extends Omit<Attachment, 'scan'> {
  readonly blob: string;
  /** What a scanner said; left out where none has looked at it. */
  readonly scan?: Attachment['scan'];
}

/** What headers say about machines; lower case, '' where they say nothing. */
export interface Automation {
  /** RFC 3834. */
  readonly autoSubmitted: string;
  readonly precedence: string;
  /** RFC 2919 and RFC 2369: any List-* header. */
  readonly isList: boolean;
  /** `X-Auto-Response-Suppress`. */
  readonly suppress: string;
  /** Other marks of automatic answers, by header name: `x-autoreply`, `x-autorespond`, `x-loop`. */
  readonly marks: readonly string[];
  /** The envelope's sender is empty: `Return-Path: <>`. */
  readonly hasNullSender: boolean;
}

/** RFC 3464: what became of a message for each recipient. */
export interface DeliveryReport {
  /** The message that it is about, where the report says so. */
  readonly originalMessageId?: string;
  readonly recipients: readonly {
    readonly address: string;
    readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';
    /** As `5.1.1`. */
    readonly status: string;
    /** What the server said. */
    readonly diagnostic: string;
  }[];
}
