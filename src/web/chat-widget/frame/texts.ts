/** Every word of the chat, by language. */
export interface Texts {
  readonly title: string;
  readonly minimise: string;
  readonly end: string;
  readonly message: string;
  readonly write: string;
  readonly send: string;
  readonly name: string;
  readonly address: string;
  readonly leave: string;
  readonly left: string;
  readonly offline: string;
  readonly agree: string;
  readonly waiting: string;
  readonly with: (agent: string) => string;
  readonly typing: string;
  readonly sending: string;
  readonly sent: string;
  readonly delivered: string;
  readonly read: string;
  readonly lost: string;
  readonly ended: string;
  readonly again: string;
  readonly tooLong: (kilobytes: number) => string;
  readonly you: string;
  readonly log: string;
}

const en: Texts = {
  title: 'Chat',
  minimise: 'Minimise',
  end: 'End the conversation',
  message: 'Your message',
  write: 'Write a message',
  send: 'Send',
  name: 'Your name (optional)',
  address: 'Your e-mail address',
  leave: 'Leave a message',
  left: 'Thank you. We have your message and will answer by e-mail.',
  offline: 'Nobody is here right now. Leave a message and we will answer by e-mail.',
  agree: 'I agree',
  waiting: 'Somebody will be with you soon.',
  with: (agent) => `You are talking to ${agent}.`,
  typing: 'Typing …',
  sending: 'Sending …',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  lost: 'Connection lost. Trying again …',
  ended: 'This conversation has ended.',
  again: 'Start a new conversation',
  tooLong: (kilobytes) => `A message has at most 32 kB; this one has ${kilobytes} kB.`,
  you: 'You',
  log: 'Messages',
};

const de: Texts = {
  title: 'Chat',
  minimise: 'Minimieren',
  end: 'Gespräch beenden',
  message: 'Ihre Nachricht',
  write: 'Nachricht schreiben',
  send: 'Senden',
  name: 'Ihr Name (freiwillig)',
  address: 'Ihre E-Mail-Adresse',
  leave: 'Nachricht hinterlassen',
  left: 'Danke. Wir haben Ihre Nachricht und antworten per E-Mail.',
  offline: 'Gerade ist niemand da. Hinterlassen Sie eine Nachricht, wir antworten per E-Mail.',
  agree: 'Ich bin einverstanden',
  waiting: 'Gleich ist jemand für Sie da.',
  with: (agent) => `Sie sprechen mit ${agent}.`,
  typing: 'Schreibt …',
  sending: 'Wird gesendet …',
  sent: 'Gesendet',
  delivered: 'Zugestellt',
  read: 'Gelesen',
  lost: 'Verbindung verloren. Neuer Versuch …',
  ended: 'Dieses Gespräch ist beendet.',
  again: 'Neues Gespräch beginnen',
  tooLong: (kilobytes) => `Eine Nachricht hat höchstens 32 kB; diese hat ${kilobytes} kB.`,
  you: 'Sie',
  log: 'Nachrichten',
};

const ALL: Readonly<Record<string, Texts>> = { en, de };

/** The words for a language, by its first part; English where there are none. */
export const textsFor = (language: string): Texts => ALL[language.slice(0, 2).toLowerCase()] ?? en;
