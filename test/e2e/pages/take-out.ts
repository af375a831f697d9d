import type { Page } from 'playwright-core';

/** The menus that save or copy what stands beside them. @param group under which heading the item stands */
export async function takeOut(
  page: Page,
  name: string,
  group: string | RegExp,
  item: string | RegExp,
): Promise<void> {
  await page.getByRole('button', { name: `Save or copy: ${name}` }).click();
  await page.getByRole('group', { name: group }).getByRole('menuitem', { name: item }).click();
}
