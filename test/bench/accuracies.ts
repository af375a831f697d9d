/** Spaces of which all accuracies are known: NATS-Bench's size space, and cells of NAS-Bench-201 from a CSV. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { knownAccuracies } from '../../main/benchmark/known-accuracies.ts';
import { readAccuracyTable } from '../../main/benchmark/accuracy-table.ts';
import type { Size } from '../../main/search/size.ts';
import { spaceNamed } from '../../main/space/index.ts';
import type { Genotype, Space } from '../../main/space/space.ts';
import { countsOf } from '../../main/workbench/size-of.ts';
import { createToySpace } from '../support/toy-space.ts';

export interface KnownSpace {
  readonly space: Space;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly genotype: Genotype; readonly accuracies: readonly number[] }[];
  readonly sizeOf: (genotype: Genotype) => Size;
}

export async function natsSizes(): Promise<KnownSpace> {
  const space = spaceNamed('nats-sss');
  const assets = path.resolve(import.meta.dirname, '../../main/assets');
  const { rows, columns } = await readAccuracyTable(knownAccuracies(space.name, assets), space);
  const sizes = new Map(rows.map(({ genotype }) => [genotype, countsOf(space, genotype)]));
  return { space, rows, columns, sizeOf: (genotype) => sizes.get(genotype)! };
}

const operations = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];

/**
 * Six edges with one of five operations each, which have no order.
 * @param file columns index, arch, accuracies, params..., macs...
 */
export function cells(file: string): KnownSpace {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const columns = head.split(',').slice(2, -2);
  const sizes = new Map<Genotype, Size>();
  const rows = lines.map((line) => {
    const [, arch = '', ...numbers] = line.split(',');
    const edges = arch.match(/\w+~\d/g) ?? [];
    const genotype = edges
      .map((edge) => operations.indexOf(edge.slice(0, -2)) + 1)
      .join('-') as Genotype;
    const [macs = 0, parameters = 0] = numbers.map(Number).reverse();
    sizes.set(genotype, { parameters, macs });
    return { genotype, accuracies: numbers.slice(0, -2).map(Number) };
  });
  const toy = createToySpace(6, operations.length);
  const genes = toy.genes.map((gene) => ({ ...gene, labels: operations }));
  return { space: { ...toy, genes }, columns, rows, sizeOf: (genotype) => sizes.get(genotype)! };
}
