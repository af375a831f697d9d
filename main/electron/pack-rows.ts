/** Rows as columns. As the page takes them. */
import type { CandidatePage, CandidateRow } from '../../preload/contract.ts';

/** @param rows of one space, in id order */
export function packRows(rows: readonly CandidateRow[]): CandidatePage {
  const genes = rows[0]?.values.length ?? 0;
  const values = new Float64Array(rows.length * genes);
  rows.forEach((row, i) => values.set(row.values, i * genes));
  const doubles = (of: (row: CandidateRow) => number | null): Float64Array<ArrayBuffer> =>
    Float64Array.from(rows, (row) => of(row) ?? NaN);
  return {
    ids: Int32Array.from(rows, ({ id }) => id),
    generations: Int32Array.from(rows, ({ generation }) => generation),
    genotypes: rows.map(({ genotype }) => genotype).join('\n'),
    genes,
    values,
    parents: Int32Array.from(rows.flatMap(({ parents }) => parents)),
    parentCounts: Int32Array.from(rows, ({ parents }) => parents.length),
    parameters: doubles(({ parameters }) => parameters),
    macs: doubles(({ macs }) => macs),
    relativeDepth: doubles(({ relativeDepth }) => relativeDepth),
    relativeWidth: doubles(({ relativeWidth }) => relativeWidth),
    zico: doubles(({ zico }) => zico),
    zicoCapped: doubles(({ zicoCapped }) => zicoCapped),
    bias: doubles(({ bias }) => bias),
    latencyMs: doubles(({ latencyMs }) => latencyMs),
    failures: rows.flatMap(({ failure }, index) => (failure ? [{ index, failure }] : [])),
  };
}
