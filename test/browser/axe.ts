/** What axe-core finds on the page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Visit } from './visit.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every violation with its element. @param rules those that are asked alone; all of them when left out */
export async function found({ page }: Visit, ...rules: readonly string[]): Promise<readonly string[]> {
  const results = await page.evaluate(
    async ([program, only]) => {
      // By the debugger's door: the page's own policy lets no other program in.
      if (!('axe' in globalThis)) (0, eval)(program);
      const { axe } = globalThis as unknown as { axe: { run: (options: unknown) => Promise<AxeResults> } };
      return axe.run(only.length === 0 ? {} : { runOnly: only });
    },
    [AXE, rules] as const,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`,
    ),
  );
}
