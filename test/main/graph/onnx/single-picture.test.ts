/** Detectors that take a single picture, as torchvision exports them, are read from the batch on that they make of it. */
import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import {
  foreignNode as node,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  type ForeignModel,
  type ForeignNode,
} from '../../../support/foreign-onnx.ts';

const weights = (name: string, out: number, channels: number) =>
  floats(
    name,
    [out, channels, 1, 1],
    Array.from({ length: out * channels }, (_, i) => Math.sin(i)),
  );
const transform = [
  node('Sub', ['x', 'mean'], 'centred'),
  node('Unsqueeze', ['centred', 'front'], 'one'),
  node('Shape', ['one'], 'sizes'),
  node('Slice', ['sizes', 'zero', 'two'], 'lead'),
  node('Concat', ['lead', 'wanted'], 'target', int('axis', 0)),
  node('Resize', ['one', '', '', 'target'], 'resized'),
  node('Gather', ['resized', 'first'], 'alone'),
  node('Unsqueeze', ['alone', 'front'], 'again'),
  node('Concat', ['again'], 'batch', int('axis', 0)),
];
const network = [
  node('Conv', ['batch', 'w1'], 'c1'),
  node('Relu', ['c1'], 'map'),
  node('Conv', ['map', 'w2'], 'classes'),
  node('Conv', ['map', 'w3'], 'boxes'),
];
/** Which of the predictions are kept. */
const processed = [
  node('Reshape', ['classes', 'list'], 'scores'),
  node('Reshape', ['boxes', 'list'], 'corners'),
  node('NonMaxSuppression', ['corners', 'scores'], 'y'),
];
const model = (...nodes: ForeignNode[]) => modelOf({ nodes });
const modelOf = (more: Pick<ForeignModel, 'nodes' | 'outputs' | 'input'>) =>
  encodeForeign({
    initializers: [
      floats('mean', [3, 1, 1], [0.5, 0.4, 0.3]),
      ...[
        integers('front', [0]),
        integers('zero', [0]),
        integers('second', [1]),
        integers('two', [2]),
      ],
      ...[integers('wanted', [32, 48]), integers('first', [0], []), integers('list', [1, -1, 4])],
      ...[integers('rows', [1, 8, -1]), integers('maps', [-1, 8, 32, 48])],
      ...[
        integers('lines', [1, 3, 20, 30]),
        floats('around', [30, 30], new Array<number>(900).fill(0.1)),
      ],
      ...[floats('ones', [3], [1, 1, 1]), floats('zeros', [3], [0, 0, 0])],
      ...[weights('up', 3, 3), weights('w1', 8, 3), weights('w2', 4, 8), weights('w3', 4, 8)],
    ],
    input: [3, 20, 30],
    opset: 17,
    ...more,
  });
const detector = model(...transform, ...network, ...processed);

describe('a file for a single picture', () => {
  it('is read from the batch on, at the size that pictures are resized to', () => {
    const graph = readOnnx(detector, 'm.onnx', { forLastMaps: true });
    expect(graph.inputs).toEqual([{ name: 'batch', shape: [null, 3, 32, 48], type: 'float32' }]);
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Conv', 'Relu', 'Conv', 'Conv']);
    expect(graph.behindTransform).toBe(true);
    expect(inferShapes(graph, 5).get('boxes')).toEqual([5, 4, 32, 48]);
  });

  it('so is the part that leads to a value asked for', () => {
    const graph = readOnnx(detector, 'm.onnx', { outputs: ['map'] });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 32, 48]);
    expect(graph.behindTransform).toBe(true);
  });

  it('is refused as what it is where the whole is asked for, or to be measured', () => {
    expect(() => readOnnx(detector, 'm.onnx')).toThrow(/single picture/);
    const measured = { outputs: ['map'], deployed: true };
    expect(() => readOnnx(detector, 'm.onnx', measured)).toThrow(/single picture/);
  });

  it('is not cut where two convolutions see the picture at different steps', () => {
    const early = [
      node('Conv', ['one', 'w1'], 'early'),
      node('ReduceMean', ['early'], 'mean2', ints('axes', [2, 3])),
      node('Add', ['map', 'mean2'], 'sum'),
    ];
    const bytes = model(...transform, ...network.slice(0, 2), ...early);
    expect(() => readOnnx(bytes, 'm.onnx', { outputs: ['sum'] })).toThrow(/single picture/);
  });

  it('keeps pictures of a batch apart where it was written for one', () => {
    const shares = [
      ...network.slice(0, 1),
      node('Reshape', ['c1', 'rows'], 'flat'),
      node('Softmax', ['flat'], 'softmax', int('axis', -1)),
      node('Reshape', ['softmax', 'maps'], 'map'),
    ];
    const bytes = model(...transform, ...shares);
    const graph = readOnnx(bytes, 'm.onnx', { outputs: ['map'], batchSize: 2 });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 32, 48]);
    const shapes = inferShapes(graph, 2);
    const [softmax] = graph.nodes.filter(({ kind }) => kind === 'Softmax');
    expect(shapes.get(softmax!.outputs[0]!)).toEqual([2, 8, 32 * 48]);
    expect(shapes.get('map')).toEqual([2, 8, 32, 48]);
  });

  it.each<[string, ForeignNode[]]>([
    [
      'linear ones',
      [node('MatMul', ['x', 'around'], 'linear'), node('Reshape', ['linear', 'lines'], 'batch')],
    ],
    [
      'a norm',
      [
        node('Unsqueeze', ['x', 'front'], 'one'),
        node('BatchNormalization', ['one', 'ones', 'zeros', 'zeros', 'ones'], 'batch'),
      ],
    ],
    [
      'a transposed convolution',
      [node('Unsqueeze', ['x', 'front'], 'one'), node('ConvTranspose', ['one', 'up'], 'batch')],
    ],
  ])('is not cut where layers precede the first convolution: %s', (_what, before) => {
    const bytes = model(...before, ...network.slice(0, 2));
    expect(() => readOnnx(bytes, 'm.onnx', { outputs: ['map'] })).toThrow(/single picture/);
  });

  it('is none where a first axis of 1 counts tokens', () => {
    const nodes = [
      node('Unsqueeze', ['x', 'second'], 'one'),
      node('Concat', ['one', 'one', 'one'], 'batch', int('axis', 1)),
      ...network.slice(0, 2),
    ];
    const bytes = modelOf({ nodes, input: [1, 64, 48] });
    const graph = readOnnx(bytes, 'm.onnx', { outputs: ['map'] });
    expect(graph.behindTransform).toBeUndefined();
    expect(graph.inputs[0]!.shape).toEqual([null, 64, 48]);
  });

  it.each<[string, ForeignNode[]]>([
    ['resized', []],
    ['batch', []],
    ['sum', [node('ReduceMean', ['x'], 'level'), node('Add', ['map', 'level'], 'sum')]],
  ])('is not cut for what does not come of the batch alone: %s', (asked, more) => {
    const bytes = model(...transform, ...network.slice(0, 2), ...more);
    expect(() => readOnnx(bytes, 'm.onnx', { outputs: [asked] })).toThrow(/single picture/);
  });
});
