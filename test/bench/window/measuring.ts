/** What the benchmarks of the window share: measuring inside the page, and how figures are written. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

export const inPage = readFileSync(path.join(import.meta.dirname, 'in-page.js'), 'utf8');
/** Calls one of the ways of measuring that `in-page.js` puts into the page. */
export const measure = <T = number>(page: Page, call: string): Promise<T> =>
  page.evaluate<T>(`bench.${call}`);

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export function work(all: readonly number[]): string {
  const sorted = [...all].sort((a, b) => a - b);
  const at = (share: number): string => ms(sorted[Math.round((sorted.length - 1) * share)]!);
  return `median ${at(0.5)}, 90th percentile ${at(0.9)}, longest ${at(1)}`;
}
