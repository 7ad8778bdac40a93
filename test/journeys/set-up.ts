/** The wizard, as an administrator goes through it. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

export const PASSWORD = 'a long enough password';

/** What a new centre has after the wizard. */
export interface SetUp {
  /** `http://127.0.0.1:8080` */
  readonly origin: string;
  readonly entryPoint: string;
  /** The administrator's browser, in the control panel. */
  readonly administrator: BrowserContext;
}

/** Goes through the wizard behind a set-up link. */
export async function setUpCentre(browser: Browser, link: string): Promise<SetUp> {
  const administrator = await browser.newContext();
  const page = await administrator.newPage();
  await page.goto(link);
  await page.getByLabel('Name of your organisation').fill('Example organisation');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Your name').fill('Administrator 1');
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Set up' }).click();
  const tag = await page.getByText('data-entry-point').innerText();
  const entryPoint = /data-entry-point="([^"]+)"/.exec(tag)?.[1] ?? '';
  expect(entryPoint).not.toBe('');
  await page.getByRole('button', { name: 'Open the control panel' }).click();
  await page.getByRole('heading', { name: 'Agents' }).waitFor();
  return { origin: new URL(link).origin, entryPoint, administrator };
}

/** An agent's browser: signed in, logged in, ready. */
export async function openDesktop(browser: Browser, origin: string, login: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 850 } });
  const page = await context.newPage();
  await page.goto(origin);
  await page.getByLabel('Login').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Log in' }).click();
  await goReady(page);
  return page;
}

export async function goReady(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Your state/ }).click();
  await page.getByRole('menuitem', { name: 'Ready', exact: true }).click();
  await page.getByRole('button', { name: /Your state: Ready/ }).waitFor();
}
