import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchedApp } from './launch.ts';
import { answerDialogs } from './pages/dialogs.ts';
import { createHome, type Home } from './pages/open.ts';
import { RunPage } from './pages/run.ts';

/** The main job without a pointer. Nothing here clicks or focuses: keys only. */
describe('by keyboard alone', () => {
  let home: Home;
  let launched: LaunchedApp;
  let page: Page;
  beforeAll(async () => {
    home = await createHome();
    launched = await home.open();
    ({ page } = launched);
  });
  afterAll(async () => {
    await launched?.close();
    await home?.[Symbol.asyncDispose]();
  });

  const press = (key: string): Promise<void> => page.keyboard.press(key);
  /** Tab until something of that name has the focus. */
  async function tabTo(name: RegExp, most = 80): Promise<void> {
    for (let i = 0; i < most; i += 1) {
      await press('Tab');
      if (name.test(await focused())) return;
    }
    throw new Error(`Nothing named ${name} was reached; the focus is on "${await focused()}".`);
  }
  const focused = async (): Promise<string> =>
    page.evaluate<string>(
      '(() => { const at = document.activeElement; return at?.getAttribute("aria-label") ?? at?.textContent?.trim() ?? ""; })()',
    );
  async function command(words: string): Promise<void> {
    await press('Control+k');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type(words);
    await press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  it('starts the demo', async () => {
    await page.getByRole('button', { name: 'Start the demo' }).waitFor();
    await tabTo(/^Start the demo/);
    await press('Enter');
    await new RunPage(page).shown();
  });

  it('goes to the front while it searches, and stops it', async () => {
    const run = new RunPage(page);
    await expect
      .poll(async () => (await run.names()).length, { timeout: 60_000 })
      .toBeGreaterThan(1);
    await command('stop');
    await run.waitUntil('Stopped', 60_000);
    await press(']');
    const first = await run.inspector.panel.getByRole('heading', { level: 2 }).textContent();
    await press(']');
    await expect
      .poll(() => run.inspector.panel.getByRole('heading', { level: 2 }).textContent())
      .not.toBe(first);
  }, 130_000);

  it('opens the candidate, and walks its network', async () => {
    await press('Enter');
    await page.getByRole('application', { name: /^Architecture of/ }).waitFor();
    await page
      .getByRole('button', { name: /^Stage 1 .*fold$/ })
      .first()
      .waitFor();
    await tabTo(/^Input/i);
    await press('ArrowDown');
    expect(await focused()).toMatch(/^Stem/);
  });

  it('scores it again, to the bit', async () => {
    await command('score again');
    await page.getByText(/it matches the stored score to the bit/).waitFor({ timeout: 60_000 });
  }, 70_000);

  it('exports it', async () => {
    const folder = path.join(home.folder, 'export');
    await mkdir(folder);
    await answerDialogs(launched.app, folder);
    await tabTo(/^Export…$/);
    await press('Enter');
    await page
      .getByText(/^c-\d+ exported$/)
      .first()
      .waitFor({ timeout: 60_000 });
    expect(await readdir(folder)).toContain('model.onnx');
  }, 70_000);

  it('comes back to the search', async () => {
    await press('Escape');
    await new RunPage(page).shown();
    // The palette's library writes a style attribute into its markup, which the policy refuses: no harm.
    const problems = await launched.problems();
    expect(problems.filter((line) => !line.includes('Refused to apply inline style'))).toEqual([]);
  });
});
