/** The sample centre in a real browser, and its people at their desks. */
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startBrowser } from '../servers/chromium.ts';
import { startProgram } from './centre.ts';
import { openChat, serveCustomerSite, type Customer } from './customer-page.ts';

/** Longer than anything takes on a busy machine, short enough to learn of a fault. */
const WITHIN = 15_000;

export interface Lab extends AsyncDisposable {
  readonly browser: Browser;
  readonly origin: string;
  /** The data directory. */
  readonly data: string;
  /** Agent 1, who is administrator and supervisor too, signed in and not logged in. */
  readonly administrator: Page;
  /** Another browser of `agent`, signed in at `path`. */
  signIn(agent: string, path?: string): Promise<Page>;
  /** Another page of Agent 1's browser. */
  open(path: string): Promise<Page>;
  /** A new customer with the chat of `entryPoint` open. */
  customer(entryPoint?: string): Promise<Customer>;
  /** Calls the API as Agent 1, or as whoever is signed in on `page`. */
  call(method: string, path: string, data?: unknown, page?: Page): Promise<unknown>;
}

/** Starts the sample centre with more `words` of the command line. */
export async function startLab(words: readonly string[] = []): Promise<Lab> {
  await using parts = new AsyncDisposableStack();
  const browser = parts.use(await startBrowser());
  const program = parts.use(await startProgram({ command: 'lab', words }));
  const [link] = await program.printed(/http\S+#sign-in=\S+/);
  const { origin, hash } = new URL(link);
  const sites = new Map<string, Awaited<ReturnType<typeof serveCustomerSite>>>();

  const newPage = async (): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
    context.setDefaultTimeout(WITHIN);
    return context.newPage();
  };
  const administrator = await newPage();
  await administrator.goto(`${origin}/${hash}`);
  await administrator.getByRole('button', { name: 'Log in' }).waitFor();

  const call: Lab['call'] = async (method, path, data, { request } = administrator) => {
    const answer = await request.fetch(`${origin}/api/v1${path}`, {
      method,
      headers: { origin },
      ...(data === undefined ? {} : { data }),
    });
    const text = await answer.text();
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${text}`).toBe(true);
    return text === '' ? undefined : JSON.parse(text);
  };
  const life = parts.move();
  return {
    browser,
    origin,
    data: program.data,
    administrator,
    call,
    async signIn(agent, path = '/') {
      const { url } = (await call('POST', `/agents/${agent}/sign-in-link`)) as { url: string };
      const page = await newPage();
      await page.goto(`${origin}${path}${new URL(url).hash}`);
      await page.getByRole('navigation', { name: 'Applications' }).waitFor();
      return page;
    },
    async open(path) {
      const page = await administrator.context().newPage();
      await page.goto(origin + path);
      return page;
    },
    async customer(entryPoint = 'website') {
      const site = sites.get(entryPoint) ?? life.use(await serveCustomerSite(origin, entryPoint));
      sites.set(entryPoint, site);
      const customer = await openChat(browser, site);
      customer.page.setDefaultTimeout(WITHIN);
      return customer;
    },
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

/** Chooses `name` in the menu behind the button of one's own state. */
export async function setState(desk: Page, name: string): Promise<void> {
  await desk.getByRole('button', { name: /^Your state/ }).click();
  await desk.getByRole('menuitem', { name, exact: true }).click();
  await desk.getByRole('button', { name: `Your state: ${name}` }).waitFor();
}

/** Logs in, and chooses a state. */
export async function logIn(desk: Page, state = 'Ready'): Promise<void> {
  await desk.getByRole('button', { name: 'Log in' }).click();
  await setState(desk, state);
}

/** Where offers show. */
export const offersOf = (desk: Page): Locator => desk.getByRole('region', { name: 'Offers' });

/** Accepts the only offer, and sees `text` in the conversation. */
export async function accept(desk: Page, text: string): Promise<void> {
  await offersOf(desk).getByRole('button', { name: 'Accept' }).click();
  await desk.getByRole('log').getByText(text, { exact: true }).waitFor();
}

/** Closes what is in hand as `code`, and has it no more. */
export async function close(desk: Page, code = 'Solved'): Promise<void> {
  await desk.getByRole('button', { name: 'Close', exact: true }).click();
  await desk.getByRole('menuitem', { name: code, exact: true }).click();
  await hasNothing(desk);
}

/** Waits until nothing is in hand. */
export const hasNothing = (desk: Page): Promise<void> =>
  desk.getByRole('complementary', { name: 'Customer' }).waitFor({ state: 'hidden' });

/** Writes to the customer. */
export async function answer(desk: Page, text: string): Promise<void> {
  const field = desk.getByRole('textbox', { name: 'Message' });
  await field.fill(text);
  await field.press('Enter');
}
