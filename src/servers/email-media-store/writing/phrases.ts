import type { Instant } from '#base/time.ts';

/** What stands above what is quoted or passed on. */
interface Phrases {
  /** `{date}` and `{name}` are filled in. */
  readonly wrote: string;
  readonly forwarded: string;
  readonly from: string;
  readonly date: string;
  readonly subject: string;
  readonly to: string;
  readonly cc: string;
}

const ENGLISH: Phrases = {
  wrote: 'On {date}, {name} wrote:',
  forwarded: 'Forwarded message',
  from: 'From',
  date: 'Date',
  subject: 'Subject',
  to: 'To',
  cc: 'Cc',
};

const PHRASES: Readonly<Record<string, Phrases>> = {
  en: ENGLISH,
  de: {
    wrote: 'Am {date} schrieb {name}:',
    forwarded: 'Weitergeleitete Nachricht',
    from: 'Von',
    date: 'Datum',
    subject: 'Betreff',
    to: 'An',
    cc: 'Kopie',
  },
  fr: {
    wrote: 'Le {date}, {name} a écrit :',
    forwarded: 'Message transféré',
    from: 'De',
    date: 'Date',
    subject: 'Objet',
    to: 'À',
    cc: 'Copie à',
  },
  es: {
    wrote: 'El {date}, {name} escribió:',
    forwarded: 'Mensaje reenviado',
    from: 'De',
    date: 'Fecha',
    subject: 'Asunto',
    to: 'Para',
    cc: 'Copia',
  },
  it: {
    wrote: 'Il {date}, {name} ha scritto:',
    forwarded: 'Messaggio inoltrato',
    from: 'Da',
    date: 'Data',
    subject: 'Oggetto',
    to: 'A',
    cc: 'Copia',
  },
  nl: {
    wrote: 'Op {date} schreef {name}:',
    forwarded: 'Doorgestuurd bericht',
    from: 'Van',
    date: 'Datum',
    subject: 'Onderwerp',
    to: 'Aan',
    cc: 'Kopie',
  },
  pt: {
    wrote: 'Em {date}, {name} escreveu:',
    forwarded: 'Mensagem encaminhada',
    from: 'De',
    date: 'Data',
    subject: 'Assunto',
    to: 'Para',
    cc: 'Cópia',
  },
  pl: {
    wrote: '{date} {name} pisze:',
    forwarded: 'Przekazana wiadomość',
    from: 'Od',
    date: 'Data',
    subject: 'Temat',
    to: 'Do',
    cc: 'Kopia',
  },
};

/** The phrases of a language (BCP 47); English where there are none of it. */
export const phrasesOf = (language: string): Phrases =>
  PHRASES[language.toLowerCase().split('-')[0] ?? ''] ?? ENGLISH;

/** A point in time as people of a language write it. */
export function writtenDate(at: Instant, language: string, timeZone: string): string {
  const style = { dateStyle: 'long', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(language, { ...style, timeZone }).format(at);
  } catch {
    return new Intl.DateTimeFormat('en', { ...style, timeZone: 'UTC' }).format(at); // no such language or zone
  }
}
