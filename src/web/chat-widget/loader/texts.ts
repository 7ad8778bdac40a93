/** The launcher's words. The chat itself has its own. */
interface LauncherTexts {
  readonly title: string;
  readonly open: string;
  readonly close: string;
  readonly unread: (count: number) => string;
}

const TEXTS: Readonly<Record<string, LauncherTexts>> = {
  en: {
    title: 'Chat',
    open: 'Open the chat',
    close: 'Close the chat',
    unread: (count) => (count === 0 ? 'Open the chat' : `Open the chat, ${count} unread`),
  },
  de: {
    title: 'Chat',
    open: 'Chat öffnen',
    close: 'Chat schließen',
    unread: (count) => (count === 0 ? 'Chat öffnen' : `Chat öffnen, ${count} ungelesen`),
  },
};

/** The words for a language, by its first part; English where there are none. */
export const launcherTexts = (language: string): LauncherTexts =>
  TEXTS[language.slice(0, 2).toLowerCase()] ?? (TEXTS['en'] as LauncherTexts);
