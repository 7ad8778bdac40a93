/** Every word of the chat, by language. */
import type { RefusalCode } from '#servers/web-chat-gateway/contract.ts';

export interface Texts {
  readonly title: string;
  readonly minimise: string;
  readonly end: string;
  readonly message: string;
  readonly write: string;
  readonly send: string;
  readonly name: string;
  readonly email: string;
  readonly optionalEmail: string;
  readonly leave: string;
  readonly left: string;
  readonly leaveAddress: string;
  readonly busy: string;
  readonly kept: string;
  readonly away: string;
  readonly offline: string;
  readonly opens: (time: string) => string;
  readonly agree: string;
  readonly online: string;
  readonly waiting: string;
  readonly with: (agent: string) => string;
  readonly typing: string;
  readonly sending: string;
  readonly sent: string;
  readonly delivered: string;
  readonly read: string;
  readonly notSent: string;
  readonly connecting: string;
  readonly lost: string;
  readonly ended: string;
  readonly again: string;
  readonly tooLong: (kilobytes: number) => string;
  readonly refused: Readonly<Record<RefusalCode, string>>;
  readonly you: string;
  readonly log: string;
  readonly today: string;
  readonly newTab: string;
}

const en: Texts = {
  title: 'Chat',
  minimise: 'Minimise',
  end: 'End the conversation',
  message: 'Your message',
  write: 'Write a message',
  send: 'Send',
  name: 'Your name (optional)',
  email: 'Your e-mail address',
  optionalEmail: 'E-mail (optional)',
  leave: 'Leave a message',
  left: 'Thank you. We have your message and will answer by e-mail.',
  leaveAddress: 'Leave the address',
  busy: 'Everybody is busy right now',
  kept: 'We have kept what you wrote. Leave an e-mail address, and we will answer there.',
  away: 'Nobody is here right now',
  offline: 'Leave a message, and we will answer by e-mail.',
  opens: (time) => `We are back ${time}.`,
  agree: 'I agree',
  online: 'We are here for you.',
  waiting: 'Somebody will be with you soon.',
  with: (agent) => `You are talking to ${agent}.`,
  typing: 'Typing …',
  sending: 'Sending …',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  notSent: 'Not sent',
  connecting: 'Connecting …',
  lost: 'Connection lost. Trying again …',
  ended: 'This conversation has ended.',
  again: 'Start a new conversation',
  tooLong: (kilobytes) => `A message has at most 32 kB; this one has ${kilobytes} kB.`,
  refused: {
    'too-fast': 'That was very fast. Your message goes out in a moment.',
    'try-again': 'Your message could not be stored yet. It goes out again in a moment.',
    'too-long': 'This message is too long.',
    closed: 'Nobody is here any more. Leave an e-mail address that we can answer to.',
    'no-address': 'That is no e-mail address.',
    ended: 'This conversation has ended. Your text is still here.',
    'unknown-entry-point': 'This chat is not in use.',
    'not-understood': 'Something went wrong. Please load the page again.',
  },
  you: 'You',
  log: 'Messages',
  today: 'Today',
  newTab: 'opens in a new tab',
};

const de: Texts = {
  title: 'Chat',
  minimise: 'Minimieren',
  end: 'Gespräch beenden',
  message: 'Ihre Nachricht',
  write: 'Nachricht schreiben',
  send: 'Senden',
  name: 'Ihr Name (freiwillig)',
  email: 'Ihre E-Mail-Adresse',
  optionalEmail: 'E-Mail (freiwillig)',
  leave: 'Nachricht hinterlassen',
  left: 'Danke. Wir haben Ihre Nachricht und antworten per E-Mail.',
  leaveAddress: 'Adresse hinterlassen',
  busy: 'Gerade sind alle im Gespräch',
  kept: 'Ihre Nachricht ist bei uns. Hinterlassen Sie eine E-Mail-Adresse, dann antworten wir dort.',
  away: 'Gerade ist niemand da',
  offline: 'Hinterlassen Sie eine Nachricht, wir antworten per E-Mail.',
  opens: (time) => `Wir sind ${time} wieder da.`,
  agree: 'Ich bin einverstanden',
  online: 'Wir sind für Sie da.',
  waiting: 'Gleich ist jemand für Sie da.',
  with: (agent) => `Sie sprechen mit ${agent}.`,
  typing: 'Schreibt …',
  sending: 'Wird gesendet …',
  sent: 'Gesendet',
  delivered: 'Zugestellt',
  read: 'Gelesen',
  notSent: 'Nicht gesendet',
  connecting: 'Verbindung wird aufgebaut …',
  lost: 'Verbindung verloren. Neuer Versuch …',
  ended: 'Dieses Gespräch ist beendet.',
  again: 'Neues Gespräch beginnen',
  tooLong: (kilobytes) => `Eine Nachricht hat höchstens 32 kB; diese hat ${kilobytes} kB.`,
  refused: {
    'too-fast': 'Das war sehr schnell. Ihre Nachricht geht gleich hinaus.',
    'try-again': 'Ihre Nachricht ist noch nicht gespeichert. Sie geht gleich noch einmal hinaus.',
    'too-long': 'Diese Nachricht ist zu lang.',
    closed: 'Es ist niemand mehr da. Hinterlassen Sie eine E-Mail-Adresse für unsere Antwort.',
    'no-address': 'Das ist keine E-Mail-Adresse.',
    ended: 'Dieses Gespräch ist beendet. Ihr Text steht noch da.',
    'unknown-entry-point': 'Dieser Chat ist nicht in Betrieb.',
    'not-understood': 'Etwas ist schiefgegangen. Bitte laden Sie die Seite neu.',
  },
  you: 'Sie',
  log: 'Nachrichten',
  today: 'Heute',
  newTab: 'öffnet sich in einem neuen Tab',
};

const ALL: Readonly<Record<string, Texts>> = { en, de };

/** The words for a language, by its first part; English where there are none. */
export const textsFor = (language: string): Texts => ALL[language.slice(0, 2).toLowerCase()] ?? en;
