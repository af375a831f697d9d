import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../../main/errors.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { inferShapes } from '../../../../main/graph/infer-shapes.ts';
import { layersOf } from '../../../../main/graph/layers.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { materialise } from '../../../../main/graph/weights.ts';
import {
  DataLocation,
  DataType,
  encodeForeign,
  floats,
  int,
  integers,
  ints,
  text,
  type ForeignModel,
} from '../../../support/foreign-onnx.ts';
import { goldenFile } from '../../../support/golden.ts';

const read = (model: ForeignModel): Graph => readOnnx(encodeForeign(model), 'model.onnx');
const relu = { opType: 'Relu', name: 'r', input: ['x'], output: ['y'] };
const error = (code: string, message?: RegExp): unknown =>
  expect.objectContaining({
    code,
    ...(message ? { message: expect.stringMatching(message) as string } : {}),
  });
const numbers = (graph: Graph, name: string) => {
  const initializer = graph.initializers.get(name);
  return initializer && [...materialise(initializer)];
};

describe('what is no ONNX model is refused as such', () => {
  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('Not a model, but a letter to the editor.\n'.repeat(20))],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
    ['zeros', new Uint8Array(1000)],
    ['a model without a network', encodeForeign({ nodes: [], output: 'x' })],
  ])('%s', (_name, bytes) => {
    expect(() => readOnnx(bytes, 'letter.txt')).toThrow(error('not-onnx', /^letter\.txt is not/));
  });

  it('random bytes, never with a fault of the program', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readOnnx(bytes, 'noise')).toThrow(WorkbenchError);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('a model cut off anywhere', () => {
    const whole = readFileSync(goldenFile('plain', 'model.onnx'));
    for (let length = 0; length < whole.length; length += 211) {
      expect(() => readOnnx(whole.subarray(0, length), 'cut')).toThrow(error('not-onnx'));
    }
    expect(() => readOnnx(whole, 'whole')).not.toThrow();
  });

  it('a model with a flipped byte, never with a fault of the program', () => {
    const whole = readFileSync(goldenFile('plain', 'model.onnx'));
    const places = fc.record({ place: fc.nat(2000), value: fc.nat(255), fromEnd: fc.boolean() });
    fc.assert(
      fc.property(places, ({ place, value, fromEnd }) => {
        const bytes = Uint8Array.from(whole);
        bytes[fromEnd ? bytes.length - 1 - place : place] = value;
        try {
          inferShapes(readOnnx(bytes, 'damaged'), 2);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(WorkbenchError);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('an operator that is not supported is named, with its node', () => {
  it.each<[string, Partial<ForeignModel>, RegExp]>([
    [
      'unknown',
      { nodes: [{ ...relu, opType: 'Unique', name: 'attention/mix' }] },
      /Operator Unique \(node "attention\/mix"\)/,
    ],
    [
      'without a name: by its place',
      { nodes: [relu, { opType: 'Unique', input: ['y'], output: ['z'] }] },
      /Operator Unique \(node "Unique_1"\)/,
    ],
    [
      "of somebody else's domain",
      { nodes: [{ ...relu, domain: 'org.somebody' }] },
      /org\.somebody\.Relu/,
    ],
    [
      "of onnxruntime's, from a model that it optimised",
      { nodes: [{ ...relu, domain: 'com.microsoft' }] },
      /Operator Relu .* is one of onnxruntime's own/,
    ],
    [
      'of the inside of this program',
      { nodes: [{ ...relu, opType: 'ReluGradient' }] },
      /ReluGradient/,
    ],
    [
      'named like a property of every object',
      { nodes: [{ ...relu, opType: 'toString' }] },
      /toString/,
    ],
  ])('%s', (_name, model, message) => {
    expect(() => read({ nodes: [], ...model })).toThrow(error('unsupported-operator', message));
  });
});

describe('an attribute that is not supported is named, with operator and node', () => {
  const weight = floats('w', [2, 3, 1, 1], [1, 2, 3, 4, 5, 6]);
  const node = (
    opType: string,
    attribute: ForeignModel['nodes'][number]['attribute'],
    more: string[] = [],
  ) => ({
    nodes: [{ opType, name: 'n', input: ['x', ...more], output: ['y'], attribute }],
    initializers: [weight, integers('axes', [1])],
  });
  const window = ints('kernel_shape', [2, 2]);
  it.each<[string, ForeignModel]>([
    ['auto_pad=SAME', node('Conv', [text('auto_pad', 'SAME')], ['w'])],
    ['1-dimensional strides', node('Conv', [ints('strides', [2])], ['w'])],
    ['strides=0, 1', node('Conv', [ints('strides', [0, 1])], ['w'])],
    ['pads of 2 numbers', node('Conv', [ints('pads', [1, 1])], ['w'])],
    ['negative pads', node('Conv', [ints('pads', [0, -1, 0, 0])], ['w'])],
    ['dilations', node('AveragePool', [window, ints('dilations', [2, 2])])],
    ['a kernel over 3 axes', node('AveragePool', [ints('kernel_shape', [2, 2, 2])])],
    ...[
      { axes: 'axis 2 and axis 3', size: [1, 1, 3], strides: [2, 1, 1], pads: [0, 1, 0, 0, 0, 0] },
      { axes: 'axis 4,', size: [3, 3, 1], strides: [1, 1, 1], pads: [0, 0, 0, 0, 0, 1] },
    ].map(({ axes, size, strides, pads }): [string, ForeignModel] => [
      `strides or pads along ${axes}`,
      {
        nodes: [
          { opType: 'Unsqueeze', name: 'u', input: ['x', 'axes'], output: ['v'] },
          {
            ...{ opType: 'Conv', name: 'n', input: ['v', 'volume'], output: ['y'] },
            attribute: [ints('strides', strides), ints('pads', pads)],
          },
        ],
        initializers: [
          integers('axes', [1]),
          floats(
            'volume',
            [1, 1, ...size],
            new Array<number>(size.reduce((a, b) => a * b)).fill(1),
          ),
        ],
      },
    ]),
    ['no kernel_shape', node('AveragePool', [])],
    [
      'mode=mirror',
      {
        ...node('Pad', [text('mode', 'mirror')], ['pads']),
        initializers: [integers('pads', [0, 0, 1, 1, 0, 0, 1, 1])],
      },
    ],
    [
      'allowzero=1',
      {
        ...node('Reshape', [int('allowzero', 1)], ['shape']),
        initializers: [integers('shape', [0, -1])],
      },
    ],
  ])('%s', (what, model) => {
    expect(() => read(model)).toThrow(
      error('unsupported-operator', new RegExp(`^\\w+ node "n" uses ${what}`)),
    );
  });

  it('a shape that the network computes', () => {
    const model = node('Reshape', [], ['x']);
    expect(() => read(model)).toThrow(error('unsupported-operator', /Reshape node "n".*input 1/));
  });

  it('of the wrong type is damage, not a missing feature', () => {
    expect(() => read(node('Conv', [text('strides', '2')], ['w']))).toThrow(
      error('onnx-malformed', /strides of Conv node "n".*string/),
    );
  });
});

describe('a damaged model is refused with what is wrong', () => {
  const conv = { opType: 'Conv', name: 'c', input: ['x', 'w'], output: ['y'] };

  it.each([
    [6, /uses ONNX opset 6;/],
    [24, /uses ONNX opset 24;/],
    [0, /does not say which opset it uses;/],
  ])('opset %i', (opset, message) => {
    expect(() => read({ nodes: [relu], opset })).toThrow(error('unsupported-opset', message));
  });

  it.each([9, 15, 21])('while opset %i is read', (opset) => {
    expect(read({ nodes: [relu], opset }).nodes).toHaveLength(1);
  });

  it('a node without its inputs', () => {
    expect(() => read({ nodes: [{ ...conv, input: ['x'] }] })).toThrow(
      error('onnx-malformed', /Conv node "c" needs 2/),
    );
    expect(() => read({ nodes: [{ ...conv, input: ['', 'w'] }] })).toThrow(error('onnx-malformed'));
    expect(() => read({ nodes: [{ ...relu, output: [] }], output: 'y' })).toThrow(
      error('onnx-malformed', /Relu node "r"/),
    );
  });

  it('an input that nothing makes', () => {
    expect(() => inferShapes(read({ nodes: [conv] }), 2)).toThrow(
      error('graph-malformed', /Conv node "c" reads "w"/),
    );
  });

  it('nodes in a circle', () => {
    const circle = [
      { opType: 'Add', name: 'a', input: ['x', 'z'], output: ['y'] },
      { opType: 'Relu', name: 'b', input: ['y'], output: ['z'] },
    ];
    expect(() => inferShapes(read({ nodes: circle }), 2)).toThrow(
      error('graph-malformed', /Add node "a" reads "z"/),
    );
  });

  it('weights in another file', () => {
    const outside = { ...floats('w', [2], []), dataLocation: DataLocation.EXTERNAL };
    expect(() => read({ nodes: [conv], initializers: [outside] })).toThrow(
      error('external-data', /"w" of model\.onnx/),
    );
  });

  it('fewer or more values than the shape says', () => {
    for (const values of [[], [1, 2, 3], [1, 2, 3, 4, 5]]) {
      expect(() => read({ nodes: [conv], initializers: [floats('w', [4], values)] })).toThrow(
        error('onnx-malformed', /"w" of model\.onnx has \d values for a shape of 4/),
      );
    }
    const torn = { ...floats('w', [1], []), rawData: new Uint8Array(3) };
    expect(() => read({ nodes: [conv], initializers: [torn] })).toThrow(error('onnx-malformed'));
  });

  it('a negative size', () => {
    expect(() => read({ nodes: [conv], initializers: [floats('w', [-1, -1], [1])] })).toThrow(
      error('onnx-malformed', /impossible shape/),
    );
  });

  it('a type of numbers that is not read', () => {
    const bytes = { name: 'w', dims: [1], rawData: new Uint8Array(1) };
    const typed = (dataType: number) => () =>
      read({ nodes: [conv], initializers: [{ ...bytes, dataType }] });
    expect(typed(DataType.UINT16)).toThrow(
      error('unsupported-tensor', /"w" of model\.onnx has the type uint16/),
    );
    expect(typed(DataType.UINT8)).toThrow(
      error('unsupported-tensor', /model\.onnx is quantised: its tensor "w"/),
    );
  });
});

describe('a model is read', () => {
  it('with its batch size open, whatever number the exporter froze', () => {
    expect(read({ nodes: [relu], input: [16, 3, 8, 8] }).inputs).toEqual([
      { name: 'x', shape: [null, 3, 8, 8], type: 'float32' },
    ]);
  });

  it('with its batch size open where images are padded with numbers', () => {
    const graph = read({
      nodes: [{ opType: 'Pad', input: ['x', 'pads', 'one'], output: ['y'] }],
      input: [4, 3, 8, 8],
      initializers: [integers('pads', [0, 0, 0, 0, 0, 0, 0, 2]), floats('one', [], [1])],
    });
    expect(graph.inputs[0]!.shape).toEqual([null, 3, 8, 8]);
    for (const images of [1, 4, 5]) {
      expect(inferShapes(graph, images).get('y')).toEqual([images, 3, 8, 10]);
    }
  });

  it('with its batch size bound where it parts a value by a number of images', () => {
    const part = (start: number, end: number, output: string) => ({
      opType: 'Slice',
      input: ['both', `from${start}`, `to${end}`, 'first'],
      output: [output],
    });
    const graph = read({
      nodes: [
        { opType: 'Concat', input: ['x', 'x'], output: ['both'], attribute: [int('axis', 0)] },
        part(0, 1, 'a'),
        part(1, 9, 'b'),
        { opType: 'Add', input: ['a', 'b'], output: ['y'] },
      ],
      input: [1, 3, 8, 8],
      initializers: [
        ...[integers('from0', [0]), integers('from1', [1])],
        ...[integers('to1', [1]), integers('to9', [9]), integers('first', [0])],
      ],
    });
    expect(graph.inputs[0]!.shape).toEqual([1, 3, 8, 8]);
  });

  it('with the weights that nodes read, from whatever encoding', () => {
    const add = (input: string, output: string, w: string) => ({
      opType: 'Add',
      name: output,
      input: [input, w],
      output: [output],
    });
    const doubles = new Uint8Array(Float64Array.of(0.1, -2).buffer);
    const graph = read({
      nodes: [add('x', 'a', 'raw'), add('a', 'b', 'typed'), add('b', 'c', 'double')],
      input: [null, 3, 8, 2],
      initializers: [
        floats('raw', [2], [1.5, -0.25]),
        { name: 'typed', dims: [2], dataType: DataType.FLOAT, floatData: [3, 4] },
        { name: 'double', dims: [2], dataType: DataType.DOUBLE, rawData: doubles },
        floats('unread', [1], [9]),
      ],
    });
    expect([...graph.initializers.keys()]).toEqual(['raw', 'typed', 'double']);
    expect(numbers(graph, 'raw')).toEqual([1.5, -0.25]);
    expect(numbers(graph, 'typed')).toEqual([3, 4]);
    expect(numbers(graph, 'double')).toEqual([Math.fround(0.1), -2]);
  });

  it('with Constant nodes as what they hold', () => {
    const constant = (output: string, value: ReturnType<typeof floats>) => ({
      opType: 'Constant',
      output: [output],
      attribute: [{ name: 'value', type: 4, t: value }],
    });
    const graph = read({
      nodes: [
        constant('shape', integers('', [0, -1])),
        constant('offset', floats('', [1], [0.5])),
        { opType: 'Add', input: ['x', 'offset'], output: ['a'] },
        { opType: 'Reshape', input: ['a', 'shape'], output: ['y'] },
      ],
    });
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['Add', 'Reshape']);
    expect(graph.nodes[1]).toMatchObject({ inputs: ['a'], attributes: { shape: [0, -1] } });
    expect(numbers(graph, 'offset')).toEqual([0.5]);
  });

  it('with weights that go by several names as one layer', () => {
    const conv = (name: string, x: string, w: string) => ({
      opType: 'Conv',
      name,
      input: [x, w],
      output: [name],
    });
    const graph = read({
      nodes: [
        { opType: 'Identity', input: ['w.weight'], output: ['other.weight'] },
        { opType: 'Identity', input: ['other.weight'], output: ['third.weight'] },
        conv('a', 'x', 'w.weight'),
        conv('b', 'a', 'third.weight'),
      ],
      initializers: [floats('w.weight', [3, 3, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9])],
    });
    expect(graph.nodes.map(({ inputs }) => inputs[1])).toEqual(['w.weight', 'w.weight']);
    expect(layersOf(graph).map(({ name }) => name)).toEqual(['w']);
  });

  it('with the attributes of every opset: axes and pads as attributes or as inputs', () => {
    const axes = (opset: number) =>
      read({
        opset,
        nodes: [
          opset < 18
            ? {
                opType: 'ReduceMean',
                input: ['x'],
                output: ['y'],
                attribute: [ints('axes', [2, 3])],
              }
            : { opType: 'ReduceMean', input: ['x', 'axes'], output: ['y'] },
        ],
        initializers: [integers('axes', [2, 3])],
      }).nodes;
    expect(axes(18)).toEqual(axes(13));
    const pads = [0, 0, 1, 1, 0, 0, 1, 1];
    const padded = (opset: number) =>
      read({
        opset,
        nodes: [
          opset < 11
            ? { opType: 'Pad', input: ['x'], output: ['y'], attribute: [ints('pads', pads)] }
            : { opType: 'Pad', input: ['x', 'pads', ''], output: ['y'] },
        ],
        initializers: [integers('pads', pads)],
      }).nodes;
    expect(padded(11)).toEqual(padded(10));
    expect(padded(11)[0]!.attributes).toEqual({ pads });
  });

  it('without optional inputs at the end that are left empty', () => {
    const node = read({
      nodes: [{ opType: 'Conv', input: ['x', 'w', ''], output: ['y'] }],
      initializers: [floats('w', [1, 3, 1, 1], [1, 2, 3])],
    }).nodes[0]!;
    expect(node.inputs).toEqual(['x', 'w']);
  });
});
