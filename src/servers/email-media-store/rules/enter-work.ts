import type { EntryPoint } from '#domain/configuration/documents.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { EmailAddress, EmailNature } from '#domain/email/email.ts';
import { chooseMailEntry } from '#domain/entry-point/choose-mail-entry.ts';
import { decideEntry } from '#domain/entry-point/decide-entry.ts';
import { closenessOf } from '#domain/entry-point/mail-patterns.ts';
import type { MailTemplateId } from '#domain/ids.ts';
import { recipientsOf } from './customer.ts';
import type { FilingFacts } from './filing-facts.ts';
import type { FiledWork, MailEntry } from './filing-plan.ts';
import type { KnownConversation } from './known.ts';
import { whyNotAnswered } from './may-answer.ts';
import type { OurAddresses } from './our-addresses.ts';
import { isNamed } from './senders.ts';

/** Reasons name so many entry points that were not taken, those that come first. */
const MOST_OTHERS = 20;

/** What is known of a mail that opens a pass through a queue. */
export interface EnteringMail {
  readonly facts: FilingFacts;
  readonly ours: OurAddresses;
  readonly nature: EmailNature;
  readonly customer: EmailAddress;
  /** Whose word it is. */
  readonly sender: string;
  /** The conversation that it joins; left out: it opens one. */
  readonly joined: KnownConversation | undefined;
}

/** The pass that a mail opens, with where and why. */
export interface Entering {
  readonly work: FiledWork;
  readonly reasons: readonly string[];
}

/**
 * Where a mail's work goes: back to the queue that its conversation was in, else by the entry point that fits it.
 * Closed hours keep no mail out: it waits in its queue.
 */
export function enterWork(entering: EnteringMail): Entering {
  const { facts, joined, sender } = entering;
  const mailbox = facts.configuration.get('mailbox', facts.stored.mailbox);
  const place = placeBefore(facts, joined) ?? placeByEntryPoint(entering, mailbox);
  if (!place.entry) return { work: { type: 'unrouted' }, reasons: place.reasons };
  const priority = priorityOf(place.entry, mailbox, sender);
  const answer = answerOf(entering, place.entryPoint, mailbox);
  return {
    work: {
      type: 'enter',
      entry: { ...place.entry, priority: priority.priority },
      preferredAgent: joined?.lastOwner,
      acknowledge: answer.acknowledge,
    },
    reasons: [...place.reasons, ...priority.reasons, ...answer.reasons],
  };
}

interface Place {
  readonly entry: MailEntry | undefined;
  readonly entryPoint: EntryPoint | undefined;
  readonly reasons: readonly string[];
}

/** What comes back goes to the queue that last had it, which may be another than it came in by. */
function placeBefore(
  { configuration }: FilingFacts,
  joined: KnownConversation | undefined,
): Place | undefined {
  const queue = joined?.queue;
  if (!queue || !configuration.get('queue', queue)) return undefined;
  const id = joined.entryPoint;
  const entryPoint = id && configuration.get('entry-point', id);
  const isItsOwn = entryPoint?.queue === queue;
  return {
    entry: {
      entryPoint: entryPoint && id,
      queue,
      priority: entryPoint?.priority,
      requirements: isItsOwn ? entryPoint.requirements : undefined,
      serviceObjective: entryPoint?.serviceObjective,
    },
    entryPoint,
    reasons: [`It opens another pass in the queue "${queue}", which had the last one`],
  };
}

function placeByEntryPoint({ facts, ours }: EnteringMail, mailbox: Mailbox | undefined): Place {
  const { at, configuration, mail, stored } = facts;
  const choice = chooseMailEntry(
    {
      mailbox: stored.mailbox,
      addresses: mailbox ? [mailbox.address, ...mailbox.aliases] : [],
      recipients: recipientsOf(mail).filter(
        (address) => (ours(address) ?? stored.mailbox) === stored.mailbox,
      ),
      subject: mail.subject,
      text: mail.text,
      language: mail.language,
    },
    configuration.all('entry-point'),
  );
  const others = choice.others
    .slice(0, MOST_OTHERS)
    .map(({ entryPoint, why }) => `Not by "${entryPoint}": ${why}`);
  const id = choice.entryPoint;
  const entryPoint = id && configuration.get('entry-point', id);
  if (!entryPoint)
    return { entry: undefined, entryPoint, reasons: [...others, `Unrouted: ${choice.why}`] };
  const schedule = entryPoint.schedule && configuration.get('schedule', entryPoint.schedule);
  const { open, ...decided } = decideEntry({ entryPoint, schedule, at });
  const { queue, priority, requirements, serviceObjective } = decided;
  return {
    entry: { entryPoint: id, queue, priority, requirements, serviceObjective },
    entryPoint,
    reasons: [
      ...others,
      `It came in by "${id}", ${choice.why}`,
      ...(open ? [] : ['The entry point is closed: it waits in its queue']),
    ],
  };
}

/** Mail of named senders is at least that urgent; what its entry point makes more urgent stays so. */
function priorityOf(
  { priority }: MailEntry,
  mailbox: Mailbox | undefined,
  sender: string,
): { readonly priority: number | undefined; readonly reasons: readonly string[] } {
  if (!mailbox || !isNamed(mailbox.senders.priority, sender)) return { priority, reasons: [] };
  const { prioritised } = mailbox.senders;
  const reasons = [`"${sender}" is on the list of senders with priority ${prioritised}`];
  return { priority: Math.min(priority ?? prioritised, prioritised), reasons };
}

function answerOf(
  { facts, ours, nature, customer }: EnteringMail,
  entryPoint: EntryPoint | undefined,
  mailbox: Mailbox | undefined,
): { readonly acknowledge: MailTemplateId | undefined; readonly reasons: readonly string[] } {
  const template = entryPoint?.mail?.acknowledgement;
  if (!template) return { acknowledge: undefined, reasons: [] };
  const patterns = entryPoint.mail?.recipients ?? [];
  const why =
    whyNothingToSend(facts, template, mailbox) ??
    whyNotAnswered({
      at: facts.at,
      mail: facts.mail,
      nature,
      customer,
      ours,
      isAddressee: (address) =>
        ours(address) === facts.stored.mailbox ||
        patterns.some((pattern) => closenessOf(pattern, address) > 0),
      traffic: facts.known.traffic,
    });
  return why === undefined
    ? { acknowledge: template, reasons: [`Answered automatically with "${template}"`] }
    : { acknowledge: undefined, reasons: [`Not answered automatically: ${why}`] };
}

function whyNothingToSend(
  { configuration }: FilingFacts,
  template: MailTemplateId,
  mailbox: Mailbox | undefined,
): string | undefined {
  if (!configuration.get('mail-template', template)) return `there is no template "${template}"`;
  return mailbox?.send ? undefined : 'nothing can be sent from this mailbox';
}
