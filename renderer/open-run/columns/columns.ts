/**
 * The candidates of a run as columns. They arrive in pages and in any order (scoring and measuring overlap) and
 * keep their index for good; arrays double, so that appending remains cheap at 50,000 rows. A row becomes an
 * object only where somebody looks at it.
 */
import { biasWays, type BiasWay } from '../../../main/common/zico-bc.ts';
import {
  basisOfStanding,
  isDoubtfulStanding,
  type LatencyBounds,
} from '../../../main/common/latency-bounds.ts';
import { proxyKeys, type ProxyKey } from '../../../main/common/proxies.ts';
import type { CandidatePage, PageRow, GivenZico } from '../../../preload/contract.ts';
import { CompactColumn } from './compact-column.ts';
import type { ScoreColumns } from '../ranking/pareto.ts';

type Failure = NonNullable<PageRow['failure']>;

/** What a failed candidate has besides its genes. */
interface Failed {
  readonly failure: Failure;
  readonly macs: number;
  readonly parameters: number;
}

const first = 256;
/** Rows that stay objects: more than a screen shows. */
const mostKept = 512;

/** By index, as `CandidatePage.latencyErrors`. */
interface LatencyErrors {
  readonly lowMs: Float64Array<ArrayBuffer>;
  readonly highMs: Float64Array<ArrayBuffer>;
  readonly standings: Uint8Array<ArrayBuffer>;
}

const unknownErrors = (length: number): LatencyErrors => ({
  lowMs: new Float64Array(length).fill(NaN),
  highMs: new Float64Array(length).fill(NaN),
  standings: new Uint8Array(length),
});

export class CandidateColumns implements ScoreColumns {
  length = 0;
  ids = new Int32Array(first);
  zico = new Float64Array(first);
  zicoCapped = new Float64Array(first);
  bias = new Float64Array(first);
  /** By key, of the proxies that were asked; NaN where one has no value. */
  readonly proxies = new Map<ProxyKey, Float64Array<ArrayBuffer>>();
  /** By the way of counting it; empty where the run is older than the choice. */
  readonly biases = new Map<BiasWay, Float64Array<ArrayBuffer>>();
  latencyMs = new Float64Array(first);
  /** Absent until a row has bounds of its latency. */
  #errors: LatencyErrors | null = null;
  /** NaN for what failed, as every measure; `sizeOf` knows those too. */
  macs = new Float64Array(first);
  parameters = new Float64Array(first);
  relativeDepth = new Float64Array(first);
  relativeWidth = new Float64Array(first);
  generation = new Int32Array(first);
  /** One column per gene, in the order of the space's genes; present once the first row is. */
  #genes: CompactColumn[] = [];
  lastGeneration = 0;
  /** Of the largest network, evaluated or not: units are chosen by it. */
  readonly largest = { macs: 0, parameters: 0 };
  /** Of all latencies so far; Infinity without any. */
  fastestMs = Infinity;
  /** Whether any candidate has a ZiCo: of runs that rank by other scores those that were given one. */
  anyZico = false;
  /** Incremented when a row that is here gets other values: what is kept of rows then is worthless. */
  changes = 0;
  /** The highest id that is here. */
  highest = 0;
  readonly #genotypes: string[] = [];
  readonly #failed = new Map<number, Failed>();
  /** Ids of parents, and for each candidate where its parents end. */
  #parents = new Int32Array(first);
  #parentEnds = new Int32Array(first);
  readonly #indexOf = new Map<number, number>();
  readonly #kept = new Map<number, PageRow>();
  #contiguous = 0;

  /** Values of a gene, by its place among the space's genes; none before the first row. */
  gene(index: number): ArrayLike<number> {
    return this.#genes[index]?.values ?? [];
  }

  /** How many failed. */
  get failed(): number {
    return this.#failed.size;
  }

  /** Every id from 1 up to this one is present. */
  get contiguous(): number {
    return this.#contiguous;
  }

  /** Makes room for that many at once, where it is known how many will come. */
  reserve(length: number): void {
    let room = this.ids.length;
    while (room < length) room *= 2;
    if (room > this.ids.length) this.#grow(room);
  }

  /** Adds the rows that are new; returns how many there were. */
  append(page: CandidatePage): number {
    const rows = newOnes(page, (id) => !this.#indexOf.has(id));
    const added = rows.length;
    if (added === 0) return 0;
    const from = this.length;
    const to = from + added;
    this.reserve(to);
    // A page whose rows are all new is copied column by column.
    const put = <T extends Numbers>(column: T, values: T): void => {
      if (added === page.ids.length) column.set(values, from);
      else for (let k = 0; k < added; k++) column[from + k] = values[rows[k]!]!;
    };
    put(this.ids, page.ids);
    put(this.generation, page.generations);
    put(this.zico, page.zico);
    put(this.zicoCapped, page.zicoCapped);
    put(this.bias, page.bias);
    this.#putSome(this.proxies, proxyKeys, page.proxies, put, to);
    this.#putSome(this.biases, biasWays, page.biases, put, to);
    put(this.latencyMs, page.latencyMs);
    this.#putErrors(page, put, to);
    put(this.macs, page.macs);
    put(this.parameters, page.parameters);
    put(this.relativeDepth, page.relativeDepth);
    put(this.relativeWidth, page.relativeWidth);
    this.#addGenes(page, rows);
    const genotypes = page.genotypes.split('\n');
    for (const k of rows) this.#genotypes.push(genotypes[k]!);
    this.#addParents(page, rows);
    this.#measure(from, to);
    this.#addFailures(page, rows);
    this.length = to;
    while (this.#indexOf.has(this.#contiguous + 1)) this.#contiguous++;
    return added;
  }

  /** Columns that only some runs, or pages, have; NaN where one has no value. */
  #putSome<Key extends string>(
    columns: Map<Key, Float64Array<ArrayBuffer>>,
    keys: readonly Key[],
    page: Partial<Record<Key, Float64Array>>,
    put: (column: Float64Array<ArrayBuffer>, values: Float64Array<ArrayBuffer>) => void,
    to: number,
  ): void {
    for (const key of keys) {
      const values = page[key];
      if (values === undefined && !columns.has(key)) continue;
      const column = columns.get(key) ?? new Float64Array(this.ids.length).fill(NaN);
      columns.set(key, column);
      if (values === undefined) column.fill(NaN, this.length, to);
      else put(column, values as Float64Array<ArrayBuffer>);
    }
  }

  #putErrors(
    { latencyErrors: page }: CandidatePage,
    put: <T extends Numbers>(column: T, values: T) => void,
    to: number,
  ): void {
    if (page === undefined && this.#errors === null) return;
    const { lowMs, highMs, standings } = (this.#errors ??= unknownErrors(this.ids.length));
    if (page === undefined) {
      // Arrays double, so that what lies behind the rows may be anything.
      for (const column of [lowMs, highMs]) column.fill(NaN, this.length, to);
      standings.fill(0, this.length, to);
      return;
    }
    put(lowMs, page.lowMs);
    put(highMs, page.highMs);
    put(standings, page.standings);
  }

  /** How far the latency of a candidate may be off; null where that is not known. */
  latencyBounds(index: number): LatencyBounds | null {
    const basis = basisOfStanding(this.#errors?.standings[index] ?? 0);
    if (this.#errors === null || basis === null) return null;
    return { lowMs: this.#errors.lowMs[index]!, highMs: this.#errors.highMs[index]!, basis };
  }

  /** True where the latency never became steady, or is an estimate outside of what was measured. */
  isLatencyDoubtful(index: number): boolean {
    return isDoubtfulStanding(this.#errors?.standings[index] ?? 0);
  }

  /** Whether any latency has bounds. */
  get anyLatencyError(): boolean {
    return this.#errors !== null;
  }

  /** Puts the ZiCo that a candidate was given into its row. */
  setZico(id: number, { zico, zicoCapped, bias, biases }: GivenZico): void {
    const index = this.#indexOf.get(id);
    if (index === undefined) return;
    this.zico[index] = zico;
    this.zicoCapped[index] = zicoCapped;
    this.bias[index] = bias;
    for (const way of biasWays) {
      const counted = biases[way];
      if (counted === undefined) continue;
      const column = this.biases.get(way) ?? new Float64Array(this.ids.length).fill(NaN);
      column[index] = counted;
      this.biases.set(way, column);
    }
    this.#kept.delete(index);
    this.anyZico = true;
    this.changes++;
  }

  index(id: number): number | undefined {
    return this.#indexOf.get(id);
  }

  row(id: number): PageRow | undefined {
    const index = this.#indexOf.get(id);
    return index === undefined ? undefined : this.at(index);
  }

  isFailed(index: number): boolean {
    return this.#failed.has(index);
  }

  /** Of any candidate, evaluated or not. */
  sizeOf(index: number): { readonly macs: number; readonly parameters: number } {
    return (
      this.#failed.get(index) ?? { macs: this.macs[index]!, parameters: this.parameters[index]! }
    );
  }

  genotypeOf(index: number): string {
    return this.#genotypes[index]!;
  }

  /** The gene values of a candidate. */
  valuesOf(index: number): number[] {
    return this.#genes.map(({ values }) => values[index]!);
  }

  /** The whole row of an index below `length`; the same object while it is looked at. */
  at(index: number): PageRow {
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
      if (this.#parentsOf(i).includes(id)) children.push(this.ids[i]!);
    }
    return children.sort((a, b) => a - b);
  }

  #parentsOf(index: number): Int32Array {
    return this.#parents.subarray(
      index === 0 ? 0 : this.#parentEnds[index - 1],
      this.#parentEnds[index],
    );
  }

  #rowOf(i: number): PageRow {
    const failed = this.#failed.get(i);
    return {
      id: this.ids[i]!,
      genotype: this.#genotypes[i]!,
      values: this.valuesOf(i),
      generation: this.generation[i]!,
      parents: [...this.#parentsOf(i)],
      ...this.#sizeIn(i),
      relativeDepth: orNull(this.relativeDepth[i]!),
      relativeWidth: orNull(this.relativeWidth[i]!),
      status: failed ? 'failed' : 'evaluated',
      zico: orNull(this.zico[i]!),
      zicoCapped: orNull(this.zicoCapped[i]!),
      bias: orNull(this.bias[i]!),
      proxies: failed ? {} : this.#proxiesOf(i),
      biases: failed ? {} : this.#biasesOf(i),
      latencyMs: orNull(this.latencyMs[i]!),
      latencyBounds: this.latencyBounds(i),
      latencyDoubtful: this.isLatencyDoubtful(i),
      failure: failed?.failure ?? null,
    };
  }

  #proxiesOf(index: number): PageRow['proxies'] {
    const said = [...this.proxies].map(([key, values]) => [key, orNull(values[index]!)] as const);
    return Object.fromEntries(said);
  }

  #biasesOf(index: number): PageRow['biases'] {
    const known = [...this.biases].filter(([, values]) => !Number.isNaN(values[index]!));
    return Object.fromEntries(known.map(([way, values]) => [way, values[index]!]));
  }

  #sizeIn(index: number): { macs: number; parameters: number } {
    const { macs, parameters } = this.sizeOf(index);
    return { macs, parameters };
  }

  #addGenes(page: CandidatePage, rows: Int32Array): void {
    const { genes, values } = page;
    if (this.length === 0) {
      this.#genes = Array.from({ length: genes }, () => new CompactColumn(this.ids.length));
    }
    const ofGene = new Float64Array(rows.length);
    this.#genes.forEach((column, gene) => {
      for (let k = 0; k < rows.length; k++) ofGene[k] = values[rows[k]! * genes + gene]!;
      column.put(this.length, ofGene);
    });
  }

  #addParents({ parents, parentCounts }: CandidatePage, rows: Int32Array): void {
    let start = 0; // of the parents of row k of the page
    let next = 0;
    let end = this.length === 0 ? 0 : this.#parentEnds[this.length - 1]!;
    while (end + parents.length > this.#parents.length) this.#parents = grown(this.#parents, 2);
    for (let k = 0; k < parentCounts.length && next < rows.length; k++) {
      const count = parentCounts[k]!;
      if (rows[next] === k) {
        for (let p = 0; p < count; p++) this.#parents[end++] = parents[start + p]!;
        this.#parentEnds[this.length + next++] = end;
      }
      start += count;
    }
  }

  /** What is known of all rows together, with those that were added. */
  #measure(from: number, to: number): void {
    const { largest } = this;
    for (let i = from; i < to; i++) {
      this.#indexOf.set(this.ids[i]!, i);
      if (this.latencyMs[i]! < this.fastestMs) this.fastestMs = this.latencyMs[i]!;
      if (this.macs[i]! > largest.macs) largest.macs = this.macs[i]!;
      if (this.parameters[i]! > largest.parameters) largest.parameters = this.parameters[i]!;
      if (this.generation[i]! > this.lastGeneration) this.lastGeneration = this.generation[i]!;
      if (this.ids[i]! > this.highest) this.highest = this.ids[i]!;
      if (!Number.isNaN(this.zico[i]!)) this.anyZico = true;
    }
  }

  #addFailures({ failures }: CandidatePage, rows: Int32Array): void {
    for (const { index, failure } of failures) {
      const k = rows.indexOf(index);
      if (k < 0) continue;
      const i = this.length + k;
      this.#failed.set(i, { failure, macs: this.macs[i]!, parameters: this.parameters[i]! });
      this.macs[i] = this.parameters[i] = NaN;
    }
  }

  /** @param room a multiple of the present size */
  #grow(room: number): void {
    const times = room / this.ids.length;
    this.ids = grown(this.ids, times);
    this.zico = grown(this.zico, times);
    this.zicoCapped = grown(this.zicoCapped, times);
    this.bias = grown(this.bias, times);
    for (const [key, values] of this.proxies) this.proxies.set(key, grown(values, times));
    for (const [way, values] of this.biases) this.biases.set(way, grown(values, times));
    this.latencyMs = grown(this.latencyMs, times);
    this.#errors &&= {
      lowMs: grown(this.#errors.lowMs, times),
      highMs: grown(this.#errors.highMs, times),
      standings: grown(this.#errors.standings, times),
    };
    this.macs = grown(this.macs, times);
    this.parameters = grown(this.parameters, times);
    this.relativeDepth = grown(this.relativeDepth, times);
    this.relativeWidth = grown(this.relativeWidth, times);
    this.generation = grown(this.generation, times);
    this.#parentEnds = grown(this.#parentEnds, times);
    for (const column of this.#genes) column.grow(room);
  }
}

/** Places in the page of the rows that are wanted. */
function newOnes({ ids }: CandidatePage, wanted: (id: number) => boolean): Int32Array {
  const rows = new Int32Array(ids.length);
  let n = 0;
  for (let k = 0; k < ids.length; k++) if (wanted(ids[k]!)) rows[n++] = k;
  return rows.subarray(0, n);
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

type Numbers = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

function grown<T extends Numbers>(array: T, times: number): T {
  const larger = new (array.constructor as new (length: number) => T)(array.length * times);
  larger.set(array);
  return larger;
}
