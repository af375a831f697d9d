import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../main/graph/layers.ts';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { encodeForeign, floats, int } from '../../support/foreign-onnx.ts';

/** A depthwise convolution of two channels, whose weight has this name. */
const depthwise = (name: string, filters: readonly number[]) =>
  readOnnx(
    encodeForeign({
      nodes: [
        {
          ...{ opType: 'Conv', name: 'c', input: ['x', name], output: ['y'] },
          attribute: [int('group', 2)],
        },
      ],
      initializers: [floats(name, [2, 1, 1, 2], [...filters])],
      input: [null, 2, 8, 8],
    }),
    'm.onnx',
  );
const names = (name: string, filters: readonly number[]) => {
  const { layers, fixed, alike } = findLayers(depthwise(name, filters));
  return { layers: layers.map((layer) => layer.name), fixed, alike };
};

describe('depthwise convolutions', () => {
  it('are layers', () =>
    expect(names('mix.weight', [1, 2, 3, 4])).toEqual({ layers: ['mix'], fixed: [], alike: [] }));

  it('with one filter for all channels are constants, as a blur is', () =>
    expect(names('blur.filt', [1, 2, 1, 2])).toEqual({
      ...{ layers: [], fixed: ['blur.filt'], alike: [] },
    }));

  it('of a module are layers even then, and named', () =>
    expect(names('mix.weight', [1, 2, 1, 2])).toEqual({
      ...{ layers: ['mix'], fixed: [], alike: ['mix.weight'] },
    }));

  it('whose filters are all zero are layers', () =>
    expect(names('mix', [0, 0, 0, 0])).toEqual({ layers: ['mix'], fixed: [], alike: [] }));
});
