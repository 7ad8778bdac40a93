/**
 * The script that a page includes: a launcher button and, once it is wanted, the chat in a frame of its
 * own. Until then nothing is loaded and no connection is held, except where a conversation goes on.
 */
import type { FromFrame, ToFrame } from '../messages.ts';
import { LAUNCHER_STYLE } from './style.ts';
import { launcherTexts } from './texts.ts';

const CHAT_ICON = 'M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Z';
const DOWN_ICON = 'M6 9l6 6 6-6';

function start(script: HTMLScriptElement): void {
  const origin = new URL(script.src).origin;
  const entryPoint = script.dataset['entryPoint'] ?? '';
  const language =
    script.dataset['language'] ?? (document.documentElement.lang || navigator.language);
  const direction = getComputedStyle(document.documentElement).direction;
  const texts = launcherTexts(language);
  const memory = `emcee.chat.${entryPoint}`;

  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LAUNCHER_STYLE);
  root.adoptedStyleSheets = [sheet]; // allowed by any content security policy of the page

  const button = document.createElement('button');
  button.type = 'button';
  const badge = document.createElement('span');
  badge.hidden = true;
  badge.className = 'badge';
  button.append(icon('chat', CHAT_ICON), icon('down', DOWN_ICON), badge);
  root.append(button);

  let frame: HTMLIFrameElement | undefined;
  let isOpen = false;
  let isLoaded = false;

  const tell = (message: ToFrame): void => {
    if (isLoaded) frame?.contentWindow?.postMessage(message, origin);
  };
  const load = (): void => {
    if (frame) return;
    frame = document.createElement('iframe');
    const theme = script.dataset['theme'] ?? '';
    const query = new URLSearchParams({ 'entry-point': entryPoint, language, direction, theme });
    frame.dataset['theme'] = theme;
    frame.src = `${origin}/chat/frame?${query}#${encodeURIComponent(location.origin + location.pathname)}`;
    frame.title = texts.title;
    frame.allow = 'clipboard-write';
    frame.hidden = true;
    frame.addEventListener('load', () => {
      isLoaded = true;
      if (isOpen) tell({ emcee: 'shown' });
    });
    root.append(frame);
  };
  const show = (next: boolean): void => {
    isOpen = next;
    if (next) load();
    if (frame) frame.hidden = !next;
    button.setAttribute('aria-expanded', String(next));
    button.setAttribute('aria-label', next ? texts.close : texts.open);
    host.toggleAttribute('data-open', next);
    tell({ emcee: next ? 'shown' : 'hidden' });
    if (next) frame?.focus();
    else button.focus();
  };

  button.addEventListener('click', () => show(!isOpen));
  addEventListener('message', (event: MessageEvent<FromFrame>) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow) return;
    const message = event.data;
    if (message.emcee === 'minimise') show(false);
    else if (message.emcee === 'unread') {
      badge.hidden = message.count === 0;
      badge.textContent = message.count > 9 ? '9+' : String(message.count);
      button.setAttribute('aria-label', isOpen ? texts.close : texts.unread(message.count));
    } else if (message.emcee === 'conversation') remember(memory, message.isOpen);
  });

  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label', texts.open);
  document.body.append(host);
  if (recall(memory)) load(); // a conversation goes on: its answers must arrive
}

function icon(name: string, shape: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', name);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', shape);
  svg.append(path);
  return svg;
}

/** A page may forbid its storage; the chat then only forgets that it was open. */
function remember(key: string, isOpen: boolean): void {
  try {
    if (isOpen) localStorage.setItem(key, 'open');
    else localStorage.removeItem(key);
  } catch {
    // nothing to remember with
  }
}

function recall(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else addEventListener('DOMContentLoaded', () => start(script));
}
