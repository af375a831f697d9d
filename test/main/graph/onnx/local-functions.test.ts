import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../../main/graph/graph.ts';
import { readOnnx } from '../../../../main/graph/onnx/read.ts';
import { AttributeType, encodeForeign, floats, int } from '../../../support/foreign-onnx.ts';

const { onnx } = onnxProto;
type Fields = onnxProto.onnx.IFunctionProto;

/** Bytes of a field with a length (https://protobuf.dev/programming-guides/encoding). */
function field(number: number, content: Uint8Array): number[] {
  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
  return [...varint(number * 8 + 2), ...varint(content.length), ...content];
}

const leaky = (value?: number) => ({
  name: 'alpha',
  type: AttributeType.FLOAT,
  ...(value === undefined ? { refAttrName: 'slope' } : { f: value }),
});

const defaultSlope = onnx.AttributeProto.encode({
  ...{ name: 'slope', type: AttributeType.FLOAT, f: 0.25 },
}).finish();

/** Functions behind the bytes of a model. A default is a field that the library does not know. */
const withFunctions = (model: Uint8Array, functions: readonly Fields[], defaults?: Uint8Array) =>
  Uint8Array.from([
    ...model,
    ...functions.flatMap((one) => {
      const bytes = onnx.FunctionProto.encode({ domain: 'own', ...one }).finish();
      return field(25, Uint8Array.from([...bytes, ...(defaults ? field(11, defaults) : [])]));
    }),
  ]);

const activation: Fields = {
  ...{ name: 'Act', input: ['a'], output: ['b'], attribute: ['slope'] },
  node: [{ opType: 'LeakyRelu', input: ['a'], output: ['b'], attribute: [leaky()] }],
};
const block: Fields = {
  ...{ name: 'Block', input: ['a', 'w', 'bias'], output: ['b'] },
  node: [
    { opType: 'Conv', name: 'conv', input: ['a', 'w', 'bias'], output: ['inner'] },
    { opType: 'Act', domain: 'own', input: ['inner'], output: ['b'] },
  ],
};

/** Two blocks, the second without a bias. */
const called = encodeForeign({
  initializers: [
    floats('w1', [3, 3, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    floats('b1', [3], [1, 2, 3]),
  ],
  nodes: [
    ...[{ opType: 'Block', domain: 'own', name: 'one', input: ['x', 'w1', 'b1'], output: ['m'] }],
    { opType: 'Block', domain: 'own', name: 'two', input: ['m', 'w1'], output: ['y'] },
  ],
});

const kinds = ({ nodes }: Graph) => nodes.map(({ kind, name }) => `${kind} ${name}`);

describe('functions of a model’s own', () => {
  it('are spelled out where they are called, also functions in functions', () => {
    const graph = readOnnx(withFunctions(called, [block, activation], defaultSlope), 'model');
    expect(kinds(graph)).toEqual([
      ...['Conv one/conv', 'LeakyRelu one/Act/LeakyRelu'],
      ...['Conv two/conv', 'LeakyRelu two/Act/LeakyRelu'],
    ]);
    expect(graph.nodes[0]!.inputs).toEqual(['x', 'w1', 'b1']);
    expect(graph.nodes[2]!.inputs.slice(0, 2)).toEqual(['m', 'w1']);
    expect(graph.outputs).toEqual(['y']);
  });

  it.each([
    ['what the call says', 0.5, defaultSlope, 0.5],
    ['else what the function says', undefined, defaultSlope, 0.25],
    ['else what the operator says', undefined, undefined, 0.01],
  ])('have as attributes %s', (_what, given, defaults, expected) => {
    const attribute = given === undefined ? [] : [{ ...leaky(given), name: 'slope' }];
    const model = encodeForeign({
      nodes: [{ opType: 'Act', domain: 'own', input: ['x'], output: ['y'], attribute }],
    });
    const { nodes } = readOnnx(withFunctions(model, [activation], defaults), 'model');
    expect(nodes[0]!.attributes).toMatchObject({ alpha: expect.closeTo(expected, 6) as number });
  });

  it('stay calls, and are refused as such, where they are of another opset', () => {
    const other = { ...activation, opsetImport: [{ domain: '', version: 9 }] };
    expect(() => readOnnx(withFunctions(called, [block, other]), 'model')).toThrow(
      expect.objectContaining({ code: 'unsupported-operator' }),
    );
  });

  it('stay calls where several have one name, which overloads tell apart', () => {
    const call = encodeForeign({
      nodes: [{ opType: 'Act', domain: 'own', input: ['x'], output: ['y'] }],
    });
    const second = { ...activation, node: [{ opType: 'Relu', input: ['a'], output: ['b'] }] };
    expect(() => readOnnx(withFunctions(call, [activation, second]), 'model')).toThrow(
      expect.objectContaining({
        code: 'unsupported-operator',
        message: expect.stringContaining('own.Act') as string,
      }),
    );
  });

  it.each([
    ['what they take', ['a', 'b']],
    ['one value twice', ['b', 'b']],
  ])('may give %s', (_what, output) => {
    const graph = readOnnx(
      withFunctions(
        encodeForeign({
          nodes: [
            { opType: 'Relu', input: ['x'], output: ['first'] },
            { opType: 'Two', domain: 'own', input: ['first'], output: ['one', 'other'] },
            { opType: 'Sub', input: ['one', 'other'], output: ['y'] },
          ],
        }),
        [
          {
            ...{ name: 'Two', input: ['a'], output },
            node: [{ opType: 'Exp', input: ['a'], output: ['b'] }],
          },
        ],
      ),
      'model',
    );
    const makerOf = (value: string): string => {
      const { kind, inputs } = graph.nodes.find(({ outputs }) => outputs[0] === value)!;
      return kind === 'Identity' ? makerOf(inputs[0]!) : kind;
    };
    const difference = graph.nodes.find(({ kind }) => kind === 'Sub')!;
    expect(difference.inputs.map(makerOf)).toEqual([output[0] === 'a' ? 'Relu' : 'Exp', 'Exp']);
    expect(graph.nodes.find(({ kind }) => kind === 'Exp')!.inputs.map(makerOf)).toEqual(['Relu']);
  });

  it('are refused where they call themselves', () => {
    const endless = { ...activation, node: [{ ...block.node![1]!, input: ['a'] }] };
    expect(() => readOnnx(withFunctions(called, [block, endless]), 'model')).toThrow(
      'The function "Act" of model calls itself.',
    );
  });

  it('are refused where a few bytes make more nodes than a network has', () => {
    const doubling = Array.from({ length: 40 }, (_, i) => ({
      ...{ name: `F${i}`, input: ['a'], output: ['b'] },
      node: [0, 1].map((k) => ({
        ...{ opType: i === 39 ? 'Relu' : `F${i + 1}`, domain: i === 39 ? '' : 'own' },
        ...{ input: [k === 0 ? 'a' : 'c'], output: [k === 0 ? 'c' : 'b'] },
        attribute: [int('unused', k)],
      })),
    }));
    const model = encodeForeign({
      nodes: [{ opType: 'F0', domain: 'own', input: ['x'], output: ['y'] }],
    });
    expect(() => readOnnx(withFunctions(model, doubling), 'model')).toThrow(
      expect.objectContaining({ code: 'model-too-large' }),
    );
  });
});
