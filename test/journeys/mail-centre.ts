/** A new centre as its administrator set it up, their control panel, and a real mail server beside it. */
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { SMTPServer } from 'smtp-server';
import { expect } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { startDovecot, type Dovecot } from '../servers/dovecot.ts';
import { barriersOf } from './accessibility.ts';
import { startProgram } from './centre.ts';
import { setUpCentre } from './set-up.ts';

/** Longer than anything takes on a busy machine, short enough to learn of a fault. */
const WITHIN = 30_000;
const PICTURES = '.cache/screens';

export interface MailCentre extends AsyncDisposable {
  readonly origin: string;
  /** The control panel, signed in. */
  readonly panel: Page;
  /** Its submission takes whatever is sent. */
  readonly mail: Dovecot;
  /** The drawer or dialog that is open. */
  form(): Locator;
  rowOf(name: string): Locator;
  /** Opens a screen of the control panel. */
  show(screen: string): Promise<void>;
  save(): Promise<void>;
  choose(label: string, option: string): Promise<void>;
  /** Takes pictures in both themes of all that a window of that size shows, and finds what stands in anybody's way. */
  look(name: string, size?: { width: number; height: number }, at?: Page): Promise<void>;
  /** Calls the API as the administrator. */
  call(method: string, path: string, data?: unknown): Promise<unknown>;
  bodyOf(kind: string, id: string): Promise<Record<string, unknown>>;
  /** Changes a document as another administrator would, elsewhere. */
  change(kind: string, id: string, some: Record<string, unknown>): Promise<void>;
  /** How a mailbox fares. */
  healthOf(id: string): Promise<Record<string, unknown>>;
  /** How many work items are open. */
  openItems(): Promise<number>;
}

/** @throws {ServerMissing} If this machine cannot get the mail server. */
export async function startMailCentre(): Promise<MailCentre> {
  await using parts = new AsyncDisposableStack();
  await mkdir(PICTURES, { recursive: true });
  const relay = parts.use(await startRelay());
  const mail = parts.use(await startDovecot({ relay: relay.port }));
  const browser = parts.use(await startBrowser());
  const program = parts.use(await startProgram());
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  const { origin, administrator } = await setUpCentre(browser, link);
  administrator.setDefaultTimeout(WITHIN);
  const panel = await administrator.newPage();
  await panel.goto(`${origin}/control-panel`);
  const life = parts.move();

  const form = (): Locator => panel.getByRole('dialog');
  const call: MailCentre['call'] = async (method, path, data) => {
    const answer = await panel.request.fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { origin },
      ...(data === undefined ? {} : { data }),
    });
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return text === '' ? undefined : JSON.parse(text);
  };
  const bodyOf: MailCentre['bodyOf'] = async (kind, id) => {
    const { documents } = (await call('GET', `/configuration/${kind}`)) as {
      documents: { id: string; body: Record<string, unknown> }[];
    };
    return documents.find((each) => each.id === id)?.body ?? {};
  };
  return {
    origin,
    panel,
    mail,
    form,
    call,
    bodyOf,
    rowOf: (name) => panel.getByRole('row').filter({ hasText: name }),
    async show(screen) {
      const menu = panel.getByRole('navigation', { name: 'Control panel' });
      await menu.getByRole('link', { name: new RegExp(`^${screen}`) }).click();
      await panel.getByRole('heading', { level: 1, name: screen }).waitFor();
    },
    async save() {
      await form().getByRole('button', { name: 'Save' }).click();
      await form().waitFor({ state: 'hidden' });
    },
    async choose(label, option) {
      await form().getByRole('combobox', { name: label }).click();
      await panel.getByRole('option', { name: option, exact: true }).click();
    },
    async look(name, size = { width: 1440, height: 860 }, at = panel) {
      const usual = at.viewportSize();
      await at.setViewportSize(size);
      await at.emulateMedia({ reducedMotion: 'reduce' });
      const barriers: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await at.emulateMedia({ colorScheme });
        await at.screenshot({ path: join(PICTURES, `mail-${name}-${colorScheme}.png`) });
        const found = await barriersOf(at);
        barriers.push(...found.map((each) => `${name}, ${colorScheme}: ${each}`));
      }
      if (usual) await at.setViewportSize(usual);
      expect(barriers).toEqual([]);
    },
    async change(kind, id, some) {
      const body = await bodyOf(kind, id);
      await call('PUT', `/configuration/${kind}/${id}`, { ...body, ...some });
    },
    async healthOf(id) {
      const { mailboxes } = (await call('GET', '/mailboxes')) as {
        mailboxes: ({ mailbox: string } & Record<string, unknown>)[];
      };
      return mailboxes.find(({ mailbox }) => mailbox === id) ?? {};
    },
    async openItems() {
      const { balance } = (await call('GET', '/board')) as { balance: { open: number } };
      return balance.open;
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** Takes whatever Dovecot's submission hands on. */
async function startRelay(): Promise<AsyncDisposable & { readonly port: number }> {
  const relay = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => stream.resume().once('end', () => done()),
  });
  const server = relay.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => relay.close(closed)),
  };
}
