/**
 * What an administrator sets up: one kind of document each, with an id a person can read. The
 * configuration server keeps them with every revision; all others follow it.
 */
import { z } from 'zod';
import {
  AgentId,
  AttributeId,
  Channel,
  CodeId,
  Duration,
  EntryPointId,
  MailboxId,
  MailTemplateId,
  QueueId,
  ScheduleId,
  SkillId,
} from '../ids.ts';
import {
  AttributeValue,
  Expression,
  RequirementSteps,
  SkillLevel,
} from '../requirement/requirement.ts';
import { AgentSwitch } from '../switch/authority.ts';
import { MailMatch, MailTemplate, Mailbox, QUEUE_MAIL } from './mail.ts';
import { CentreRouting, QUEUE_ROUTING, ServiceObjective } from './routing.ts';

const Name = z.string().trim().min(1).max(120);

export const Organisation = z.object({
  name: Name,
  /** BCP 47. */
  language: z.string().max(35).default('en'),
  /** IANA name; days in figures begin and end here. */
  timeZone: z.string().max(64).default('UTC'),
  /** How long a vanished agent's browser may be away before their work moves on, in milliseconds. */
  vanishGrace: Duration.default(20_000),
  routing: CentreRouting.prefault({}),
});
export type Organisation = z.infer<typeof Organisation>;

export const Role = z.enum(['agent', 'supervisor', 'administrator']);
export type Role = z.infer<typeof Role>;

export const Agent = z.object({
  name: Name,
  /** What they sign in with. */
  login: z.string().trim().min(1).max(120),
  email: z.email().max(254).optional(),
  roles: z.array(Role).min(1),
  skills: z.partialRecord(SkillId, SkillLevel).default({}),
  /** What else requirements may ask for: `site` → `berlin`. */
  attributes: z.partialRecord(AttributeId, AttributeValue).default({}),
  /** At most so many contacts at once, per channel. A channel that is missing is not theirs. */
  capacity: z.partialRecord(Channel, z.int().min(0).max(100)).default({ 'web-chat': 3, task: 1 }),
  /** What all their contacts together may weigh; left out: only the capacity per channel counts. */
  budget: z.int().min(0).max(100_000).optional(),
  /** Where their calls come from; left out: calls queue here. */
  switch: AgentSwitch.optional(),
});
export type Agent = z.infer<typeof Agent>;

/** Who serves a queue: a predicate over agents; a list is the simple case. */
export const Serves = z.discriminatedUnion('type', [
  z.object({ type: z.literal('everyone') }),
  z.object({ type: z.literal('listed'), agents: z.array(AgentId).max(10_000) }),
  z.object({ type: z.literal('skilled'), skills: z.partialRecord(SkillId, SkillLevel) }),
  z.object({ type: z.literal('matching'), must: Expression }),
]);
export type Serves = z.infer<typeof Serves>;

export const Queue = z.object({
  name: Name,
  serves: Serves.default({ type: 'everyone' }),
  /** Priority of an item whose entry point names none; 0 is most urgent. */
  priority: z.int().min(0).max(9).default(5),
  /** How long an agent has to accept an offer, in milliseconds. */
  offerTimeout: z.int().min(1_000).max(600_000).default(20_000),
  /** `target` percent answered within `threshold` milliseconds. */
  serviceLevel: z
    .object({ threshold: Duration, target: z.number().min(0).max(100) })
    .default({ threshold: 20_000, target: 80 }),
  /** Wrap-up after each segment: how long at most (0 = none), and whether a work code is a must. */
  wrapUp: z
    .object({ longest: Duration, codeRequired: z.boolean() })
    .default({ longest: 0, codeRequired: false }),
  ...QUEUE_ROUTING,
  ...QUEUE_MAIL,
});
export type Queue = z.infer<typeof Queue>;

export const Skill = z.object({ name: Name });
export type Skill = z.infer<typeof Skill>;

const TimeOfDay = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'a time of day is HH:MM, at most 24:00' });
const Span = z.object({ from: TimeOfDay, to: TimeOfDay });

/** Opening hours. A schedule can close, never open, an agent. */
export const Schedule = z.object({
  name: Name,
  /** IANA name. */
  timeZone: z.string().max(64),
  /** Monday is 0. Spans of one day; 00:00 to 24:00 is all of it. A day without spans is closed. */
  week: z.array(z.array(Span).max(10)).length(7),
  /** Days that differ: closed when `spans` is empty. */
  days: z
    .array(z.object({ date: z.iso.date(), name: Name, spans: z.array(Span).max(10) }))
    .max(2_000)
    .default([]),
});
export type Schedule = z.infer<typeof Schedule>;

/** A door customers come in by: a widget, an address, a number. The same for every medium. */
export const EntryPoint = z.object({
  name: Name,
  channel: Channel,
  /** The e-mail address, number or other address; of a chat widget nothing: its id is in the script tag. */
  address: z.string().max(254).optional(),
  queue: QueueId,
  priority: z.int().min(0).max(9).optional(),
  /** What its work asks for; left out: what the queue says. */
  requirements: RequirementSteps.optional(),
  /** Within which time its work is meant to be served; left out: what the queue says. */
  serviceObjective: ServiceObjective.optional(),
  schedule: ScheduleId.optional(),
  /** The page origins that may show this chat widget; empty means any. */
  origins: z.array(z.url().max(300)).max(100).default([]),
  /** Of an e-mail entry point: which mails come in by it. Left out: those to its address. */
  mail: MailMatch.optional(),
  treatment: z
    .object({
      /** Shown first. */
      greeting: z.string().max(2_000),
      /** Shown when nobody is there or the schedule is closed; the customer may leave a message. */
      closed: z.string().max(2_000),
      /** What the customer must agree to before the conversation begins; empty asks nothing. */
      consent: z.string().max(2_000),
    })
    .partial()
    .default({}),
});
export type EntryPoint = z.infer<typeof EntryPoint>;

/** A work code closes a contact, a not-ready reason explains an absence, a decline reason an offer. */
export const Code = z.object({
  name: Name,
  use: z.enum(['work', 'not-ready', 'decline']),
  /** Only for these queues; empty means all. */
  queues: z.array(QueueId).default([]),
});
export type Code = z.infer<typeof Code>;

export const CannedText = z.object({
  name: Name,
  /** Typed after a slash to insert the text. */
  key: z.string().trim().max(40).default(''),
  text: z.string().min(1).max(8_000),
  queues: z.array(QueueId).default([]),
});
export type CannedText = z.infer<typeof CannedText>;

/** A program that uses the public API. Its token is shown once and kept only as a hash. */
export const Integration = z.object({ name: Name, roles: z.array(Role).min(1) });
export type Integration = z.infer<typeof Integration>;

/** Where events go by HTTP, signed as Standard Webhooks describe. */
export const Webhook = z.object({
  name: Name,
  url: z.url().max(2_000),
  /** Of `WEBHOOK_EVENT_TYPES`, as `work-item.closed`; empty means all. A newer program may know more. */
  events: z.array(z.string().max(80)).max(100).default([]),
  enabled: z.boolean().default(true),
});
export type Webhook = z.infer<typeof Webhook>;

/** The kinds of documents and their schemas: the only list. */
export const DOCUMENTS = {
  organisation: Organisation,
  agent: Agent,
  queue: Queue,
  skill: Skill,
  schedule: Schedule,
  'entry-point': EntryPoint,
  code: Code,
  'canned-text': CannedText,
  mailbox: Mailbox,
  'mail-template': MailTemplate,
  integration: Integration,
  webhook: Webhook,
} as const;
export const DocumentKind = z.keyof(z.object(DOCUMENTS));
export type DocumentKind = z.infer<typeof DocumentKind>;
export type DocumentBody<K extends DocumentKind> = z.infer<(typeof DOCUMENTS)[K]>;

const PlainId = z.string();

/** The ids of each kind. */
export const DOCUMENT_IDS = {
  organisation: PlainId,
  agent: AgentId,
  queue: QueueId,
  skill: SkillId,
  schedule: ScheduleId,
  'entry-point': EntryPointId,
  code: CodeId,
  'canned-text': PlainId,
  mailbox: MailboxId,
  'mail-template': MailTemplateId,
  integration: PlainId,
  webhook: PlainId,
} as const;
/** The id type of each kind. */
export type DocumentIds = {
  readonly [K in DocumentKind]: z.infer<(typeof DOCUMENT_IDS)[K]>;
};

/** A document as it is kept: `revision` numbers all changes of the whole configuration. */
export const StoredDocument = z.object({
  kind: DocumentKind,
  id: z.string().min(1).max(64),
  revision: z.int(),
  /** Retired: kept for what refers to it, no longer in use. */
  retired: z.boolean(),
  body: z.record(z.string(), z.unknown()),
});
export type StoredDocument = z.infer<typeof StoredDocument>;
