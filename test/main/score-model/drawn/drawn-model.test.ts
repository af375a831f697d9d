import { rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DrawnModel } from '../../../../main/score-model/drawn/drawn-model.ts';
import { mostDrawnNodes } from '../../../../main/score-model/drawn/outline.ts';
import { factBins, tensorFacts } from '../../../../main/score-model/drawn/tensor-facts.ts';
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
import { code, testFolder } from '../../task/folder.ts';

const folder = testFolder();

async function drawn(model: ForeignModel): Promise<DrawnModel> {
  return DrawnModel.read(await folder.put('m.onnx', encodeForeign(model)));
}

const weight = Array.from({ length: 4 * 3 * 3 * 3 }, (_, i) => (i - 54) / 54);
/** A convolution, a join, and one operator more. */
const withEnd = (end: object, more: Partial<ForeignModel> = {}): ForeignModel => ({
  nodes: [
    {
      ...{ opType: 'Conv', name: 'stem', input: ['x', 'w'], output: ['a'] },
      attribute: [
        ints('kernel_shape', [3, 3]),
        ints('pads', [1, 1, 1, 1]),
        text('auto_pad', 'NOTSET'),
      ],
    },
    { opType: 'Relu', name: '', input: ['a'], output: ['b'] },
    { opType: 'Add', name: 'join', input: ['a', 'b'], output: ['c'] },
    { ...end, input: ['c'], output: ['y'] },
  ],
  initializers: [floats('w', [4, 3, 3, 3], weight)],
  input: [null, 3, 8, 8],
  ...more,
});
const scorable = withEnd({ opType: 'Sigmoid', name: 'end' });

describe('a model as a graph', () => {
  it('has its inputs, operators and outputs, who reads whom, and shapes of two images', async () => {
    const { graph } = await drawn(scorable);
    expect(graph).toMatchObject({ file: 'm.onnx', parameters: weight.length, refusal: null });
    expect(graph.boxes.map(({ kind, title, from }) => [kind, title, from])).toEqual([
      ['input', 'x', []],
      ['operator', 'Conv', [0]],
      ['operator', 'Relu', [1]],
      ['operator', 'Add', [1, 2]],
      ['operator', 'Sigmoid', [3]],
      ['output', 'y', [4]],
    ]);
    expect(graph.boxes[1]).toMatchObject({
      ...{ name: 'stem', shape: '2 x 4 x 8 x 8', parameters: weight.length },
    });
    // As errors call a node that the file gives no name.
    expect(graph.boxes[2]!.name).toBe('Relu_1');
  });

  it('tells the reason why it cannot be scored at the node at fault', async () => {
    const model = await drawn(withEnd({ opType: 'Mystery', name: 'odd' }));
    expect(model.graph.refusal).toMatchObject({
      report: {
        code: 'unsupported-operator',
        message: expect.stringContaining('Mystery') as string,
      },
      box: 4,
    });
    // What was read before it keeps its shapes.
    expect(model.graph.boxes[3]!.shape).toBe('2 x 4 x 8 x 8');
    expect(model.graph.boxes[4]!.shape).toBe('');
  });

  it('tells it where no gradient goes through an operator, at a node without a name too', async () => {
    const { graph } = await drawn({
      nodes: [
        { opType: 'Conv', input: ['x', 'w'], output: ['a'] },
        { opType: 'LSTM', input: ['a', 'w', 'w'], output: ['y'] },
      ],
      initializers: [floats('w', [4, 3, 1, 1], weight.slice(0, 12))],
      input: [null, 3, 8, 8],
    });
    expect(graph.refusal?.report.message).toContain('LSTM');
    expect(graph.refusal?.box).toBe(2);
  });

  it('says that there is nothing to score', async () => {
    const nodes = [{ opType: 'Relu', name: 'r', input: ['x'], output: ['y'] }];
    const { graph } = await drawn({ nodes, input: [null, 3, 8, 8] });
    expect(graph.refusal).toMatchObject({ report: { code: 'no-layers' }, box: null });
  });

  it('draws a constant as an input of what reads it, and tells its reason there', async () => {
    const { graph } = await drawn({
      nodes: [
        {
          opType: 'Constant',
          name: 'k',
          output: ['k'],
          attribute: [{ name: 'value', type: 4, t: integers('', [-1, 4]) }],
        },
        { opType: 'Reshape', name: 'flat', input: ['x', 'k'], output: ['y'] },
      ],
      input: [null, 3, 8, 8],
    });
    expect(graph.boxes.map(({ title }) => title)).toEqual(['x', 'Reshape', 'y']);
  });

  it('looks at a node closely: attributes, weights as a histogram, values', async () => {
    const model = await drawn(scorable);
    const node = model.node(1);
    expect(node.attributes).toEqual([
      { name: 'kernel_shape', value: '[3, 3]' },
      { name: 'pads', value: '[1, 1, 1, 1]' },
      { name: 'auto_pad', value: 'NOTSET' },
    ]);
    const [x, w] = node.inputs;
    expect(x).toMatchObject({ name: 'x', facts: null });
    expect(x!.shape).toContain('x 3 x 8 x 8');
    expect(w).toMatchObject({ name: 'w', shape: 'float32 4 x 3 x 3 x 3', unread: null });
    expect(w!.facts).toMatchObject({ count: 108, seen: 108, least: -1, notFinite: 0 });
    expect(w!.facts!.bins.reduce((sum, n) => sum + n, 0)).toBe(108);
    expect(model.node(0).outputs[0]!.name).toBe('x');
    expect(model.node(5).inputs[0]!.name).toBe('y');
    expect(() => model.node(99)).toThrow(code('unknown-box'));
  });

  it('shows weights of bytes, and says why others cannot be read', async () => {
    const external = {
      ...{ name: 'gone', dims: [2], dataType: DataType.FLOAT },
      dataLocation: DataLocation.EXTERNAL,
      externalData: [{ key: 'location', value: 'gone.bin' }],
    };
    const bytes = {
      ...{ name: 'q', dims: [3], dataType: DataType.INT8 },
      rawData: new Uint8Array(Int8Array.of(-128, 0, 127).buffer),
    };
    const model = await drawn({
      nodes: [{ opType: 'Mystery', name: 'n', input: ['x', 'q', 'gone'], output: ['y'] }],
      initializers: [bytes, external],
      input: [null, 3],
    });
    const [, q, gone] = model.node(1).inputs;
    expect(q!.facts!.values).toEqual([-128, 0, 127]);
    expect(gone).toMatchObject({
      facts: null,
      unread: expect.stringContaining('gone.bin') as string,
    });
  });

  it('notices that its file was changed', async () => {
    const model = await drawn(scorable);
    expect(model.current).toBe(true);
    const file = path.join(folder.path, 'm.onnx');
    await utimes(file, 5, 5);
    expect(model.current).toBe(false);
    await rm(file);
    expect(model.current).toBe(false);
  });
});

describe('bad model files', () => {
  it('of more nodes than can be drawn are refused with their number', async () => {
    const nodes = Array.from({ length: 100_000 }, (_, i) => ({
      ...{ opType: 'Relu', name: `n${i}`, input: [i === 0 ? 'x' : `v${i - 1}`], output: [`v${i}`] },
    }));
    await expect(drawn({ nodes, input: [null, 3, 8, 8], output: 'v99999' })).rejects.toMatchObject({
      code: 'graph-too-large',
      message: 'm.onnx has 100,000 nodes; up to 20,000 are drawn.',
    });
  });

  it('of names of 10,000 characters are drawn with names that fit', async () => {
    const long = 'n'.repeat(10_000);
    const model = await drawn(
      withEnd({ opType: long, name: long, attribute: [text(long, long), int('i', 3)] }),
    );
    const box = model.graph.boxes[4]!;
    expect([box.title, box.name].map(({ length }) => length)).toEqual([201, 201]);
    expect(model.graph.refusal?.box).toBe(4);
    const { attributes } = model.node(4);
    expect(attributes[0]!.name.length + attributes[0]!.value.length).toBeLessThan(1000);
    expect(attributes[1]).toEqual({ name: 'i', value: '3' });
  });

  it('that are none are refused as such', async () => {
    const file = path.join(folder.path, 'none.onnx');
    await writeFile(file, 'nothing');
    await expect(DrawnModel.read(file)).rejects.toEqual(code('not-onnx'));
    await expect(DrawnModel.read(path.join(folder.path, 'gone.onnx'))).rejects.toEqual(
      code('file-not-found'),
    );
  });

  it('of nodes in a circle, or that read what nobody makes, are drawn all the same', async () => {
    const { graph } = await drawn({
      nodes: [
        { opType: 'Add', name: 'a', input: ['x', 'w'], output: ['v'] },
        { opType: 'Relu', name: 'b', input: ['v'], output: ['w'] },
        { opType: 'Relu', name: 'c', input: ['nothing'], output: ['y'] },
      ],
      input: [null, 3, 8, 8],
    });
    expect(graph.boxes).toHaveLength(5);
    expect(graph.refusal).not.toBeNull();
  });

  it('of the most nodes that are drawn are', async () => {
    expect(mostDrawnNodes).toBeGreaterThan(5000);
  });
});

describe('what numbers are like', () => {
  it('counts every finite one once, and the others apart', () => {
    const facts = tensorFacts([
      ...Array.from({ length: 97 }, (_, i) => i),
      NaN,
      Infinity,
      -Infinity,
    ]);
    expect(facts).toMatchObject({ count: 100, least: 0, most: 96, notFinite: 3, values: [] });
    expect(facts.mean).toBeCloseTo(48);
    expect(facts.deviation).toBeCloseTo(Math.sqrt((97 ** 2 - 1) / 12), 9);
    expect(facts.zeros).toBeCloseTo(1 / 97);
    expect(facts.bins).toHaveLength(factBins);
    expect(facts.bins.reduce((sum, n) => sum + n, 0)).toBe(97);
  });

  it('looks at evenly spread ones of many', () => {
    const facts = tensorFacts(new Float32Array(3 * 2 ** 20).fill(2));
    expect(facts).toMatchObject({ count: 3 * 2 ** 20, seen: 2 ** 20, least: 2, most: 2, bins: [] });
  });

  it('has no extremes where no number is finite', () => {
    expect(tensorFacts([NaN])).toMatchObject({
      least: 0,
      most: 0,
      mean: 0,
      notFinite: 1,
      bins: [],
    });
    expect(tensorFacts([])).toMatchObject({ count: 0, values: [] });
  });
});
