import type { Locator, Page } from 'playwright-core';

/** The searches that wait for their turn. */
export class QueuePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(): Promise<this> {
    await this.#page.evaluate(() => void (location.hash = '#/queue'));
    await this.#page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    return this;
  }

  row(name: string): Locator {
    return this.#page
      .getByRole('table', { name: 'Searches in the queue' })
      .getByRole('row', { name, exact: true });
  }

  /** Names with their states, in the order in which they run. */
  async searches(): Promise<string[]> {
    const view = await this.#page.evaluate(() => window.workbench.call('queue.view'));
    return view.ok ? view.value.searches.map(({ name, state }) => `${name}: ${state}`) : [];
  }

  /** @param ended as many searches have ended */
  async waitUntilEnded(ended: number, timeoutMs = 300_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (Date.now() < until) {
      const states = await this.searches();
      const over = states.filter((line) => /: (finished|stopped|failed)$/.test(line));
      if (over.length >= ended) return;
      await this.#page.waitForTimeout(200);
    }
    throw new Error(`Not ended: ${(await this.searches()).join(', ')}`);
  }
}
