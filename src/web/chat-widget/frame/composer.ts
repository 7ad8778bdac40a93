import { icon, make, setText } from './elements.ts';
import type { Texts } from './texts.ts';

/** 32 kB as UTF-8: what a message may have. The gateway refuses more. */
export const MOST_BYTES = 32_768;

const SEND_ICON = 'M5 12h13M12 5l7 7-7 7';
const MOST_ROWS = 6;

/** What a customer has written. */
export interface Written {
  readonly text: string;
  readonly name: string;
  readonly email: string;
}

export interface ComposerActions {
  readonly onSend: (written: Written) => void;
  /** Only an address was asked for. */
  readonly onAddress: (address: Omit<Written, 'text'>) => void;
  readonly onTyping: (typing: boolean) => void;
}

/** What to ask for beside the message. */
export interface ComposerLook {
  /** Name and address are asked for once, with the first message. */
  readonly asks: boolean;
  /** Nobody is there: the address is a must. */
  readonly isOffline: boolean;
  /** What was written is kept already: nothing but the address is asked for. */
  readonly onlyAddress: boolean;
}

/** Where the customer writes. Text stays in it until it is handed over. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #texts: Texts;
  readonly #actions: ComposerActions;
  readonly #details: HTMLDivElement;
  readonly #name: HTMLInputElement;
  readonly #email: HTMLInputElement;
  readonly #field: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #sendText = make('span');
  readonly #length = make('p', { className: 'problem', role: 'alert', id: 'length' });

  constructor(texts: Texts, actions: ComposerActions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#name = make('input', { maxLength: 120, autocomplete: 'name' });
    this.#email = make('input', { type: 'email', maxLength: 254, autocomplete: 'email' });
    label(this.#name, texts.name);
    this.#details = make('div', { className: 'details' }, [this.#name, this.#email]);
    this.#field = make('textarea', {
      rows: 1,
      placeholder: texts.write,
      ariaLabel: texts.message,
      dir: 'auto',
    });
    this.#field.setAttribute('aria-describedby', 'length');
    this.#send = make('button', { type: 'submit', className: 'send' }, [
      this.#sendText,
      icon(SEND_ICON),
    ]);
    this.element = make('form', { className: 'composer' }, [
      this.#details,
      this.#length,
      make('div', { className: 'writing' }, [this.#field, this.#send]),
    ]);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener('input', () => {
      this.#fit();
      this.#tellLength(this.#field.value);
      actions.onTyping(this.#field.value.trim() !== '');
    });
    this.render({ asks: true, isOffline: false, onlyAddress: false });
  }

  render({ asks, isOffline, onlyAddress }: ComposerLook): void {
    const { email, optionalEmail, leave, leaveAddress, send } = this.#texts;
    const isMust = isOffline || onlyAddress;
    this.#details.hidden = !asks && !onlyAddress;
    this.#field.hidden = onlyAddress;
    this.#email.required = isMust;
    label(this.#email, isMust ? email : optionalEmail);
    this.element.classList.toggle('offline', isMust);
    setText(this.#sendText, onlyAddress ? leaveAddress : isOffline ? leave : send);
  }

  focus(): void {
    (this.#field.hidden ? this.#email : this.#field).focus({ preventScroll: true });
  }

  /** Gives a text back that was not sent; what has been written since stays behind it. */
  putBack(text: string): void {
    this.#field.value = [text, this.#field.value].filter(Boolean).join('\n');
    this.#fit();
  }

  #submit(): void {
    const name = this.#name.value.trim();
    const email = this.#email.value.trim();
    if (this.#field.hidden) {
      if (this.element.reportValidity()) this.#actions.onAddress({ name, email });
      return;
    }
    const text = this.#field.value.trim();
    // a form with an address that is none says so itself
    if (!text || !this.#tellLength(text) || !this.element.reportValidity()) return;
    this.#actions.onSend({ text, name, email });
    this.#field.value = '';
    this.#fit();
    this.focus();
  }

  #tellLength(text: string): boolean {
    // a UTF-16 unit makes at most three bytes: most texts need no counting
    const bytes = text.length * 3 <= MOST_BYTES ? 0 : new TextEncoder().encode(text).length;
    const fits = bytes <= MOST_BYTES;
    this.#field.setAttribute('aria-invalid', String(!fits));
    setText(this.#length, fits ? '' : this.#texts.tooLong(Math.ceil(bytes / 1_024)));
    return fits;
  }

  /** As high as its text, up to a bound. */
  #fit(): void {
    const field = this.#field;
    field.rows = 1;
    const height = Number.parseFloat(getComputedStyle(field).lineHeight);
    const padding = field.clientHeight - height;
    field.rows = Math.min(
      MOST_ROWS,
      Math.max(1, Math.round((field.scrollHeight - padding) / height)),
    );
  }
}

function label(input: HTMLInputElement, text: string): void {
  input.placeholder = text;
  input.ariaLabel = text;
}
