import { expect, it } from 'vitest';
import { readOnnx } from '../../../main/graph/onnx/read.ts';
import { computedLayers } from '../../../main/score-model/computed-layers.ts';
import { encodeForeign, floats } from '../../support/foreign-onnx.ts';

const shifted = (numbers: string, bias: string) => {
  const node = (opType: string, input: string[], output: string) => {
    return { opType, name: `node_${output}`, input, output: [output] };
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
  const model = encodeForeign({
    nodes: [
      node('Add', [numbers, bias], 'sum'),
      node('Relu', ['sum'], 'positive'),
      node('Add', ['x', 'positive'], 'y'),
    ],
    initializers: [floats(numbers, [3, 2, 16], upTo(96)), floats(bias, [16], upTo(16))],
    input: [null, 3, 2, 16],
  });
  return computedLayers(readOnnx(model, 'm.onnx'));
};

it('a layer of which only its bias is left was computed by the exporter', () => {
  expect(shifted('val_79', 'cpb_mlp.0.bias')).toEqual(['cpb_mlp.0']);
});

it('parameters that are added to each other are none', () => {
  expect(shifted('position', 'cpb_mlp.0.bias')).toEqual([]);
  expect(shifted('val_79', 'offset')).toEqual([]);
});
