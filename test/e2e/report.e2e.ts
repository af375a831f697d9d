/** A message of the window has its place in the report that is opened beside it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createHome } from './pages/open.ts';

it('a report says the message beside which it was opened', async () => {
  await using home = await createHome();
  await mkdir(home.runsFolder, { recursive: true });
  await writeFile(path.join(home.runsFolder, 'broken.zico'), 'no run');
  await using launched = await home.open();
  const { page } = launched;
  await page.getByRole('button', { name: 'Open broken' }).click();
  await page.getByRole('alert').getByRole('button', { name: 'Report…' }).click();
  const says = page.getByRole('region', { name: 'The report' });
  await expect
    .poll(() => says.textContent())
    .toMatch(/not-a-run-file: .*broken\.zico is not a run/);
  await expect.poll(() => says.textContent()).toContain('started'); // of the log
});
