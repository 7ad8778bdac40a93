/** The names of things. Configured things have short ids a person can read; what happens has UUIDs. */
import { z } from 'zod';

const Configured = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/, {
  error:
    'an id is 1 to 64 of a-z, 0-9, ".", "_" and "-", and begins and ends with a letter or digit',
});

export const AgentId = Configured.brand('AgentId');
export type AgentId = z.infer<typeof AgentId>;

export const QueueId = Configured.brand('QueueId');
export type QueueId = z.infer<typeof QueueId>;

export const SkillId = Configured.brand('SkillId');
export type SkillId = z.infer<typeof SkillId>;

/** What distinguishes agents beside their skills: `site`, `language`. */
export const AttributeId = Configured.brand('AttributeId');
export type AttributeId = z.infer<typeof AttributeId>;

export const CodeId = Configured.brand('CodeId');
export type CodeId = z.infer<typeof CodeId>;

export const ScheduleId = Configured.brand('ScheduleId');
export type ScheduleId = z.infer<typeof ScheduleId>;

export const EntryPointId = Configured.brand('EntryPointId');
export type EntryPointId = z.infer<typeof EntryPointId>;

export const SwitchId = Configured.brand('SwitchId');
export type SwitchId = z.infer<typeof SwitchId>;

/** A mailbox that customers write to and agents answer from. */
export const MailboxId = Configured.brand('MailboxId');
export type MailboxId = z.infer<typeof MailboxId>;

/** A text with fields that an e-mail begins as. */
export const MailTemplateId = Configured.brand('MailTemplateId');
export type MailTemplateId = z.infer<typeof MailTemplateId>;

/** Ties everything about one matter together, over media. */
export const InteractionId = z.uuid().brand('InteractionId');
export type InteractionId = z.infer<typeof InteractionId>;

/** A customer's thread in one medium. */
export const ConversationId = z.uuid().brand('ConversationId');
export type ConversationId = z.infer<typeof ConversationId>;

/** One pass through a queue, from entry to close or transfer. */
export const WorkItemId = z.uuid().brand('WorkItemId');
export type WorkItemId = z.infer<typeof WorkItemId>;

/** One agent's part in a work item. */
export const SegmentId = z.uuid().brand('SegmentId');
export type SegmentId = z.infer<typeof SegmentId>;

/** One e-mail, as filed or as written here. */
export const EmailId = z.uuid().brand('EmailId');
export type EmailId = z.infer<typeof EmailId>;

/** An e-mail that an agent is writing. */
export const DraftId = z.uuid().brand('DraftId');
export type DraftId = z.infer<typeof DraftId>;

/** A call, as its switch names it. */
export const CallId = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, { error: 'a call id is 1 to 64 visible characters' })
  .brand('CallId');
export type CallId = z.infer<typeof CallId>;

/** A person or organisation in the contact directory. */
export const ContactId = z.uuid().brand('ContactId');
export type ContactId = z.infer<typeof ContactId>;

/** Media as agents are ready for them. `task` is work that a program put in a queue. */
export const CHANNELS = ['voice', 'email', 'web-chat', 'sms', 'xmpp', 'preview', 'task'] as const;
export const Channel = z.enum(CHANNELS);
export type Channel = z.infer<typeof Channel>;

/** A point in time: milliseconds UTC since 1970. */
export const Instant = z.int().min(0).max(8_640_000_000_000_000);
export type Instant = z.infer<typeof Instant>;

/** How long something lasts or may last: milliseconds, at most 30 days. */
export const Duration = z
  .int()
  .min(0)
  .max(30 * 86_400_000);
