import { describe, expect, it } from 'vitest';
import type { LayerStatistics } from '../../../main/engine/engine.ts';
import { warningsOf, type WarnedScore } from '../../../main/score-model/warnings.ts';
import { dataWarnings } from '../../../main/task/data-warnings.ts';
import { warningInWords } from '../../../main/warning.ts';

const layer = (name: string, sum: number, gradientNorms: readonly number[] = [0.1, 0.1]) =>
  ({ name, sum, gradientNorms }) as LayerStatistics;
const plain: WarnedScore = {
  batchNormalization: 'present',
  ...{
    bare: [],
    loose: [],
    fixed: [],
    alike: [],
    computed: [],
    uncounted: { oneAxis: [], threeAxes: [] },
    left: [],
  },
  ...{ ending: null, decided: false, unread: null, randomDraws: 0, storedAs: null },
  ...{ noise: [], ignoreNoise: false, dataNotes: [] },
  batches: { classes: 10 },
  outputs: 10,
  statistics: { layers: [layer('stem', 3), layer('head', 2)], peakMemoryBytes: 1e9 },
  memoryBytes: 8e9,
};
const codes = (changes: Partial<WarnedScore>): string[] =>
  warningsOf({ ...plain, ...changes }).map(({ code }) => code);

describe('the warnings of a score', () => {
  it('are none where all is well', () => expect(codes({})).toEqual([]));

  it('name folded normalisation, spare classes and much memory', () => {
    const folded = { batchNormalization: 'folded', bare: ['stem'] } as const;
    expect(codes(folded)).toEqual(['batch-normalization-folded']);
    expect(codes({ outputs: 12 })).toEqual(['more-classes-than-data']);
    expect(codes({ memoryBytes: 2e9 })).toEqual(['memory-high']);
  });

  it('say what of the file was not scored as it stands', () => {
    expect(codes({ ending: 'LogSoftmax' })).toEqual(['softmax-removed']);
    expect(codes({ ending: 'Sigmoid' })).toEqual(['sigmoid-output']);
    expect(codes({ decided: true, ending: 'Softmax' })).toEqual([
      'decision-removed',
      'softmax-removed',
    ]);
    expect(codes({ left: ['aux (N x 10)'] })).toEqual(['outputs-left-out']);
    const unread = { outputs: ['boxes'], read: ['logits'], reason: 'No.' };
    expect(codes({ unread })).toEqual(['outputs-not-read']);
    expect(codes({ storedAs: 'bfloat16' })).toEqual(['computed-in-float32']);
    expect(codes({ randomDraws: 2 })).toEqual(['randomness-switched-off']);
    expect(codes({ loose: ['attn.in_proj_weight'] })).toEqual(['layers-by-use']);
    expect(codes({ fixed: ['blur'] })).toEqual(['constant-filters']);
    expect(codes({ alike: ['mix.weight'] })).toEqual(['equal-filters']);
    expect(codes({ computed: ['cpb_mlp.0'] })).toEqual(['layers-computed']);
    expect(codes({ noise: ['shift'] })).toEqual(['noise-layers']);
  });

  it('say which convolutions are no layers', () => {
    const said = (oneAxis: string[], threeAxes: string[]) =>
      warningsOf({ ...plain, uncounted: { oneAxis, threeAxes } }).map(({ code, message }) => [
        code,
        message.split(' here')[0],
      ]);
    expect(said(['tokens.conv.weight'], ['lambda.weight', 'lambda2.weight'])).toEqual([
      ['layers-not-counted', '1 one-dimensional convolution is no layer'],
      ['layers-not-counted', '2 three-dimensional convolutions are not layers'],
    ]);
  });

  it('name the layers that may have been folded, where others have a normalisation', () => {
    const [warning] = warningsOf({ ...plain, bare: ['features.3'] });
    expect(warning).toMatchObject({ code: 'batch-normalization-folded', examples: ['features.3'] });
    expect(warning!.hint).toContain('do_constant_folding=False');
  });

  it('speak of one as of one', () => {
    const said = (changes: Partial<WarnedScore>) =>
      warningsOf({ ...plain, ...changes })[0]!.message;
    const lists = ['bare', 'loose', 'fixed', 'alike', 'computed', 'noise'] as const;
    for (const list of lists) {
      expect(said({ [list]: ['stem'] }), list).not.toMatch(
        /\b1 [a-z -]+s (are|have|get)\b|\b(They|them|their|were)\b/,
      );
      expect(said({ [list]: ['stem', 'head'] }), list).toMatch(/\b2 [a-z0-9 -]+s\b/);
    }
    expect(said({ bare: ['stem'] })).toContain('1 convolution has no BatchNormalization behind');
    const silent = [layer('stem', 3), layer('head', 0)];
    expect(said({ statistics: { layers: silent, peakMemoryBytes: 1 } })).toContain(
      '1 of 2 layers adds nothing, because its gradients',
    );
  });

  it('count silent layers and name the first', () => {
    const layers = Array.from({ length: 9 }, (_, i) => layer(`l${i}`, i === 0 ? 1 : 0));
    expect(warningsOf({ ...plain, statistics: { layers, peakMemoryBytes: 1 } })).toMatchObject([
      { code: 'silent-layers', count: 8, examples: ['l1', 'l2', 'l3', 'l4', 'l5'] },
    ]);
  });

  it('tell layers that no gradient reaches from those that add nothing', () => {
    const dead = layer('dead', 0, [0, 0]);
    const told = (layers: LayerStatistics[]) =>
      warningsOf({ ...plain, statistics: { layers, peakMemoryBytes: 1 } });
    expect(told([layer('stem', 3), dead, layer('same', 0)])).toMatchObject([
      { code: 'layers-without-gradient', count: 1, examples: ['dead'] },
      { code: 'silent-layers', count: 1, examples: ['same'] },
    ]);
    expect(told([dead, dead])).toMatchObject([{ code: 'no-gradient', count: 2 }]);
  });

  it('take over what was found while images were drawn', () => {
    const notes = dataWarnings([{ file: 'a.jpg', reason: 'is empty' }], []);
    expect(warningsOf({ ...plain, batches: { classes: 10, notes } })).toEqual(notes);
    expect(warningInWords(notes[0]!)).toBe(
      'An image could not be used, and the next one of the same order took its place (a.jpg: is empty). Repair or delete them: once they can be read, the same seed draws other images.',
    );
  });
});
