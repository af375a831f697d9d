import type { Locator, Page } from 'playwright-core';
import { InspectorPanel } from './inspector.ts';

/** One run: its progress, its chart, its bias panel and its table. */
export class RunPage {
  readonly inspector: InspectorPanel;
  readonly table: Locator;
  readonly beta: Locator;
  readonly #page: Page;
  readonly #progress: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#progress = page.getByRole('region', { name: 'Progress' });
    this.table = page.getByRole('table', { name: 'Candidates' });
    this.beta = page.getByRole('slider', { name: 'Correction β' });
    this.inspector = new InspectorPanel(page);
  }

  async shown(timeout = 30_000): Promise<this> {
    await this.#progress.waitFor({ timeout });
    await this.table.waitFor(); // panels are made one after the other
    return this;
  }

  /** What the strip says the machine does: Scoring, Stopped, Finished. */
  async now(): Promise<string> {
    return (await this.#progress.textContent()) ?? '';
  }

  /** Resolves when the run says so: `Finished`, `Stopped`. */
  async waitUntil(state: string, timeout = 60_000): Promise<void> {
    await this.#progress.getByText(state, { exact: true }).waitFor({ timeout });
  }

  /** Shows the members of the front, every candidate, or what failed. */
  async show(filter: 'Front' | 'All' | 'Failed'): Promise<this> {
    await this.#page.getByRole('tab', { name: new RegExp(`^${filter}`) }).click();
    return this;
  }

  rows(): Locator {
    return this.table.getByRole('row', { name: /^c-\d+$/ });
  }

  row(name: string): Locator {
    return this.table.getByRole('row', { name, exact: true });
  }

  /** Names of the rows, in the table's order. */
  async names(): Promise<string[]> {
    return (await this.rows().locator('td:first-child').allTextContents()).map((name) =>
      name.trim(),
    );
  }

  /** Every figure of the table as it is shown. */
  async figures(): Promise<string[]> {
    return this.rows().allTextContents();
  }

  async select(name: string): Promise<InspectorPanel> {
    await this.row(name).click();
    return this.inspector.of(name);
  }

  /** Moves the slider to one of its ends by keyboard. */
  async moveBeta(end: 'Home' | 'End'): Promise<void> {
    await this.beta.focus();
    await this.#page.keyboard.press(end);
  }

  async pause(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Pause', exact: true }).click();
  }

  async stop(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Stop', exact: true }).click();
  }

  async resume(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Resume', exact: true }).click();
  }
}
