import { describe, expect, it } from 'vitest';
import {
  genotypeBlocks,
  meanValues,
  stageGenes,
} from '../../../../renderer/open-run/genotype/genotype.ts';
import { histogram, latencyBins } from '../../../../renderer/ground/statistics/histogram.ts';
import { parseRoute, hashOf } from '../../../../renderer/shell/router.svelte.ts';
import { space } from '../../fake-bridge.ts';

describe('a genotype', () => {
  it('fills one block a choice up to its value', () => {
    const blocks = genotypeBlocks([8, 16, 32, 48, 64], space.genes);
    expect(blocks.map((block) => block.level)).toEqual([1, 2, 4, 6, 8]);
    expect(blocks.every((block) => block.levels === 8)).toBe(true);
  });

  it('is written in the words of its choices, and a dash is a gene that is not there', () => {
    const kinds = { name: 'stage1.block', choices: [1, 2], labels: ['plain', 'mobile'] };
    const genes = [kinds, { name: 'stage1.kernel', choices: [3, 5] }, { name: 'n', choices: [0] }];
    const texts = genotypeBlocks([2, 0, 0], genes).map(({ text }) => text);
    expect(texts).toEqual(['mobile', '–', '0']);
  });

  it('stands as a table of its stages, with the genes of the whole beside it', () => {
    const named = (...names: string[]) => {
      const genes = names.map((name) => ({ name, choices: [1, 2] }));
      return stageGenes(genotypeBlocks([1, 2, 1, 2], genes));
    };
    const blocks = named('patch', 'block1.heads', 'block2.heads', 'block2.ratio');
    expect(blocks.whole.map(({ gene }) => gene)).toEqual(['patch']);
    expect(blocks.called).toBe('block');
    expect(blocks.stages.map(({ short }) => short)).toEqual(['1', '2']);
    expect(blocks.rows.map(({ cells }) => cells.map((cell) => cell?.text ?? null))).toEqual([
      ['2', '1'],
      [null, '2'],
    ]);
    expect(named('stem.width', 'stage1.width').called).toBeNull();
    expect(named('depth', 'width').rows).toEqual([]);
  });

  it('leaves out what a network lacks, such as the stages of another backbone', () => {
    const genes = ['wide.width', 'deep.stage1', 'deep.stage2'].map((name) => ({
      ...{ name, choices: [1, 2] },
    }));
    const { stages, rows } = stageGenes(genotypeBlocks([2, 0, 0], genes));
    expect(stages.map(({ name }) => name)).toEqual(['wide']);
    expect(rows.map(({ name }) => name)).toEqual(['width']);
  });

  it('has means over several', () => {
    expect(
      meanValues(
        [
          [8, 8, 8, 8, 8],
          [16, 8, 8, 8, 24],
        ],
        space.genes,
      ),
    ).toEqual([12, 8, 8, 8, 16]);
  });
});

describe('a histogram', () => {
  it('counts every value, the largest in the last bin', () => {
    expect(histogram([0, 0.05, 0.5, 1], 0, 1, 10)).toEqual([2, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('of runs names slow outliers instead of drawing them', () => {
    const runs = [...Array.from({ length: 39 }, (_, i) => 10 + i * 0.01), 500];
    const bins = latencyBins(runs, 12);
    expect(bins.slower).toBe(1);
    expect(bins.high).toBeLessThan(11);
    expect(bins.counts.reduce((a, b) => a + b)).toBe(39);
  });

  it('copes with runs that all took the same time', () => {
    expect(latencyBins([2, 2, 2], 8).counts.reduce((a, b) => a + b)).toBe(3);
  });
});

describe('an address', () => {
  it('leads back to the same page', () => {
    for (const route of [
      { page: 'searches' },
      { page: 'new' },
      { page: 'run', run: 'with / and % and ü' },
    ] as const) {
      expect(parseRoute(hashOf(route))).toEqual(route);
    }
    expect(parseRoute('')).toEqual({ page: 'searches' });
  });
});
