import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { NewSearchPage, smallSearch } from './pages/new-search.ts';
import { createHome, type Home } from './pages/open.ts';
import { QueuePage } from './pages/queue.ts';

/** Everything that is stored of the candidates of a run, to the last digit. */
interface StoredRun {
  readonly name: string;
  readonly state: string;
  readonly candidates: readonly string[];
}

const searches = 12;

async function addSweep({ page }: LaunchedApp): Promise<void> {
  const form = await new NewSearchPage(page).open();
  await form.fill({ ...smallSearch, Latency: 'Not measured: MACs instead', Name: 'Kills' });
  await page.getByRole('button', { name: /Vary settings/ }).click();
  await page.getByLabel('Seeds', { exact: true }).fill('1-6');
  await page.getByLabel('Limits of MACs', { exact: true }).fill('40M 120M');
  await page.getByRole('button', { name: `Add ${searches} searches to queue` }).click();
  await page.getByRole('heading', { level: 1, name: 'Sweep Kills' }).waitFor({ timeout: 60_000 });
}

async function storedRuns({ page }: LaunchedApp): Promise<StoredRun[]> {
  return page.evaluate(async () => {
    const list = await window.workbench.call('runs.list');
    const found = [];
    for (const { run, name, state } of list.ok ? list.value : []) {
      const rows = await window.workbench.call('runs.candidates', { run, after: 0, most: 1000 });
      if (!rows.ok) continue;
      const { ids, genotypes, zico, zicoCapped, bias, macs } = rows.value;
      const candidates = genotypes
        .split('\n')
        .map((genotype, i) =>
          [ids[i], genotype, zico[i], zicoCapped[i], bias[i], macs[i]].join(' '),
        );
      found.push({ name, state, candidates });
    }
    return found.sort((a, b) => a.name.localeCompare(b.name));
  });
}

async function undisturbed(home: Home): Promise<StoredRun[]> {
  await using launched = await home.open();
  await addSweep(launched);
  await new QueuePage(launched.page).waitUntilEnded(searches);
  return await storedRuns(launched);
}

/** Kills the app as a power cut would once so many searches have ended, in the middle of the next. */
async function cutOff(home: Home, ended: number): Promise<void> {
  const launched = await home.open();
  await addSweep(launched);
  await new QueuePage(launched.page).waitUntilEnded(ended);
  await wait(700);
  const gone = new Promise((resolve) => launched.app.process().once('exit', resolve));
  launched.app.process().kill('SIGKILL');
  await gone;
}

/** Kills what scores; returns how many processes that were. */
const killScoring = ({ app }: LaunchedApp): Promise<number> =>
  app.evaluate(({ app: electron }) => {
    const scoring = electron
      .getAppMetrics()
      .filter(({ serviceName, name }) =>
        `${serviceName ?? ''} ${name ?? ''}`.includes('ZiCo scoring'),
      );
    for (const { pid } of scoring) process.kill(pid, 'SIGKILL');
    return scoring.length;
  });

describe('a sweep of twelve searches', () => {
  it('that is killed with the window, and whose scoring process is killed, ends as an undisturbed one', async () => {
    await using quiet = await createHome();
    const whole = await undisturbed(quiet);
    expect(whole).toHaveLength(searches);
    expect(
      whole.every(({ state, candidates }) => state === 'finished' && candidates.length === 8),
    ).toBe(true);

    await using home = await createHome();
    await cutOff(home, 3);
    await using launched = await home.open();
    const { page } = launched;
    await page.getByText(/left from the last time/).waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    const queue = new QueuePage(page);
    await queue.waitUntilEnded(6);
    let killed = 0;
    for (let tries = 0; killed === 0 && tries < 200; tries++) {
      killed = await killScoring(launched);
      if (killed === 0) await wait(50);
    }
    expect(killed).toBeGreaterThan(0);
    await queue.waitUntilEnded(searches);
    expect(await storedRuns(launched)).toEqual(whole);
    expect(await launched.problems()).toEqual([]);
  }, 900_000);
});
