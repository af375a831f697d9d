/**
 * The candidates of a run as columns. They arrive in pages and in any order (scoring and measuring overlap) and
 * keep their index for good; arrays double, so that appending stays cheap at 50,000 rows. A row becomes an
 * object only where somebody looks at it.
 */
import type { CandidatePage, CandidateRow } from '../../preload/contract.ts';
import type { ScoreColumns } from './pareto.ts';

type Failure = NonNullable<CandidateRow['failure']>;

/** What a failed candidate has beside its genes. */
interface Failed {
  readonly failure: Failure;
  readonly macs: number;
  readonly parameters: number;
}

const first = 256;
/** Rows that stay objects: more than a screen shows. */
const mostKept = 512;

export class CandidateColumns implements ScoreColumns {
  length = 0;
  ids = new Int32Array(first);
  zico = new Float64Array(first);
  zicoCapped = new Float64Array(first);
  bias = new Float64Array(first);
  latencyMs = new Float64Array(first);
  /** NaN for what failed, as every measure; `sizeOf` knows those too. */
  macs = new Float64Array(first);
  parameters = new Float64Array(first);
  relativeDepth = new Float64Array(first);
  relativeWidth = new Float64Array(first);
  generation = new Int32Array(first);
  /** One column a gene, in the order of the space's genes; there once the first row is. */
  genes: Float64Array<ArrayBuffer>[] = [];
  lastGeneration = 0;
  /** Of the largest network, evaluated or not: units are chosen by it. */
  readonly largest = { macs: 0, parameters: 0 };
  /** Of all latencies so far; Infinity without any. */
  fastestMs = Infinity;
  /** The highest id that is here. */
  highest = 0;
  readonly #genotypes: string[] = [];
  readonly #failed = new Map<number, Failed>();
  /** Ids of parents, and for each candidate where its parents end. */
  #parents = new Int32Array(first);
  #parentEnds = new Int32Array(first);
  readonly #indexOf = new Map<number, number>();
  readonly #kept = new Map<number, CandidateRow>();
  #contiguous = 0;

  /** How many failed. */
  get failed(): number {
    return this.#failed.size;
  }

  /** Every id from 1 up to this one is here. */
  get contiguous(): number {
    return this.#contiguous;
  }

  /** Adds the rows that are new; answers how many that were. */
  append(page: CandidatePage): number {
    const before = this.length;
    const genotypes = page.ids.length === 0 ? [] : page.genotypes.split('\n');
    const failures = new Map(page.failures.map(({ index, failure }) => [index, failure]));
    let parents = 0;
    for (let k = 0; k < page.ids.length; k++) {
      const count = page.parentCounts[k];
      if (!this.#indexOf.has(page.ids[k])) {
        this.#add(page, k, genotypes[k], failures.get(k));
        this.#addParents(page.parents.subarray(parents, parents + count));
        this.length++;
      }
      parents += count;
    }
    while (this.#indexOf.has(this.#contiguous + 1)) this.#contiguous++;
    return this.length - before;
  }

  index(id: number): number | undefined {
    return this.#indexOf.get(id);
  }

  row(id: number): CandidateRow | undefined {
    const index = this.#indexOf.get(id);
    return index === undefined ? undefined : this.at(index);
  }

  isFailed(index: number): boolean {
    return this.#failed.has(index);
  }

  /** Of any candidate, evaluated or not. */
  sizeOf(index: number): { readonly macs: number; readonly parameters: number } {
    return (
      this.#failed.get(index) ?? { macs: this.macs[index], parameters: this.parameters[index] }
    );
  }

  /** The gene values of a candidate. */
  valuesOf(index: number): number[] {
    return this.genes.map((column) => column[index]);
  }

  /** The whole row of an index below `length`; the same object while it is looked at. */
  at(index: number): CandidateRow {
    const kept = this.#kept.get(index);
    if (kept) return kept;
    const row = this.#rowOf(index);
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(index, row);
    return row;
  }

  /** Ids of all candidates that have this one as a parent, rising. */
  childrenOf(id: number): number[] {
    const children: number[] = [];
    for (let i = 0; i < this.length; i++) {
      if (this.#parentsOf(i).includes(id)) children.push(this.ids[i]);
    }
    return children.sort((a, b) => a - b);
  }

  #parentsOf(index: number): Int32Array {
    return this.#parents.subarray(
      index === 0 ? 0 : this.#parentEnds[index - 1],
      this.#parentEnds[index],
    );
  }

  #rowOf(i: number): CandidateRow {
    const failed = this.#failed.get(i);
    return {
      id: this.ids[i],
      genotype: this.#genotypes[i],
      values: this.valuesOf(i),
      generation: this.generation[i],
      parents: [...this.#parentsOf(i)],
      ...this.#sizeIn(i),
      relativeDepth: orNull(this.relativeDepth[i]),
      relativeWidth: orNull(this.relativeWidth[i]),
      status: failed ? 'failed' : 'evaluated',
      zico: orNull(this.zico[i]),
      zicoCapped: orNull(this.zicoCapped[i]),
      bias: orNull(this.bias[i]),
      latencyMs: orNull(this.latencyMs[i]),
      failure: failed?.failure ?? null,
    };
  }

  #sizeIn(index: number): { macs: number; parameters: number } {
    const { macs, parameters } = this.sizeOf(index);
    return { macs, parameters };
  }

  #add(page: CandidatePage, k: number, genotype: string, failure: Failure | undefined): void {
    const i = this.length;
    if (i === this.ids.length) this.#double();
    const id = page.ids[k];
    const macs = page.macs[k];
    const parameters = page.parameters[k];
    this.#indexOf.set(id, i);
    this.#genotypes.push(genotype);
    this.ids[i] = id;
    this.generation[i] = page.generations[k];
    this.relativeDepth[i] = page.relativeDepth[k];
    this.relativeWidth[i] = page.relativeWidth[k];
    this.zico[i] = failure ? NaN : page.zico[k];
    this.zicoCapped[i] = failure ? NaN : page.zicoCapped[k];
    this.bias[i] = failure ? NaN : page.bias[k];
    this.latencyMs[i] = failure ? NaN : page.latencyMs[k];
    this.macs[i] = failure ? NaN : macs;
    this.parameters[i] = failure ? NaN : parameters;
    if (failure) this.#failed.set(i, { failure, macs, parameters });
    if (i === 0) {
      this.genes = Array.from({ length: page.genes }, () => new Float64Array(this.ids.length));
    }
    for (let gene = 0; gene < this.genes.length; gene++) {
      this.genes[gene][i] = page.values[k * page.genes + gene];
    }
    if (this.latencyMs[i] < this.fastestMs) this.fastestMs = this.latencyMs[i];
    this.largest.macs = Math.max(this.largest.macs, macs);
    this.largest.parameters = Math.max(this.largest.parameters, parameters);
    this.lastGeneration = Math.max(this.lastGeneration, this.generation[i]);
    this.highest = Math.max(this.highest, id);
  }

  /** Of the row that is being added. */
  #addParents(ids: Int32Array): void {
    const start = this.length === 0 ? 0 : this.#parentEnds[this.length - 1];
    const end = start + ids.length;
    while (end > this.#parents.length) this.#parents = doubled(this.#parents);
    this.#parents.set(ids, start);
    this.#parentEnds[this.length] = end;
  }

  #double(): void {
    this.ids = doubled(this.ids);
    this.zico = doubled(this.zico);
    this.zicoCapped = doubled(this.zicoCapped);
    this.bias = doubled(this.bias);
    this.latencyMs = doubled(this.latencyMs);
    this.macs = doubled(this.macs);
    this.parameters = doubled(this.parameters);
    this.relativeDepth = doubled(this.relativeDepth);
    this.relativeWidth = doubled(this.relativeWidth);
    this.generation = doubled(this.generation);
    this.#parentEnds = doubled(this.#parentEnds);
    this.genes = this.genes.map((column) => doubled(column));
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

function doubled<T extends Numbers>(array: T): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
  larger.set(array);
  return larger;
}
