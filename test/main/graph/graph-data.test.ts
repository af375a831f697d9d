import { describe, expect, it } from 'vitest';
import { graphData, graphOfData, type GraphData } from '../../../main/graph/graph-data.ts';
import { builtInSpaces } from '../../../main/space/index.ts';
import { generatorFor } from '../../../main/random.ts';

const networks = builtInSpaces().map((space) =>
  space.decode(space.sample(generatorFor('graph data', space.name))),
);
const asJson = (data: GraphData) => JSON.parse(JSON.stringify(data)) as GraphData;

describe('a graph as JSON', () => {
  it('comes back as it was', () => {
    for (const graph of networks) {
      const again = graphOfData(asJson(graphData(graph)));
      expect(JSON.stringify(graphData(again))).toBe(JSON.stringify(graphData(graph)));
      expect([...again.initializers.keys()]).toEqual([...graph.initializers.keys()]);
    }
  });

  it('keeps numbers to the bit', () => {
    const data = Float32Array.of(0.1, -0, 1e-42, 3e38);
    const graph = {
      name: 'numbers',
      inputs: [{ name: 'x', shape: [null, 4], type: 'float32' as const }],
      outputs: ['y'],
      nodes: [
        { name: 'add', kind: 'Add' as const, inputs: ['x', 'b'], outputs: ['y'], attributes: {} },
      ],
      initializers: new Map([['b', { shape: [4], values: { kind: 'data' as const, data } }]]),
    };
    const values = graphOfData(asJson(graphData(graph))).initializers.get('b')!.values;
    expect(
      values.kind === 'data' && [...values.data].map((one, i) => Object.is(one, data[i])),
    ).toEqual([true, true, true, true]);
  });

  const broken: [string, (data: GraphData) => void][] = [
    ['an unknown operator', (data) => void (data.nodes[0]!.kind = 'Rm' as never)],
    ['a value that nobody makes', (data) => void (data.nodes[3]!.inputs[0] = 'nowhere')],
    [
      'a value that is made twice',
      (data) => void (data.nodes[1]!.outputs = data.nodes[0]!.outputs),
    ],
    ['an output that is not there', (data) => void (data.outputs[0] = 'nowhere')],
    ['shapes that do not fit', (data) => void (data.initializers[0]![1].shape = [7, 7, 1, 1])],
    ['attributes that are missing', (data) => void (data.nodes[0]!.attributes = {})],
    [
      'a size beyond every memory',
      (data) => void (data.inputs[0]!.shape = [null, 3, 2 ** 30, 2 ** 30]),
    ],
    ['no list', (data) => void ((data as { nodes: unknown }).nodes = 3)],
  ];
  it.each(broken)('is refused with %s', (_what, breakIt) => {
    const data = asJson(graphData(networks[0]!));
    breakIt(data);
    expect(() => graphOfData(data)).toThrowError(
      expect.objectContaining({ code: 'network-damaged' }),
    );
  });
});
