/**
 * The candidates of a run as columns. Rows arrive in any order (scoring and measuring overlap) and
 * keep their index for good; arrays double, so that appending stays cheap at 50,000 rows.
 */
import type { CandidateRow } from '../../preload/contract.ts';
import type { ScoreColumns } from './pareto.ts';

const missing = NaN;

export class CandidateColumns implements ScoreColumns {
  readonly rows: CandidateRow[] = [];
  zico = new Float64Array(256);
  zicoCapped = new Float64Array(256);
  bias = new Float64Array(256);
  latencyMs = new Float64Array(256);
  macs = new Float64Array(256);
  parameters = new Float64Array(256);
  /** One column a gene, in the order of the space's genes; there once the first row is. */
  genes: Float64Array[] = [];
  generation = new Int32Array(256);
  failed = 0;
  lastGeneration = 0;
  /** Of the largest network, evaluated or not: units are chosen by it. */
  readonly largest = { macs: 0, parameters: 0 };
  /** Of all latencies so far; Infinity without any. */
  fastestMs = Infinity;
  readonly #indexOf = new Map<number, number>();
  #contiguous = 0;

  get length(): number {
    return this.rows.length;
  }

  /** Every id from 1 up to this one is here. */
  get contiguous(): number {
    return this.#contiguous;
  }

  /** The highest id that is here. */
  get highest(): number {
    return this.#highest;
  }
  #highest = 0;

  /** Adds the rows that are new; answers how many that were. */
  append(rows: readonly CandidateRow[]): number {
    const before = this.length;
    for (const row of rows) if (!this.#indexOf.has(row.id)) this.#add(row);
    while (this.#indexOf.has(this.#contiguous + 1)) this.#contiguous++;
    return this.length - before;
  }

  index(id: number): number | undefined {
    return this.#indexOf.get(id);
  }

  row(id: number): CandidateRow | undefined {
    const index = this.#indexOf.get(id);
    return index === undefined ? undefined : this.rows[index];
  }

  #add(row: CandidateRow): void {
    const i = this.length;
    if (i === this.zico.length) this.#double();
    const evaluated = row.status === 'evaluated';
    this.rows.push(row);
    this.#indexOf.set(row.id, i);
    this.zico[i] = (evaluated ? row.zico : null) ?? missing;
    this.zicoCapped[i] = (evaluated ? row.zicoCapped : null) ?? missing;
    this.bias[i] = row.bias ?? missing;
    this.latencyMs[i] = (evaluated ? row.latencyMs : null) ?? missing;
    this.macs[i] = evaluated ? row.macs : missing;
    this.parameters[i] = evaluated ? row.parameters : missing;
    if (i === 0) this.genes = row.values.map(() => new Float64Array(this.zico.length));
    this.genes.forEach((column, gene) => (column[i] = row.values[gene] ?? missing));
    if (this.latencyMs[i] < this.fastestMs) this.fastestMs = this.latencyMs[i];
    this.largest.macs = Math.max(this.largest.macs, row.macs);
    this.largest.parameters = Math.max(this.largest.parameters, row.parameters);
    this.generation[i] = row.generation;
    if (!evaluated) this.failed++;
    this.lastGeneration = Math.max(this.lastGeneration, row.generation);
    this.#highest = Math.max(this.#highest, row.id);
  }

  #double(): void {
    this.zico = doubled(this.zico);
    this.zicoCapped = doubled(this.zicoCapped);
    this.bias = doubled(this.bias);
    this.latencyMs = doubled(this.latencyMs);
    this.macs = doubled(this.macs);
    this.parameters = doubled(this.parameters);
    this.genes = this.genes.map(doubled);
    const generation = new Int32Array(this.generation.length * 2);
    generation.set(this.generation);
    this.generation = generation;
  }
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
