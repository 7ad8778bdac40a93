/** What a machine can find of barriers: WCAG 2.2 A and AA by axe-core. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
type Axe = { run: (within: string, rules: RunOptions) => Promise<AxeResults> };

const RULES: RunOptions = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  // A dialog's header is no banner of the page, though the rule takes it for one.
  rules: { 'landmark-no-duplicate-banner': { enabled: false } },
};

/**
 * The barriers on a page as it is now, one line each: the rule, and the first element that breaks it. While a
 * dialog is open only that is looked at: the rest is out of reach for everybody.
 */
export async function barriersOf(page: Page | Frame): Promise<string[]> {
  // Evaluated by the debugger, so the page's content security policy does not forbid it.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(
    ({ rules, within }) => (globalThis as unknown as { axe: Axe }).axe.run(within, rules),
    {
      rules: RULES,
      within: (await page.getByRole('dialog').count()) > 0 ? '[role=dialog]' : 'html',
    },
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 200)} (${nodes.length})`,
  );
}
