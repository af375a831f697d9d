/**
 * The longest time that the main process and the page were deaf while a search was scored by many workers of a farm
 * whose engine only waits, with the page Computers and then the run open. Needs a redis-server.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { watchBlocks, watchMainComputing } from '../../e2e/blocks.ts';
import { NewSearchPage, type SearchForm } from '../../e2e/pages/new-search.ts';
import { createHome } from '../../e2e/pages/open.ts';
import { TestRedis } from '../../support/redis.ts';

const [workers, processes, jobMs, seconds] = [200, 4, 3000, 30];
const search: SearchForm = {
  ...{ Name: 'Bench', 'Candidates, at most': '8000', 'Networks are chosen': 'At random' },
  ...{ Latency: 'Not measured: MACs instead', 'Scored by': 'A farm alone' },
};

export async function onAFarm(): Promise<void> {
  const redis = await TestRedis.start('--maxclients', '4000');
  const script = path.join(import.meta.dirname, '../../support/waiting-workers.ts');
  const words = [script, redis.url, String(workers / processes), String(jobMs), 'as-product'];
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, words, { stdio: 'inherit' }),
  );
  try {
    await using home = await createHome();
    await using launched = await home.open();
    const { app, page } = launched;
    const go = (name: string) =>
      page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await go('Computers');
    await page.getByLabel('Address').fill(redis.url);
    await page.keyboard.press('Enter');
    await page.getByText(`${workers} workers`).first().waitFor({ timeout: 60_000 });
    const form = await new NewSearchPage(page).open();
    await form.fill(search);
    await page.getByRole('button', { name: 'More settings' }).click();
    await form.fill({ 'In flight': '256' });
    const run = await form.start();
    await run.show('All');
    await run.rows().first().waitFor({ timeout: 60_000 });
    for (const shown of ['run', 'Computers'] as const) {
      if (shown !== 'run') await go(shown);
      const blocks = await watchBlocks(app, page);
      const computing = await watchMainComputing(app);
      await wait(seconds * 1000);
      const computingMs = await computing();
      const { mainMs, pageMs } = await blocks();
      console.log(
        `window on a farm of ${workers} workers, ${shown} shown: longest block main ${mainMs.toFixed(1)} ms (computing at most ${computingMs.toFixed(1)} ms), page ${pageMs.toFixed(1)} ms (${seconds} s, about ${Math.round((workers * seconds * 1000) / jobMs)} candidates)`,
      );
    }
    const problems = await launched.problems();
    if (problems.length > 0) console.log(problems.join('\n'));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
  }
}
