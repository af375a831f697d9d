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
