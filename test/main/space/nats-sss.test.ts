import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../main/graph/graph.ts';
import { generatorFor } from '../../../main/random.ts';
import { summarise } from '../../../main/graph/summary.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';

const space = spaceNamed('nats-sss');
const table = path.join(
  import.meta.dirname,
  '../../../main/assets/nats-sss-table/test-accuracy-90-epochs.csv',
);
const networks = fc.nat({ max: space.networks - 1 }).map((index) => space.at(index));
const seeds = fc.nat().map((seed) => generatorFor('test', seed));

describe('every network of the space', () => {
  it('has the parameters and multiply-adds that NATS-Bench published', () => {
    const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
    expect(rows).toHaveLength(32_768);
    const different = rows.filter((row) => {
      const [index, arch, , , , parameters, flops] = row.split(',');
      const genotype = space.at(Number(index));
      const counted = summarise(space.decode(genotype));
      // The table counts the classifier's 10 biases among its FLOPs.
      return !(
        genotype === arch &&
        counted.parameters === Number(parameters) &&
        counted.macs + 10 === Number(flops)
      );
    });
    expect(different).toEqual([]);
  }, 60_000);

  it('is built as the paper draws it', () => {
    const layers = summarise(space.decode(space.parse('16:24:8:32:40'))).layers;
    expect(
      layers.map(({ height, width, channels, parameters }) => [
        height,
        width,
        channels,
        parameters,
      ]),
    ).toEqual([
      [32, 32, 16, 432],
      ...Array<number[]>(5).fill([32, 32, 16, 2304]),
      [16, 16, 24, 3456],
      [16, 16, 24, 5184],
      [16, 16, 24, 384],
      [16, 16, 8, 1728],
      [16, 16, 8, 1728],
      [16, 16, 8, 576],
      [16, 16, 8, 192],
      [16, 16, 8, 576],
      [16, 16, 8, 576],
      [8, 8, 32, 2304],
      [8, 8, 32, 9216],
      [8, 8, 32, 256],
      [8, 8, 40, 11520],
      [8, 8, 40, 11520],
      [8, 8, 40, 14400],
      [8, 8, 40, 1280],
      [8, 8, 40, 14400],
      [8, 8, 40, 14400],
      [1, 1, 10, 410],
    ]);
  });

  it('normalises where the paper does: after every convolution but the pooled shortcuts, and at the end', () => {
    const graph = space.decode(space.parse('16:24:8:32:40'));
    const count = (kind: Graph['nodes'][number]['kind']) =>
      graph.nodes.filter((node) => node.kind === kind).length;
    expect(count('BatchNormalization')).toBe(count('Conv') - 2 + 1);
    expect(count('AveragePool')).toBe(2);
    const stem = graph.nodes.findIndex((node) => node.name === 'stem.norm');
    const readers = graph.nodes.filter((node) =>
      node.inputs.includes(graph.nodes[stem]!.outputs[0]!),
    );
    // No ReLU in the stem: its output reaches the first cell's skip connection as it is.
    expect(readers.map((node) => node.kind).sort()).toEqual(['Add', 'Relu']);
  });
});

describe('genotypes', () => {
  it('survive a round trip through text, and stand for the values they name', () => {
    fc.assert(
      fc.property(networks, (genotype) => {
        expect(space.parse(genotype)).toBe(genotype);
        expect(space.values(genotype).join(':')).toBe(genotype);
      }),
    );
  });

  it('are numbered one to one', () => {
    const all = Array.from({ length: space.networks }, (_, i) => space.at(i));
    expect(new Set(all).size).toBe(32_768);
    expect(all.every((genotype, i) => space.indexOf(genotype) === i)).toBe(true);
    expect(all[1]).toBe('8:8:8:8:16');
    expect(() => space.at(32_768)).toThrow(RangeError);
    expect(() => space.at(-1)).toThrow(RangeError);
  });

  it.each([
    ['16:24:8:32', /has 4 genes/],
    ['16:24:8:32:40:8', /has 6 genes/],
    ['16:24:7:32:40', /c2 is "7", but must be one of 8, 16, 24/],
    ['16:24:8:32:72', /c4 is "72"/],
    ['016:24:8:32:40', /c0 is "016"/],
    ['16:24:8:32:', /c4 is ""/],
    ['16:24:8:32:4e1', /c4 is "4e1"/],
    ['', /has 1 gene,/],
  ])('"%s" is outside the space', (text, message) => {
    expect(() => space.parse(text)).toThrow(message);
    expect(() => space.parse(text)).toThrow(
      expect.objectContaining({ code: 'genotype-outside-space' }),
    );
  });
});

describe('what a search does with genotypes', () => {
  const inside = (genotype: Genotype) => space.parse(genotype) === genotype;

  it('mutation changes at least one gene and stays inside', () => {
    fc.assert(
      fc.property(networks, seeds, (genotype, random) => {
        const mutant = space.mutate(genotype, random);
        expect(mutant).not.toBe(genotype);
        expect(inside(mutant)).toBe(true);
      }),
    );
  });

  it('mutation reaches every value of every gene', () => {
    const random = generatorFor('reach');
    const reached = space.genes.map(() => new Set<number>());
    for (let i = 0; i < 1000; i++) {
      space
        .values(space.mutate(space.parse('8:8:8:8:8'), random))
        .forEach((v, g) => reached[g]!.add(v));
    }
    expect(reached.map((values) => values.size)).toEqual([8, 8, 8, 8, 8]);
  });

  it('crossover takes every gene from one of the parents', () => {
    fc.assert(
      fc.property(networks, networks, seeds, (first, second, random) => {
        const [a, b] = [space.values(first), space.values(second)];
        const child = space.values(space.crossover(first, second, random));
        expect(child.every((value, i) => value === a[i] || value === b[i])).toBe(true);
      }),
    );
  });

  it('samples are uniform over the space', () => {
    const random = generatorFor('uniform');
    const draws = 64_000;
    const counts = space.genes.map(() => new Map<number, number>());
    const pairs = new Map<string, number>();
    const count = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);
    for (let i = 0; i < draws; i++) {
      const values = space.values(space.sample(random));
      values.forEach((value, gene) => count(counts[gene]!, value));
      count(pairs, `${values[0]}:${values[4]}`);
    }
    const chiSquare = (map: Map<unknown, number>, cells: number) =>
      [...map.values()].reduce((sum, n) => sum + (n - draws / cells) ** 2 / (draws / cells), 0);
    for (const perValue of counts) expect(chiSquare(perValue, 8)).toBeLessThan(24.3); // 7 d.f., p = 0.001
    expect(pairs.size).toBe(64);
    expect(chiSquare(pairs, 64)).toBeLessThan(103.4); // 63 d.f., p = 0.001
  });

  it('the same seed gives the same network', () => {
    expect(space.sample(generatorFor('a', 1))).toBe(space.sample(generatorFor('a', 1)));
  });
});

describe('the registry', () => {
  it('knows no other names', () => {
    expect(() => spaceNamed('nats-tss')).toThrow(
      expect.objectContaining({ code: 'unknown-space' }),
    );
  });

  it('gives baselines that lie in their space', () => {
    expect(space.baselines.map(({ genotype }) => genotype)).toEqual(['64:64:64:64:64']);
    expect(summarise(space.baselines[0]!.decode()).parameters).toBe(713_674);
  });
});
