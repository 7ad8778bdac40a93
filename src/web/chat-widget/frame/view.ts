/** Everything the customer sees: `render` brings it to a state of the conversation. */
import { isEmpty, isOffline, lacksAddress } from './chat.ts';
import type { Chat } from './chat.ts';
import { Composer } from './composer.ts';
import type { ComposerActions } from './composer.ts';
import { icon, make, setText } from './elements.ts';
import { MessageList } from './message-list.ts';
import { rowsOf } from './rows.ts';
import type { Texts } from './texts.ts';

const MINIMISE_ICON = 'M6 9l6 6 6-6';
const END_ICON = 'M15 4h4v16h-4M10 8l-4 4 4 4M6 12h9';

export interface ViewActions extends ComposerActions {
  readonly onConsent: () => void;
  readonly onEnd: () => void;
  readonly onAnew: () => void;
  readonly onMinimise: () => void;
}

export class View {
  readonly #texts: Texts;
  readonly #language: string;
  readonly #list: MessageList;
  readonly #composer: Composer;
  readonly #title: HTMLHeadingElement;
  readonly #status = make('p', { className: 'status', role: 'status' });
  readonly #lost = make('p', { className: 'lost', role: 'status' });
  readonly #notice = make('div', { className: 'notice' });
  readonly #noticeHead = make('strong');
  readonly #noticeText = make('p');
  readonly #typing = make('p', { className: 'typing', ariaHidden: 'true' });
  readonly #problem = make('p', { className: 'problem', role: 'alert' });
  readonly #consent: HTMLDivElement;
  readonly #consentText = make('p');
  readonly #end: HTMLButtonElement;
  readonly #anew: HTMLButtonElement;

  constructor(root: HTMLElement, texts: Texts, language: string, actions: ViewActions) {
    const button = (className: string, text: string, onclick: () => void): HTMLButtonElement =>
      make('button', { type: 'button', className, onclick }, [text]);
    const iconButton = (path: string, title: string, onclick: () => void): HTMLButtonElement =>
      make('button', { type: 'button', className: 'icon', title, ariaLabel: title, onclick }, [
        icon(path),
      ]);
    this.#texts = texts;
    this.#language = language;
    this.#list = new MessageList(texts);
    this.#composer = new Composer(texts, actions);
    this.#title = make('h1', {}, [texts.title]);
    this.#end = iconButton(END_ICON, texts.end, actions.onEnd);
    this.#anew = button('primary', texts.again, actions.onAnew);
    this.#consent = make('div', { className: 'consent' }, [
      this.#consentText,
      button('primary', texts.agree, () => {
        actions.onConsent();
        this.focus();
      }),
    ]);
    this.#notice.append(this.#noticeHead, this.#noticeText);
    document.addEventListener('keydown', ({ key, isComposing }) => {
      if (key === 'Escape' && !isComposing) actions.onMinimise();
    });
    root.replaceChildren(
      make('header', {}, [
        make('div', { className: 'heading' }, [this.#title, this.#status]),
        this.#end,
        iconButton(MINIMISE_ICON, texts.minimise, actions.onMinimise),
      ]),
      this.#lost,
      make('main', {}, [this.#notice, this.#list.element, this.#typing]),
      make('footer', {}, [this.#problem, this.#consent, this.#composer.element, this.#anew]),
    );
  }

  /** To where the customer goes on; only when they have opened the chat or pressed something. */
  focus(): void {
    if (!this.#consent.hidden) this.#consent.querySelector('button')?.focus();
    else if (!this.#anew.hidden) this.#anew.focus();
    else this.#composer.focus();
  }

  /** A text that could not be sent goes back to where it was written. */
  putBack(text: string): void {
    this.#composer.putBack(text);
  }

  render(chat: Chat): void {
    const { entry, messages, lastNumber, hasConsented, isEnded, problem } = chat;
    const texts = this.#texts;
    const offline = isOffline(chat);
    const mustConsent = isEmpty(chat) && Boolean(entry?.consent) && !hasConsented;

    setText(this.#title, entry?.name ?? texts.title);
    setText(this.#status, statusOf(chat, texts));
    this.#status.dataset['state'] = offline || isEnded ? 'away' : 'there';
    setText(this.#lost, chat.connection === 'lost' ? texts.lost : '');
    this.#renderNotice(chat, offline);
    const rows = rowsOf(chat, texts, this.#language, Date.now());
    this.#list.render(rows, messages.length < lastNumber);
    setText(this.#typing, chat.isAgentTyping ? texts.typing : '');
    setText(this.#problem, problem ? texts.refused[problem] : '');

    setText(this.#consentText, entry?.consent ?? '');
    this.#consent.hidden = !mustConsent;
    this.#composer.element.hidden = isEnded || mustConsent || !entry;
    this.#composer.render({
      asks: isEmpty(chat),
      isOffline: offline,
      onlyAddress: lacksAddress(chat),
    });
    this.#anew.hidden = !isEnded;
    this.#end.hidden = !chat.hasBegun || isEnded;
  }

  /** Nobody is there: when somebody is, and what can be done meanwhile. */
  #renderNotice(chat: Chat, offline: boolean): void {
    const { entry, wasLeft, owner, isEnded, turnedAway } = chat;
    const texts = this.#texts;
    this.#notice.hidden = !offline && !(wasLeft && !owner && !isEnded);
    const isFull = offline ? entry?.availability === 'full' : turnedAway?.reason === 'full';
    const why = isFull ? texts.busy : texts.away;
    const opensAt = offline ? entry?.opensAt : turnedAway?.opensAt;
    const opens = opensAt === undefined ? '' : texts.opens(this.#timeOf(opensAt));
    const isAway = offline || turnedAway !== undefined;
    setText(this.#noticeHead, isAway ? [why, opens].filter(Boolean).join('. ') : '');
    const kept = lacksAddress(chat) ? texts.kept : texts.left;
    setText(this.#noticeText, offline ? entry?.closed || texts.offline : kept);
  }

  #timeOf(at: number): string {
    const format = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
    return new Intl.DateTimeFormat(this.#language, format).format(at);
  }
}

function statusOf(chat: Chat, texts: Texts): string {
  const { entry, owner, isEnded, wasLeft } = chat;
  if (!entry) return chat.problem ? '' : texts.connecting;
  if (isEnded) return texts.ended;
  if (owner !== undefined) return texts.with(owner);
  if (isOffline(chat)) return entry.availability === 'full' ? texts.busy : texts.away;
  if (isEmpty(chat)) return texts.online;
  return wasLeft ? '' : chat.waiting || texts.waiting;
}
