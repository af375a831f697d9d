import { describe, expect, it } from 'vitest';
import { architectureOf } from '../../../main/analysis/architecture.ts';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { builtInSpaces, spaceNamed } from '../../../main/space/index.ts';

const nats = spaceNamed('nats-sss');
const natsGraph = nats.decode(nats.parse('8:16:24:32:40'));

describe.each(builtInSpaces().map((space) => [space.name, space] as const))(
  'a network of %s as boxes',
  (name, space) => {
    const graph = space.decode(space.sample(generatorFor(name)));
    const nodes = architectureOf(graph);

    it('has every layer once, with all of its parameters and MACs', () => {
      const { layers } = summarise(graph);
      expect(nodes.flatMap(({ layer }) => layer ?? [])).toEqual(layers.map((one) => one.name));
      const macs = nodes.reduce((sum, node) => sum + node.macs, 0);
      expect(macs).toBe(layers.reduce((sum, layer) => sum + layer.macs, 0));
    });

    it('is in topological order, and each box but the input reads another one', () => {
      const seen = new Set<string>();
      for (const { id, inputs } of nodes) {
        for (const input of inputs) expect(seen).toContain(input);
        expect(seen).not.toContain(id);
        seen.add(id);
      }
      expect(nodes.slice(1).every(({ inputs }) => inputs.length > 0)).toBe(true);
      expect(nodes[0]).toMatchObject({ title: 'input', inputs: [] });
    });

    it('gives every box a stage, and begins with the stem', () => {
      const stages = [...new Set(nodes.map(({ stage }) => stage))];
      expect(stages[0]).toBe('input');
      expect(stages[1]).toBe('stem');
      expect(stages).toContain('stage1');
      expect(stages).not.toContain('body');
    });

    it('has no arrow from a later stage back to an earlier one', () => {
      const stages = [...new Set(nodes.map(({ stage }) => stage))];
      const placeOf = new Map(nodes.map(({ id, stage }) => [id, stages.indexOf(stage)]));
      const back = nodes.filter(({ id, inputs }) =>
        inputs.some((input) => placeOf.get(input)! > placeOf.get(id)!),
      );
      expect(back).toEqual([]);
    });
  },
);

it('draws normalisation and activation into the layer they follow', () => {
  const [, stem] = architectureOf(natsGraph);
  expect(stem).toMatchObject({
    id: 'stem.conv',
    title: 'conv 3×3',
    also: ['batch norm', 'ReLU'],
    shape: [8, 32, 32],
  });
});

it('joins two paths in a box of its own, in the stage that they end', () => {
  const nodes = architectureOf(natsGraph);
  const joins = nodes.filter(({ title }) => title === 'add');
  expect(joins.length).toBeGreaterThan(4);
  for (const { inputs, stage } of joins) {
    expect(inputs).toHaveLength(2);
    expect(stage).toMatch(/^stage/);
  }
});

it('counts the pool before the classifier to the head, and names SiLU as one thing', () => {
  const space = spaceNamed('efficientnet');
  const nodes = architectureOf(space.decode(space.sample(generatorFor('boxes'))));
  const pool = nodes.find(({ title }) => title === 'global average pool');
  expect(pool?.stage).toBe('head');
  expect(nodes.some(({ also }) => also.includes('SiLU'))).toBe(true);
  expect(nodes.some(({ also }) => also.includes('sigmoid'))).toBe(false);
});

describe('the head of a segmentation network', () => {
  const space = spaceNamed('segmentation-macro');
  const nodesOf = (genotype: string) => architectureOf(space.decode(space.parse(genotype)));
  const lastShape = (nodes: ReturnType<typeof nodesOf>, stage: string) =>
    nodes.findLast((node) => node.stage === stage)!.shape;

  it.each([
    ['four stages', 'ffnet/-:-:-:-:-/48:7/128:5/192:12/320:7/hrnet', 688],
    ['the branches of HRNet', 'hrnet/18:4:1:3:4/-:-/-:-/-:-/-:-/hrnet', 270],
  ])('takes what it enlarges and joins out of %s', (_of, genotype, channels) => {
    const nodes = nodesOf(genotype);
    const [joined, ...others] = nodes.filter(({ title }) => title === 'concat');
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ stage: 'head', shape: [channels, ...joined!.shape.slice(1)] });
    for (const id of joined!.inputs) {
      const read = nodes.find((node) => node.id === id)!;
      if (read.title === 'resize') expect(read.stage).toBe('head');
    }
  });

  it('leaves each stage what it ends with', () => {
    const nodes = nodesOf('ffnet/-:-:-:-:-/48:7/128:5/192:12/320:7/hrnet');
    expect([1, 2, 3, 4].map((n) => lastShape(nodes, `stage${n}`)[0])).toEqual([48, 128, 192, 320]);
  });

  it('counts what leads to a stage of HRNet to that stage, and its exchanges too', () => {
    const nodes = nodesOf('hrnet/30:2:2:2:2/-:-/-:-/-:-/-:-/up-b');
    expect([...new Set(nodes.map(({ stage }) => stage))]).toEqual([
      ...['input', 'stem', 'stage1', 'stage2', 'stage3', 'stage4', 'head'],
    ]);
    expect(nodes.find(({ layer }) => layer === 'transition.1.2.conv')?.stage).toBe('stage3');
    expect(nodes.some(({ stage, title }) => stage === 'stage4' && title === 'resize')).toBe(true);
  });
});
