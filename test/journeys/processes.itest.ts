/** The same journey with every component in a process of its own, and on a PostgreSQL that is not ours. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPONENTS } from '#base/component-name.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { startBrowser } from '../servers/chromium.ts';
import { startProgram, type CentreOptions } from './centre.ts';
import { openChat, serveCustomerSite } from './customer-page.ts';
import { openDesktop, setUpCentre } from './set-up.ts';

let life: AsyncDisposableStack;
let browser: Awaited<ReturnType<typeof startBrowser>>;

beforeAll(async () => {
  life = new AsyncDisposableStack();
  browser = life.use(await startBrowser());
});
afterAll(() => life.disposeAsync());

/** A customer writes, an agent answers and closes; resolves with what the customer's chat shows at the end. */
async function journey(options: CentreOptions): Promise<string> {
  await using program = await startProgram(options);
  const [link] = await program.printed(/http\S+#set-up=\S+/);
  const centre = await setUpCentre(browser, link);
  await using site = await serveCustomerSite(centre.origin, centre.entryPoint);
  const desktop = await openDesktop(browser, centre.origin, 'agent1');
  const customer = await openChat(browser, site);
  await customer.write('Is anybody there?');
  await desktop.getByRole('button', { name: 'Accept' }).click();
  await desktop.getByRole('log').getByText('Is anybody there?').waitFor();
  const field = desktop.getByRole('textbox', { name: 'Message' });
  await field.fill('Yes, I am.');
  await field.press('Enter');
  await customer.chat.getByRole('log').getByText('Yes, I am.').waitFor();
  await desktop.getByRole('button', { name: 'Close', exact: true }).click();
  await desktop.getByRole('menuitem', { name: 'Solved' }).click();
  await customer.chat.getByRole('button', { name: 'Start a new conversation' }).waitFor();
  const text = await customer.chat.getByRole('log').innerText();
  await Promise.all(
    [customer.page.context(), desktop.context(), centre.administrator].map((c) => c.close()),
  );
  return text;
}

describe('the journey', () => {
  test('with every component in a process of its own', async () => {
    const words = COMPONENTS.flatMap((component) => ['--run', component]);
    expect(await journey({ words })).toMatch(/Is anybody there\?[^]*Yes, I am\./);
  });

  test('on another PostgreSQL, named by EMCEE_DATABASE_URL', async () => {
    await using database = await testDatabase();
    const environment = { EMCEE_DATABASE_URL: database.url };
    expect(await journey({ environment })).toMatch(/Is anybody there\?[^]*Yes, I am\./);
  });
});
