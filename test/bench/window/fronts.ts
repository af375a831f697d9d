/** Eight runs of 5,000 candidates in one picture: reading them, pan and zoom, another beta, hovering. */
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createHome } from '../../e2e/pages/open.ts';
import { writeLargeRun } from './large-run.ts';
import { inPage, measure, ms, work } from './measuring.ts';

const runs = 8;
const candidates = 5000;

export async function severalFronts(): Promise<void> {
  await using home = await createHome();
  const names = Array.from({ length: runs }, (_, k) => `Run ${k + 1}`);
  for (const [k, name] of names.entries()) {
    const file = path.join(home.runsFolder, `${name}.zico`);
    writeLargeRun(file, candidates, 'efficientnet-wide', k * candidates);
  }
  await using launched = await home.open();
  const { page, app } = launched;
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800);
  });
  await page.getByRole('button', { name: `Open ${names[0]!}` }).waitFor();
  const ids = await page.evaluate<string[]>(
    "workbench.call('runs.list').then(({ value }) => value.map(({ run }) => run))",
  );
  await page.evaluate(inPage);
  await wait(500);
  const opened = await measure(page, `fronts(${JSON.stringify(ids)})`);
  console.log(`window shows the fronts of ${runs} runs of ${candidates} in ${ms(opened)}`);
  await wait(2000);
  const empty = await measure(page, 'empty(2500)');
  const zoom = await measure(page, 'zoom(2500)');
  await page.keyboard.press('0');
  const box = (await page.getByRole('application').first().boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const pan = await measure(page, 'pan(2500)');
  await page.mouse.up();
  const base = (empty + (await measure(page, 'empty(2500)'))) / 2;
  const rate = (name: string, frames: number): string =>
    `${name} ${frames.toFixed(1)} frames/s (${((frames / base) * 100).toFixed(0)} %)`;
  console.log(
    `window with ${runs} fronts: ${rate('zoom', zoom)}, ${rate('pan', pan)} of an empty canvas's ` +
      `${base.toFixed(1)}; the aim is 60 frames/s`,
  );
  const beta = await measure<number[]>(page, 'beta(40)');
  const hover = await measure<number[]>(page, 'hover(60)');
  console.log(`window with ${runs} fronts: beta ${work(beta)}; hover ${work(hover)}`);
}
