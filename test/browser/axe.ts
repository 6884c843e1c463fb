/** What axe-core finds on the page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Visit } from './visit.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every violation with its element. */
export async function found({ page }: Visit): Promise<readonly string[]> {
  const results = await page.evaluate(async (program) => {
    // By the debugger's door: the page's own policy lets no other program in.
    (0, eval)(program);
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    return axe.run();
  }, AXE);
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`,
    ),
  );
}
