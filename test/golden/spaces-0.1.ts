/** What a description says of its space: enough that no genotype, drawing or network could differ unnoticed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { generatorFor } from '../../main/random.ts';
import { spaceOf } from '../../main/space/index.ts';
import type { Genotype } from '../../main/space/space.ts';

const folder = new URL('spaces-0.1/', import.meta.url);
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));

/** Thirty descriptions as version 0.1 took them: its own, and others with everything that they could say. */
export const descriptions = read('descriptions.json') as readonly { readonly name: string }[];
/** What version 0.1 made of them, in the same order. */
export const answers = (): readonly unknown[] => read('answers.json') as unknown[];

const drawn = 12;
/** The zero of a cell has the name of a number of a formula since, so that files tell it from a parameter. */
const digest = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value).replaceAll('":zero', '"zero'))
    .digest('hex')
    .slice(0, 16);

/** Genotypes drawn, changed, joined, numbered and beside one another, and digests of what they decode to. */
export function answerOf(description: unknown): unknown {
  const space = spaceOf(description);
  const random = generatorFor('golden', space.name);
  const samples = Array.from({ length: drawn }, () => space.sample(random));
  const pairs = samples.map((one, i): readonly [Genotype, Genotype] => [one, samples.at(i - 1)!]);
  const graph = (genotype: Genotype, purpose: 'scoring' | 'deployment') => {
    const { inputs, nodes, outputs, initializers } = space.decode(genotype, purpose);
    return digest([inputs, nodes, outputs, [...initializers]]);
  };
  return {
    name: space.name,
    networks: space.networks,
    genes: space.genes,
    shapes: [space.scoringShape, space.inputShape],
    extents: [space.depth, space.width].map((one) => (one ? [one.unit, one.least, one.most] : null)),
    baselines: space.baselines.map(({ name, genotype }) => [name, genotype]),
    samples,
    mutants: samples.map((one) => space.mutate(one, random)),
    children: pairs.map(([one, other]) => space.crossover(one, other, random)),
    neighbours: samples.slice(0, 3).map((one) => digest(space.neighbours(one))),
    numbers: samples.map((one) => space.indexOf(one)),
    values: samples.map((one) => space.values(one)),
    json: space.toJson(samples[0]!),
    graphs: samples.slice(0, 4).map((one) => [graph(one, 'scoring'), graph(one, 'deployment')]),
    depths: samples.map((one) => [space.depth?.of(one) ?? null, space.width?.of(one) ?? null]),
    counts: samples.map((one) => {
      const { parameters, macs } = space.counts(one);
      return [parameters, macs];
    }),
  };
}
