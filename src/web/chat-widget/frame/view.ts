/** Everything the customer sees. `render` brings the page to a state; it keeps what did not change. */
import type { ChatMessage } from '#servers/web-chat-gateway/contract.ts';
import { isOffline, type Chat, type Outgoing } from './chat.ts';
import { make, textNodes } from './elements.ts';
import type { Texts } from './texts.ts';

/** 32 kB, as UTF-8: what the store takes. */
const MOST_BYTES = 32_768;

export interface ViewActions {
  readonly onSend: (text: string, name: string, address: string) => void;
  readonly onTyping: (typing: boolean) => void;
  readonly onConsent: () => void;
  readonly onEnd: () => void;
  readonly onAnew: () => void;
  readonly onMinimise: () => void;
}

export class View {
  readonly #texts: Texts;
  readonly #status = make('p', { className: 'status', role: 'status' });
  readonly #log: HTMLDivElement;
  readonly #typing = make('p', { className: 'typing', ariaHidden: 'true' });
  readonly #problem = make('p', { className: 'problem', role: 'alert' });
  readonly #consent: HTMLLabelElement;
  readonly #consentText = make('span');
  readonly #name: HTMLInputElement;
  readonly #address: HTMLInputElement;
  readonly #field: HTMLTextAreaElement;
  readonly #form: HTMLFormElement;
  readonly #send: HTMLButtonElement;
  readonly #anew: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  readonly #rows = new Map<string, { element: HTMLElement; look: string }>();

  constructor(root: HTMLElement, texts: Texts, actions: ViewActions) {
    this.#texts = texts;
    this.#log = make('div', { className: 'log', role: 'log', tabIndex: 0, ariaLabel: texts.log });
    this.#name = make('input', {
      className: 'line',
      maxLength: 120,
      autocomplete: 'name',
      placeholder: texts.name,
      ariaLabel: texts.name,
    });
    this.#address = make('input', {
      className: 'line',
      type: 'email',
      maxLength: 254,
      autocomplete: 'email',
      placeholder: texts.address,
      ariaLabel: texts.address,
    });
    this.#field = make('textarea', {
      rows: 1,
      placeholder: texts.write,
      ariaLabel: texts.message,
      dir: 'auto',
    });
    this.#send = make('button', { type: 'submit', className: 'send' }, [texts.send]);
    this.#end = make('button', { type: 'button', className: 'plain', onclick: actions.onEnd }, [
      texts.end,
    ]);
    this.#anew = make(
      'button',
      { type: 'button', className: 'send wide', onclick: actions.onAnew },
      [texts.again],
    );
    const box = make('input', { type: 'checkbox', onchange: actions.onConsent });
    this.#consent = make('label', { className: 'consent' }, [box, this.#consentText]);
    this.#form = make('form', { noValidate: false }, [
      this.#name,
      this.#address,
      make('div', { className: 'compose' }, [this.#field, this.#send]),
    ]);

    const submit = (): void => {
      const text = this.#field.value.trim();
      if (!text || !this.#tellLength(text) || !this.#form.reportValidity()) return;
      actions.onSend(text, this.#name.value.trim(), this.#address.value.trim());
      this.#field.value = '';
      this.#grow();
      this.#field.focus();
    };
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    this.#field.addEventListener('input', () => {
      this.#grow();
      this.#tellLength(this.#field.value);
      actions.onTyping(this.#field.value !== '');
    });
    document.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') actions.onMinimise();
    });

    root.replaceChildren(
      make('header', {}, [
        make('h1', {}, [texts.title]),
        this.#end,
        make(
          'button',
          {
            type: 'button',
            className: 'plain',
            ariaLabel: texts.minimise,
            onclick: actions.onMinimise,
          },
          ['✕'],
        ),
      ]),
      this.#status,
      this.#log,
      this.#typing,
      make('footer', {}, [this.#problem, this.#consent, this.#form, this.#anew]),
    );
  }

  /** To the field, when the customer opens the chat; never by itself. */
  focus(): void {
    this.#field.focus();
  }

  render(chat: Chat): void {
    const hasBegun = chat.hasBegun || chat.outgoing.length > 0;
    const consent = chat.entry?.consent ?? '';
    const mustConsent = !hasBegun && consent !== '' && !chat.hasConsented;
    const leaves = isOffline(chat) && !hasBegun;

    setText(this.#status, statusOf(chat, this.#texts, leaves));
    this.#status.dataset['state'] = chat.connection;
    this.#renderLog(chat);
    setText(this.#typing, chat.isAgentTyping ? this.#texts.typing : '');
    setText(this.#problem, chat.problem ?? '');

    setText(this.#consentText, consent ? `${consent} — ${this.#texts.agree}` : '');
    this.#consent.hidden = !mustConsent;
    this.#form.hidden = chat.isEnded || mustConsent || !chat.entry;
    this.#name.hidden = hasBegun;
    this.#address.hidden = !leaves;
    this.#address.required = leaves;
    setText(this.#send, leaves ? this.#texts.leave : this.#texts.send);
    this.#send.classList.toggle('wide', leaves);
    this.#anew.hidden = !chat.isEnded;
    this.#end.hidden = !chat.hasBegun || chat.isEnded;
  }

  #renderLog(chat: Chat): void {
    const log = this.#log;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const greeting: ChatMessage[] = chat.entry?.greeting
      ? [{ number: 0, id: 'greeting', from: 'system', text: chat.entry.greeting, at: 0 }]
      : [];
    const rows = [
      ...[...greeting, ...chat.messages].map((m) => ({
        key: `n${m.number}`,
        look: lookOf(m, chat, this.#texts),
        message: m,
      })),
      ...chat.outgoing.map((o) => ({
        key: `o${o.id}`,
        look: o.refused ?? this.#texts.sending,
        message: o,
      })),
    ];
    const kept = new Set(rows.map(({ key }) => key));
    for (const [key, { element }] of this.#rows) {
      if (kept.has(key)) continue;
      element.remove();
      this.#rows.delete(key);
    }
    let before: Element | null = null;
    for (const { key, look, message } of rows) {
      let row = this.#rows.get(key);
      if (!row) {
        row = { element: bubble(message, this.#texts), look: '' };
        this.#rows.set(key, row);
      }
      if (row.look !== look) {
        row.look = look;
        const state = row.element.lastElementChild;
        if (state) setText(state, look);
      }
      const place: Element | null = before ? before.nextElementSibling : log.firstElementChild;
      if (place !== row.element) log.insertBefore(row.element, place);
      before = row.element;
    }
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  #tellLength(text: string): boolean {
    const bytes = new TextEncoder().encode(text).length;
    const isFine = bytes <= MOST_BYTES;
    this.#field.setAttribute('aria-invalid', String(!isFine));
    setText(this.#problem, isFine ? '' : this.#texts.tooLong(Math.ceil(bytes / 1024)));
    return isFine;
  }

  #grow(): void {
    this.#field.rows = Math.min(
      6,
      this.#field.value.split('\n').length + Math.floor(this.#field.value.length / 44),
    );
  }
}

function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function statusOf(chat: Chat, texts: Texts, leaves: boolean): string {
  if (chat.connection === 'lost') return texts.lost;
  if (!chat.entry) return '';
  if (chat.isEnded) return texts.ended;
  if (leaves) return chat.entry.closed || texts.offline;
  if (chat.owner) return texts.with(chat.owner);
  if (!chat.hasBegun) return '';
  return chat.wasLeft ? texts.left : texts.waiting;
}

/** The line under a message: when, and how far one's own has got. */
function lookOf(message: ChatMessage, chat: Chat, texts: Texts): string {
  if (message.number === 0) return '';
  const time = new Date(message.at).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
  });
  if (message.from !== 'customer') return message.name ? `${message.name} · ${time}` : time;
  const state =
    message.number <= chat.read
      ? texts.read
      : message.number <= chat.delivered
        ? texts.delivered
        : texts.sent;
  return `${time} · ${state}`;
}

function bubble(message: ChatMessage | Outgoing, texts: Texts): HTMLElement {
  const from = 'from' in message ? message.from : 'customer';
  return make('div', { className: 'bubble', data: { from } }, [
    make('span', { className: 'hidden' }, [from === 'customer' ? `${texts.you}: ` : '']),
    make('p', { dir: 'auto' }, textNodes(message.text)),
    make('small'),
  ]);
}
