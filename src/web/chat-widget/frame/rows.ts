/** What the message list shows, worked out from the conversation: pure, so that it can be tested. */
import type { Chat, Outgoing } from './chat.ts';
import type { Texts } from './texts.ts';

/** One line of the list. */
export interface Row {
  /** The same for a message before and after it is stored. */
  readonly key: string;
  readonly from: 'customer' | 'agent' | 'system';
  readonly text: string;
  /** Above the first message of a day other than the last one's; '' otherwise. */
  readonly day: string;
  /** Above the first of several of one agent; '' otherwise. */
  readonly name: string;
  /** Below the last of several: when, and how far it has got; '' otherwise. */
  readonly below: string;
  readonly isLast: boolean;
}

/** Messages of one side within this time stand together. */
const TOGETHER = 5 * 60_000;

interface Line {
  readonly key: string;
  readonly from: Row['from'];
  readonly name?: string | undefined;
  readonly text: string;
  readonly at: number;
  readonly state: string;
}

/** The rows of a conversation. @param now For whether a day is today. */
export function rowsOf(chat: Chat, texts: Texts, language: string, now: number): Row[] {
  const lines = linesOf(chat, texts);
  const day = dayFormat(language, texts, now);
  const time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  return lines.map((line, index) => {
    const before = lines[index - 1];
    const next = lines[index + 1];
    const isFirst = !before || !areTogether(before, line);
    const isLast = !next || !areTogether(line, next);
    const dayBefore = before && before.at > 0 ? day(before.at) : texts.today;
    const isNewDay = line.at > 0 && day(line.at) !== dayBefore;
    const shows = isLast || line.state !== next?.state;
    return {
      key: line.key,
      from: line.from,
      text: line.text,
      day: isNewDay ? day(line.at) : '',
      name: isFirst || isNewDay ? (line.name ?? '') : '',
      below:
        line.at === 0 || !shows
          ? ''
          : [time.format(line.at), line.state].filter(Boolean).join(' · '),
      isLast,
    };
  });
}

function linesOf(chat: Chat, texts: Texts): Line[] {
  const { entry, messages, outgoing, marks } = chat;
  const lines: Line[] = [];
  if (entry?.greeting) {
    lines.push({ key: 'greeting', from: 'agent', text: entry.greeting, at: 0, state: '' });
  }
  for (const { id, number, from, name, text, at } of messages) {
    const reached =
      number <= marks.read ? texts.read : number <= marks.delivered ? texts.delivered : texts.sent;
    lines.push({
      key: keyOf(from, id),
      from,
      name,
      text,
      at,
      state: from === 'customer' ? reached : '',
    });
  }
  for (const sent of outgoing) {
    const { id, text, at } = sent;
    lines.push({
      key: keyOf('customer', id),
      from: 'customer',
      text,
      at,
      state: stateOf(sent, texts),
    });
  }
  return lines;
}

const keyOf = (from: Row['from'], id: string): string => `${from}/${id}`;

const stateOf = ({ refused }: Outgoing, texts: Texts): string =>
  refused ? `${texts.notSent}: ${texts.refused[refused]}` : texts.sending;

const areTogether = (one: Line, two: Line): boolean =>
  one.from === two.from && one.name === two.name && (one.at === 0 || two.at - one.at < TOGETHER);

function dayFormat(language: string, texts: Texts, now: number): (at: number) => string {
  const format = new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  const today = format.format(now);
  return (at) => {
    const day = format.format(at);
    return day === today ? texts.today : day;
  };
}
