/** An invented model as a graph: a residual block that an unknown operator ends. */
import type { ModelBox, ModelGraph, ModelNode, TensorFacts } from '../../preload/contract.ts';

const operator = (title: string, name: string, from: number[], parameters = 0): ModelBox => ({
  kind: 'operator',
  ...{ title, name, from, parameters, shape: '2 x 8 x 32 x 32' },
});

export const fakeGraph: ModelGraph = {
  model: '1',
  file: 'block.onnx',
  name: 'block',
  producer: 'pytorch 2.9',
  opsets: ['ai.onnx 17'],
  parameters: 800,
  boxes: [
    {
      kind: 'input',
      ...{ title: 'image', name: 'image', shape: 'N x 3 x 32 x 32' },
      ...{ from: [], parameters: 0 },
    },
    operator('Conv', '/stem/Conv', [0], 216),
    operator('Relu', '/stem/Relu', [1]),
    operator('Conv', '/block/Conv', [2], 584),
    operator('Add', '/block/Add', [2, 3]),
    operator('Mystery', '/block/Mystery', [4]),
    {
      kind: 'output',
      ...{ title: 'map', name: 'map', shape: '' },
      ...{ from: [5], parameters: 0 },
    },
  ],
  refusal: {
    report: {
      code: 'unsupported-operator',
      message: 'Operator Mystery (node "/block/Mystery") is not supported.',
      hint: 'Export the model without it.',
    },
    box: 5,
  },
};

export const weightFacts: TensorFacts = {
  ...{ count: 216, seen: 216, least: -0.5, most: 0.75, mean: 0.01, deviation: 0.2 },
  ...{ zeros: 0, notFinite: 0, bins: [1, 4, 9, 4, 1], values: [] },
};

export const fakeNode = (box: number): ModelNode => ({
  ...{ box, domain: 'ai.onnx', documentation: '' },
  attributes: [{ name: 'strides', value: '[2, 2]' }],
  inputs: [
    { name: 'image', shape: 'float32 N x 3 x 32 x 32', facts: null, unread: null },
    { name: 'stem.weight', shape: 'float32 8 x 3 x 3 x 3', facts: weightFacts, unread: null },
  ],
  outputs: [{ name: 'map', shape: '', facts: null, unread: null }],
});

export const graphAnswers = () => ({
  'graphs.choose': () => fakeGraph,
  'graphs.ofModel': () => fakeGraph,
  'graphs.last': () => null,
  'graphs.dropped': () => fakeGraph,
  'graphs.node': ({ box }: { box: number }) => fakeNode(box),
  'graphs.score': () => null,
  'graphs.stop': () => null,
  'graphs.close': () => null,
});
