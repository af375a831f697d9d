import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunSession } from '../../../../renderer/open-run/session.svelte.ts';
import { Shell } from '../../../../renderer/shell/shell.svelte.ts';
import { prepareDom } from '../../dom.ts';
import type { rows } from '../../fake-bridge.ts';
import { FakeBridge, fakeRun } from '../../fake-bridge.ts';
import BiasPanelInShell from './BiasPanelInShell.svelte';

beforeEach(() => prepareDom());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

type Row = ReturnType<typeof rows>[number];

async function show(row: (i: number) => Partial<Row>, count = 40, beta = 0) {
  const run = fakeRun({ run: 'r', candidates: count, settings: { beta, latency: 'macs' } });
  run.rows.forEach((one, i) => Object.assign(one, row(i)));
  const errors: unknown[] = [];
  const bridge = new FakeBridge([run]);
  const session = new RunSession(bridge, 'r', (error) => errors.push(error));
  await session.open();
  const shell = new Shell(bridge, window);
  render(BiasPanelInShell, { shell, session });
  expect(errors).toEqual([]);
  return session;
}

const words = () => document.body.textContent.replace(/\s+/g, ' ');

/**
 * As the paper has it: at equal MACs the deep networks have the higher ZiCo and the higher bias, so that
 * every network of the plain front is deep, and shallow ones take over once beta passes 1.
 */
const asInThePaper = (i: number): Partial<Row> => {
  const deep = i % 2 === 0;
  const step = Math.floor(i / 2);
  return {
    status: 'evaluated',
    relativeDepth: deep ? 1 : 0.4,
    relativeWidth: deep ? 0.2 : 0.6,
    macs: 1000 + step * 10,
    zico: 100 + step * 10 + (deep ? 5 : 0),
    bias: deep ? 10 : 5,
  };
};

describe('the bias panel', () => {
  it('says what share of the front is at maximum depth, and advises the first beta that helps', async () => {
    const session = await show(asInThePaper);
    expect(words()).toContain('With plain ZiCo 100 % of the front sits at maximum depth.');
    expect(words()).toContain('At β 0.00 it is 100 %, and mean width goes from 20 % to 20 %.');
    expect(words()).toContain('Raise β to 1.25.');
    expect(words()).toContain('100 % becomes 0 %');

    await fireEvent.click(screen.getByRole('button', { name: 'Use β 1.25' }));
    expect(session.ranking.beta).toBe(1.25);
    expect(session.ranking.ghost?.beta).toBe(0); // the front as it was stays to compare
    expect(words()).toContain('At β 1.25 it is 0 %, and mean width goes from 20 % to 60 %.');
    expect(words()).toContain('β 1.25 is enough.');
    expect(screen.queryByRole('button', { name: /^Use β/ })).toBeNull();
    expect(screen.getByRole('slider', { name: 'Correction β' })).toHaveProperty('value', '1.25');
  });

  it('draws depth and width of both fronts', async () => {
    await show(asInThePaper, 40, 2);
    const chart = screen.getByRole('img', { name: /^Depth and width of the networks/ });
    const drawn = [...chart.querySelectorAll('svg')];
    expect(drawn).toHaveLength(4);
    const bars = drawn.map((svg) => svg.querySelectorAll('rect').length);
    expect(bars).toEqual([1, 1, 1, 1]);
    expect(drawn[0]!.querySelector('rect.deep')).not.toBeNull();
    expect(drawn[1]!.querySelector('rect.deep')).toBeNull();
    expect(chart.textContent).toContain('ZiCo-BC, β 2.00');
  });

  it('advises against a correction that nothing asks for', async () => {
    const session = await show((i) => ({ ...asInThePaper(i), relativeDepth: 0.5 }), 40, 1);
    expect(words()).toContain('No correction is needed.');
    await fireEvent.click(screen.getByRole('button', { name: 'Use β 0.00' }));
    expect(session.ranking.beta).toBe(0);
  });

  it('says that ranking again cannot help where every candidate is deep', async () => {
    await show((i) => ({ ...asInThePaper(i), relativeDepth: 1 }));
    expect(words()).toContain('No β up to 4 is enough.');
    expect(screen.queryByRole('button', { name: /^Use β/ })).toBeNull();
  });

  it('follows all candidates over the generations', async () => {
    await show((i) => ({ ...asInThePaper(i), generation: Math.floor(i / 10) }));
    expect(
      screen.getByRole('img', {
        name: 'Means of all candidates so far: depth 70 %, width 40 %',
      }),
    ).toBeTruthy();
  });

  it('keeps to width where every network is as deep as the next', async () => {
    await show((i) => ({ ...asInThePaper(i), relativeDepth: null }), 40, 2);
    expect(words()).toContain('Mean width of the front goes from 20 % with plain ZiCo to 60 %.');
    expect(words()).toContain('every network has 5 blocks');
    expect(words()).toContain('There is no rule for β here.');
    expect(words()).not.toContain('at maximum depth.');
  });

  it('says so where networks do not compare', async () => {
    await show((i) => ({ ...asInThePaper(i), relativeDepth: null, relativeWidth: null }));
    expect(words()).toContain('Networks of this space differ in topology');
  });
});
