/** Somebody's web page with the chat's script tag, served from an origin of its own. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Page } from 'playwright-core';

export interface CustomerSite extends AsyncDisposable {
  readonly url: string;
}

/** Serves a page that includes the widget of `entryPoint` from the centre at `origin`. */
export async function serveCustomerSite(origin: string, entryPoint: string): Promise<CustomerSite> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><title>A shop</title><main><h1>A shop</h1></main>
       <script src="${origin}/chat/widget.js" data-entry-point="${entryPoint}" async></script></html>`,
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A customer in a browser of their own, with the chat open. */
export interface Customer {
  readonly page: Page;
  readonly chat: FrameLocator;
  write(text: string): Promise<void>;
}

export async function openChat(browser: Browser, site: CustomerSite): Promise<Customer> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Open the chat' }).click();
  return customerOf(page);
}

/** The customer whose chat is on `page`. */
export function customerOf(page: Page): Customer {
  const chat = page.frameLocator('iframe[title="Chat"]');
  return {
    page,
    chat,
    async write(text) {
      const field = chat.getByRole('textbox', { name: 'Your message' });
      await field.fill(text);
      await field.press('Enter');
    },
  };
}
