import type { Locator, Page } from 'playwright-core';

/** The scatter of a run, which is pixels: what a test sees of it are its axes and the card of a point. */
export class ChartArea {
  /** What hangs beside the point under the pointer. */
  readonly card: Locator;
  readonly #page: Page;
  readonly #chart: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#chart = page.locator('.scatter');
    this.card = this.#chart.locator('.card');
  }

  /** Turns the wheel so many steps in the middle of the chart; negative steps show more. */
  async zoom(steps: number): Promise<void> {
    const { x, y, width, height } = await this.#box();
    await this.#page.mouse.move(x + width / 2, y + height / 2);
    for (let step = 0; step < Math.abs(steps); step += 1) {
      await this.#page.mouse.wheel(0, steps > 0 ? -100 : 100);
    }
    await this.#page.waitForTimeout(200); // painted in a frame of its own
  }

  /** Moves the pointer over the chart until a point's card shows. */
  async hoverAnyPoint(): Promise<void> {
    const { x, y, width, height } = await this.#box();
    for (let down = 20; down < height - 50; down += 16) {
      for (let along = 60; along < width - 20; along += 16) {
        await this.#page.mouse.move(x + along, y + down);
        if (await this.card.isVisible()) return;
      }
    }
    throw new Error('No point of the chart has a card.');
  }

  /** The picture of both axes with their figures, so as to compare: it changes with every zoom and pan. */
  async axes(): Promise<string> {
    return this.#chart
      .locator('canvas')
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const scale = canvas.width / canvas.clientWidth;
        const strip = (x: number, y: number, width: number, height: number): string => {
          const copy = document.createElement('canvas');
          copy.width = width * scale;
          copy.height = height * scale;
          copy
            .getContext('2d')
            ?.drawImage(canvas, -x * scale, -y * scale, canvas.width, canvas.height);
          return copy.toDataURL();
        };
        const { clientWidth: width, clientHeight: height } = canvas;
        return strip(0, 0, 47, height) + strip(48, height - 37, width - 48, 18);
      });
  }

  async #box(): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await this.#chart.boundingBox();
    if (!box) throw new Error('The chart is not shown.');
    return box;
  }
}
