import type { EntryPoint } from '../configuration/documents.ts';
import type { EntryPointId, MailboxId } from '../ids.ts';
import { closenessOf, folded, holdsWords, type Closeness } from './mail-patterns.ts';

/** What of an e-mail decides by which entry point it comes in. */
export interface MailToPlace {
  readonly mailbox: MailboxId;
  /** The mailbox's own addresses, its main one first. */
  readonly addresses: readonly string[];
  /** Whom it is addressed to; of other mailboxes of ours only where nobody else is. */
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** BCP 47; left out where it cannot be told. */
  readonly language: string | undefined;
}

/** By which entry point an e-mail comes in, and why not by the others. */
export interface MailEntryChoice {
  /** Nothing where no entry point takes mail of this mailbox: somebody must set one up. */
  readonly entryPoint: EntryPointId | undefined;
  readonly why: string;
  /** Those that were looked at before it, with what did not hold. */
  readonly others: readonly { readonly entryPoint: EntryPointId; readonly why: string }[];
}

/** Keywords are looked for in the first pages: what is quoted below is another mail's. */
const SEARCHED_TEXT = 20_000;

/**
 * Chooses the entry point that an e-mail comes in by. Of those whose conditions all hold it is the one with the
 * lowest rank, then the one that names the recipient most closely, then the one that asks for most, then the
 * first by id. Where none holds, in the same order: the one whose address is the mailbox's, else one that names
 * this mailbox or an address of it, else one that is of no mailbox alone. So mail has a place as soon as anything
 * takes this mailbox's mail.
 */
export function chooseMailEntry(
  mail: MailToPlace,
  entryPoints: ReadonlyMap<EntryPointId, EntryPoint>,
): MailEntryChoice {
  const words = new Words(mail);
  const judged = [...entryPoints]
    .filter(([, { channel }]) => channel === 'email')
    .map(([id, entryPoint]) => judge(id, entryPoint, mail, words));
  const fitting = judged.filter(({ obstacle }) => obstacle === undefined).toSorted(inOrder);
  const [chosen] = fitting;
  const others = judged
    .filter(({ obstacle }) => obstacle !== undefined)
    .toSorted(inOrder)
    .map(({ id, obstacle = '' }) => ({ entryPoint: id, why: obstacle }));
  if (chosen) return { entryPoint: chosen.id, why: whyChosen(chosen, fitting[1]), others };
  return { ...fallback(mail, judged.toSorted(inOrder)), others };
}

/** What words are looked for in: folded when the first entry point asks for any. */
class Words {
  readonly #mail: MailToPlace;
  #subject: string | undefined;
  #text: string | undefined;

  constructor(mail: MailToPlace) {
    this.#mail = mail;
  }

  get subject(): string {
    return (this.#subject ??= folded(this.#mail.subject));
  }

  get text(): string {
    return (this.#text ??= folded(this.#mail.text.slice(0, SEARCHED_TEXT)));
  }
}

interface Judged {
  readonly id: EntryPointId;
  readonly entryPoint: EntryPoint;
  readonly rank: number;
  readonly closeness: Closeness;
  /** How much it asks for. */
  readonly conditions: readonly string[];
  /** What does not hold. */
  readonly obstacle: string | undefined;
}

function judge(id: EntryPointId, entryPoint: EntryPoint, mail: MailToPlace, words: Words): Judged {
  const {
    mailboxes = [],
    subject = [],
    keywords = [],
    languages = [],
    rank = USUAL_RANK,
  } = entryPoint.mail ?? {};
  const patterns = patternsOf(entryPoint);
  const closeness = closest(patterns, mail.recipients);
  const inSubject = subject.find((phrase) => holdsWords(words.subject, folded(phrase)));
  const anywhere = keywords.find((phrase) => {
    const wanted = folded(phrase);
    return holdsWords(words.subject, wanted) || holdsWords(words.text, wanted);
  });
  const checks = [
    {
      said: mailboxes.length > 0,
      holds: mailboxes.includes(mail.mailbox),
      what: 'the mailbox',
      obstacle: 'it takes mail of other mailboxes',
    },
    {
      said: patterns.length > 0,
      holds: closeness > 0,
      what: 'the recipient',
      obstacle: 'no recipient is one of its own',
    },
    {
      said: subject.length > 0,
      holds: inSubject !== undefined,
      what: `"${inSubject}" in the subject`,
      obstacle: 'its words are not in the subject',
    },
    {
      said: keywords.length > 0,
      holds: anywhere !== undefined,
      what: `the keyword "${anywhere}"`,
      obstacle: 'none of its keywords is there',
    },
    {
      said: languages.length > 0,
      holds: speaks(languages, mail.language),
      what: `the language ${mail.language}`,
      obstacle: `the language is ${mail.language ?? 'not known'}`,
    },
  ].filter(({ said }) => said);
  return {
    id,
    entryPoint,
    rank,
    closeness,
    conditions: checks.map(({ what }) => what),
    obstacle: checks.find(({ holds }) => !holds)?.obstacle,
  };
}

/** As `MailMatch` has it where an entry point says nothing of mail. */
const USUAL_RANK = 500;

const closest = (patterns: readonly string[], recipients: readonly string[]): Closeness =>
  patterns
    .flatMap((pattern) => recipients.map((recipient) => closenessOf(pattern, recipient)))
    .reduce<Closeness>((best, one) => (one > best ? one : best), 0);

/** `de` also stands for `de-AT`. */
const speaks = (languages: readonly string[], language: string | undefined): boolean =>
  language !== undefined &&
  languages.some((one) => {
    const [wanted, given] = [one.toLowerCase(), language.toLowerCase()];
    return given === wanted || given.startsWith(`${wanted}-`);
  });

const inOrder = (a: Judged, b: Judged): number =>
  a.rank - b.rank ||
  b.closeness - a.closeness ||
  b.conditions.length - a.conditions.length ||
  (a.id < b.id ? -1 : 1);

function whyChosen(chosen: Judged, next: Judged | undefined): string {
  const by =
    chosen.conditions.length > 0 ? `by ${chosen.conditions.join(', ')}` : 'as it takes any mail';
  return next ? `${by}; before "${next.id}" ${whyBefore(chosen, next)}` : by;
}

function whyBefore(chosen: Judged, next: Judged): string {
  if (chosen.rank !== next.rank) return `by rank (${chosen.rank} to ${next.rank})`;
  if (chosen.closeness !== next.closeness) return 'as it names the recipient more closely';
  if (chosen.conditions.length !== next.conditions.length) return 'as it asks for more';
  return 'by id alone';
}

/**
 * Whether all mail of a mailbox has a place. Where it has not, what fits no entry point waits until somebody sets
 * one up for it.
 */
export const takesAllMail = (
  mailbox: Pick<MailToPlace, 'mailbox' | 'addresses'>,
  entryPoints: ReadonlyMap<EntryPointId, EntryPoint>,
): boolean =>
  chooseMailEntry(
    { ...mailbox, recipients: [], subject: '', text: '', language: undefined },
    entryPoints,
  ).entryPoint !== undefined;

function fallback(
  mail: MailToPlace,
  judged: readonly Judged[],
): Pick<MailEntryChoice, 'entryPoint' | 'why'> {
  const own = new Set(mail.addresses.map((address) => address.toLowerCase()));
  const byAddress = judged.find(({ entryPoint }) => own.has(addressOf(entryPoint)));
  if (byAddress)
    return { entryPoint: byAddress.id, why: 'none fits; it has the mailbox’s address' };
  const named = judged.find(({ entryPoint }) => isOf(entryPoint, mail));
  if (named) return { entryPoint: named.id, why: 'none fits; it is the first of this mailbox' };
  const any = judged.find(({ entryPoint }) => isOfAny(entryPoint));
  if (any) return { entryPoint: any.id, why: 'none fits; it is the first that takes any mailbox' };
  return { entryPoint: undefined, why: 'no entry point takes mail of this mailbox' };
}

const addressOf = ({ address = '' }: EntryPoint): string => address.trim().toLowerCase();

const patternsOf = ({ address, mail }: EntryPoint): string[] => [
  ...(address === undefined ? [] : [address]),
  ...(mail?.recipients ?? []),
];

/** Whether it says of itself that it takes mail of this mailbox. */
function isOf(entryPoint: EntryPoint, { mailbox, addresses }: MailToPlace): boolean {
  const mailboxes = entryPoint.mail?.mailboxes ?? [];
  if (mailboxes.length > 0) return mailboxes.includes(mailbox);
  return closest(patternsOf(entryPoint), addresses) > 0;
}

const isOfAny = (entryPoint: EntryPoint): boolean =>
  (entryPoint.mail?.mailboxes.length ?? 0) === 0 && patternsOf(entryPoint).length === 0;
