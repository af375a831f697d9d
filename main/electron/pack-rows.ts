/** Packs rows into the columns that a page takes. */
import type { CandidatePage, PageRow } from '../../preload/contract.ts';
import { latencyStanding } from '../common/latency-bounds.ts';
import { biasWays } from '../common/zico-bc.ts';
import { proxyKeys } from '../common/proxies.ts';

const doubles = (length: number) => new Float64Array(length);

/** @param rows of one space, in id order */
export function packRows(rows: readonly PageRow[]): CandidatePage {
  const { length } = rows;
  const genes = rows[0]?.values.length ?? 0;
  const parents: number[] = [];
  const page: Omit<CandidatePage, 'parents' | 'genotypes'> = {
    ...{ ids: new Int32Array(length), generations: new Int32Array(length) },
    ...{ genes, values: doubles(length * genes), parentCounts: new Int32Array(length) },
    ...{ parameters: doubles(length), macs: doubles(length) },
    ...{ relativeDepth: doubles(length), relativeWidth: doubles(length) },
    ...{ zico: doubles(length), zicoCapped: doubles(length), bias: doubles(length) },
    ...{ proxies: {}, biases: {}, latencyMs: doubles(length), failures: [] },
  };
  // One loop over all columns, because opening a long run waits for this.
  for (let i = 0; i < length; i++) {
    const row = rows[i]!;
    page.ids[i] = row.id;
    page.generations[i] = row.generation;
    page.values.set(row.values, i * genes);
    page.parentCounts[i] = row.parents.length;
    for (const parent of row.parents) parents.push(parent);
    page.parameters[i] = row.parameters;
    page.macs[i] = row.macs;
    page.relativeDepth[i] = row.relativeDepth ?? NaN;
    page.relativeWidth[i] = row.relativeWidth ?? NaN;
    page.zico[i] = row.zico ?? NaN;
    page.zicoCapped[i] = row.zicoCapped ?? NaN;
    page.bias[i] = row.bias ?? NaN;
    for (const key of proxyKeys) {
      const value = row.proxies[key];
      if (value === undefined) continue;
      (page.proxies[key] ??= doubles(length).fill(NaN))[i] = value ?? NaN;
    }
    for (const way of biasWays) {
      const bias = row.biases[way];
      if (bias !== undefined) (page.biases[way] ??= doubles(length).fill(NaN))[i] = bias;
    }
    page.latencyMs[i] = row.latencyMs ?? NaN;
    const { latencyBounds: bounds, latencyDoubtful: doubtful } = row;
    if (bounds !== null || doubtful) {
      const errors = (page.latencyErrors ??= unknownErrors(length));
      errors.lowMs[i] = bounds?.lowMs ?? NaN;
      errors.highMs[i] = bounds?.highMs ?? NaN;
      errors.standings[i] = latencyStanding(bounds, doubtful);
    }
    if (row.failure) page.failures.push({ index: i, failure: row.failure });
  }
  return {
    ...page,
    parents: Int32Array.from(parents),
    genotypes: rows.map(({ genotype }) => genotype).join('\n'),
  };
}

const unknownErrors = (length: number) => ({
  lowMs: doubles(length).fill(NaN),
  highMs: doubles(length).fill(NaN),
  standings: new Uint8Array(length),
});
