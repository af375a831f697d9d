/** What is looked at in all sizes and both themes, for whoever wants pictures of it: `ZICO_PICTURES=FOLDER`. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { LaunchedApp } from '../launch.ts';
import { resize } from '../resize.ts';
import { violations } from './axe.ts';

const sizes = [
  [900, 600],
  [1280, 800],
  [1920, 1080],
] as const;

/** What axe finds wrong with the page in both themes; takes pictures of it where these are wanted. */
export async function inBothThemes(launched: LaunchedApp, name: string): Promise<string[]> {
  const { page } = launched;
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(250);
    found.push(...(await violations(page)).map((line) => `${colorScheme}: ${line}`));
    await pictured(launched, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return found;
}

async function pictured(launched: LaunchedApp, name: string): Promise<void> {
  const folder = process.env['ZICO_PICTURES'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  for (const [width, height] of [...sizes, sizes[1]]) {
    await resize(launched, width, height);
    await launched.page.waitForTimeout(500);
    await launched.page.screenshot({ path: path.join(folder, `${name}-${width}.png`) });
  }
}
