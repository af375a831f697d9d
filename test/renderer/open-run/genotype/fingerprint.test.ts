import { cleanup, render } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import Fingerprint from '../../../../renderer/open-run/genotype/Fingerprint.svelte';
import type { GeneBlock } from '../../../../renderer/open-run/genotype/genotype.ts';

afterEach(cleanup);

const genes = (count: number): GeneBlock[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ gene: `stage${i}.kernel`, value: 3, text: '3', level: 1, levels: 2 },
  }));

it.each([1, 6, 27, 45])('shows each of %i genes in a column of the table', (count) => {
  const { container } = render(Fingerprint, { blocks: genes(count) });
  const svg = container.querySelector('svg')!;
  expect(Number(svg.getAttribute('width'))).toBeLessThanOrEqual(69);
  const bars = [...svg.querySelectorAll('rect')].map((bar) => ({
    from: Number(bar.getAttribute('x')),
    to: Number(bar.getAttribute('x')) + Number(bar.getAttribute('width')),
  }));
  expect(bars).toHaveLength(count);
  expect(bars.at(-1)!.to).toBeLessThanOrEqual(Number(svg.getAttribute('width')));
  for (const [i, bar] of bars.slice(1).entries()) expect(bar.from).toBeGreaterThan(bars[i]!.to);
});
