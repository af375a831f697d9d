import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly failureSummary: string;
  }[];
}

/** axe-core as one script; it defines `axe`. */
const script = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with the page as it is: one line for each rule and element. */
export async function violations(page: Page): Promise<string[]> {
  // The page's content policy lets no script in that is not its own; a debugger's is.
  const loaded = await page.evaluate('typeof axe !== "undefined"');
  if (loaded !== true) await page.evaluate(await readFile(script, 'utf8'));
  const found = await page.evaluate<readonly Violation[]>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return found.flatMap(({ id, impact, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id} (${impact ?? 'unknown'}) ${JSON.stringify(target)}: ${failureSummary.split('\n')[1]?.trim() ?? ''}`,
    ),
  );
}
