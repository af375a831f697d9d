import type { Locator, Page } from 'playwright-core';

/** The page where scores are held against known accuracies. */
export class BenchmarksPage {
  readonly networks: Locator;
  readonly correlation: Locator;
  readonly repeatability: Locator;
  readonly beta: Locator;
  readonly run: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.networks = page.getByRole('table', { name: 'Networks, best score first' });
    this.correlation = page.getByRole('table', { name: 'Kendall τ-b' });
    this.repeatability = page.getByRole('table', { name: 'Repeatability' });
    this.beta = page.getByRole('slider', { name: 'Correction β' });
    this.run = page.getByRole('button', { name: 'Run benchmark' });
  }

  async open(): Promise<this> {
    await this.#page.getByRole('link', { name: 'Benchmarks' }).click();
    return this;
  }

  async start(count: number, repeatability: boolean): Promise<void> {
    await this.#page.getByRole('textbox', { name: /^Networks/ }).fill(String(count));
    if (repeatability) await this.#page.getByRole('switch', { name: 'Score twice more' }).click();
    await this.run.click();
  }

  /** Resolves when it runs; what an earlier one found is shown until then. */
  async begun(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Stop' }).waitFor();
  }

  /** Resolves when the running benchmark has ended. */
  async ended(timeout: number): Promise<void> {
    await this.begun();
    await this.run.waitFor({ timeout });
  }

  async stop(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Stop' }).click();
  }

  /** Cells of a row by its head. */
  async cells(table: Locator, row: RegExp): Promise<string[]> {
    const cells = await table.getByRole('row', { name: row }).locator('td').allTextContents();
    return cells.map((cell) => cell.trim());
  }

  result(name: string): Locator {
    return this.#page.getByRole('button', { name: `Open ${name}` });
  }
}
