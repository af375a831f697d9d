import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { violations } from './pages/axe.ts';
import { faults } from './pages/fits.ts';
import { createHome, type Home } from './pages/open.ts';
import { SearchesPage } from './pages/searches.ts';
import { resize } from './resize.ts';
import { writeStoredRun } from './stored-run.ts';

const runs = 500;
const candidates = 400;

async function folderOfRuns(): Promise<Home> {
  const home = await createHome();
  mkdirSync(home.runsFolder, { recursive: true });
  const first = path.join(home.folder, 'one.zico');
  writeStoredRun(first, candidates);
  for (let i = 1; i <= runs; i++) cpSync(first, path.join(home.runsFolder, `night ${i}.zico`));
  return home;
}

/** Milliseconds until the table has so many rows, from when the page is asked for. */
const listedAfter = ({ page }: LaunchedApp): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        location.hash = '#/searches';
        const look = (): void => {
          const table = document.querySelector('table[aria-label="Searches"]');
          if (table?.getAttribute('aria-rowcount') === String(wanted + 1)) {
            resolve(performance.now() - began);
          } else requestAnimationFrame(look);
        };
        look();
      }),
    runs,
  );

/** Milliseconds from an action in the page to the picture after it. @param filter null sorts by name */
const paintedAfter = ({ page }: LaunchedApp, filter: string | null): Promise<number> =>
  page.evaluate(
    (text) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        if (text === null) {
          const heads = [...document.querySelectorAll<HTMLElement>('th button')];
          heads.find((head) => head.textContent.includes('Name'))!.click();
        } else {
          const field = document.querySelector<HTMLInputElement>('main input[type=search]')!;
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        requestAnimationFrame(() =>
          requestAnimationFrame(() => resolve(performance.now() - began)),
        );
      }),
    filter,
  );

function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line![1]) / 1024;
}

describe('a folder of 500 runs of 400 candidates', () => {
  it('is listed at once after a first index, filtered and sorted at once, in little memory', async () => {
    await using home = await folderOfRuns();
    {
      await using first = await home.open();
      await first.page.getByRole('table', { name: 'Searches' }).waitFor({ timeout: 120_000 });
    }
    await using launched = await home.open();
    const { app, page } = launched;
    await new SearchesPage(page).open();
    await page.getByRole('table', { name: 'Searches' }).waitFor({ timeout: 60_000 });
    await page.evaluate(() => void (location.hash = '#/settings'));
    const started = await page.evaluate(async () => {
      const began = performance.now();
      const list = await window.workbench.call('runs.list');
      return { ms: performance.now() - began, count: list.ok ? list.value.length : 0 };
    });
    const listed = await listedAfter(launched);
    const filtered = await paintedAfter(launched, 'night 4');
    const cleared = await paintedAfter(launched, '');
    const sorted = await paintedAfter(launched, null);
    const pids = await app.evaluate(({ app: electron }) =>
      electron.getAppMetrics().flatMap(({ type, pid }) => (type === 'Tab' ? [pid] : [])),
    );
    const memory = Math.max(...pids.map(residentMiB));
    const figures = { read: started.ms, listed, filtered, cleared, sorted, memory };
    console.log(JSON.stringify(figures));
    expect(started.count).toBe(runs);
    // Aimed at are 1 s and 100 ms on an idle computer, which is what the figures above are printed for. What could break
    // here is work that grows with runs times candidates, and that takes minutes.
    expect(Math.max(started.ms, listed)).toBeLessThan(10_000);
    expect(Math.max(filtered, cleared, sorted)).toBeLessThan(2000);
    expect(memory).toBeLessThan(400);

    // While it is shown, a run disappears from the folder, and another is chosen by the keyboard.
    rmSync(path.join(home.runsFolder, 'night 500.zico'));
    await page.getByRole('searchbox', { name: 'Find a search' }).fill('night 50');
    await page.getByRole('checkbox', { name: 'Choose night 50', exact: true }).focus();
    await page.keyboard.press('Space');
    await page.getByText('1 chosen').waitFor();
    await page.getByRole('button', { name: 'Open night 500', exact: true }).click();
    await page.getByRole('alert').first().waitFor({ timeout: 60_000 });
    await page.waitForURL(/#\/run\//);
    await new SearchesPage(page).open();
    await page.getByRole('searchbox', { name: 'Find a search' }).fill('night 50');
    await page.getByRole('row', { name: 'night 50', exact: true }).waitFor();
    const gone = page.getByRole('row', { name: 'night 500', exact: true });
    await gone.waitFor({ state: 'detached' });

    for (const [width, height] of [
      [1280, 800],
      [900, 600],
    ] as const) {
      await resize(launched, width, height);
      await page.getByRole('checkbox', { name: 'Choose all' }).check();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.waitForTimeout(300);
        expect(await violations(page)).toEqual([]);
        expect(await faults(page)).toEqual([]);
      }
    }
  }, 400_000);
});
