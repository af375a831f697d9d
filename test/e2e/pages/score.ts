import type { Locator, Page } from 'playwright-core';

/** The page where a person scores models of their own. */
export class ScorePage {
  readonly table: Locator;
  readonly beta: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.table = page.getByRole('table', { name: 'Models' });
    this.beta = page.getByRole('slider', { name: 'Correction β' });
  }

  async open(): Promise<this> {
    await this.#page.getByRole('link', { name: 'Score a model' }).click();
    return this;
  }

  async choose(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Open models…' }).click();
  }

  /** Resolves when so many of the models have been scored and nothing is left to do. */
  async scored(n: number, all: number): Promise<void> {
    await this.#page
      .getByText(`${n} of ${all} ${all === 1 ? 'model' : 'models'} scored`)
      .first()
      .waitFor({ timeout: 60_000 });
    await this.#page.getByRole('button', { name: 'Cancel' }).waitFor({ state: 'detached' });
  }

  row(name: string): Locator {
    return this.table.getByRole('row', { name });
  }

  async names(): Promise<(string | null)[]> {
    const rows = await this.table.locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.getAttribute('aria-label')));
  }

  layers(name: string): Locator {
    return this.#page.getByRole('table', { name: `Layers of ${name}` }).locator('tbody tr');
  }
}
