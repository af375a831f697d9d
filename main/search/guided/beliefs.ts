/**
 * What a guided search believes about networks: a Gaussian process for each part of the score, and for the latency
 * where it is measured, fitted to the results that are known. A function of the proposals and their results.
 */
import { medianOfSorted } from '../../common/order-statistics.ts';
import { averageRanks } from '../../common/rank-correlation.ts';
import type { Genotype, Space } from '../../space/space.ts';
import type { Size } from '../size.ts';
import { encodingOf, type Encoding } from './encoding.ts';
import { Field, FieldColumn } from './field.ts';
import { fitted } from './fit.ts';
import { priorOf, type Features, type Hyperparameters } from './kernel.ts';
import { ruleOf, type ModelFit, type Rule } from './rules.ts';
import { Slice, type Sliced } from './slices.ts';
import { standardised } from './standardised.ts';

/** A part of the score that a model learns; the score is their weighted sum. */
export interface ScorePart {
  readonly weight: number;
  /** Learnt by the ranks of its values among the results that are known, 1 for the least. */
  readonly ranked?: boolean;
}

export interface BeliefOptions {
  readonly space: Space;
  readonly summarise: (genotype: Genotype) => Size;
  readonly parts: readonly ScorePart[];
  /** Of the rule by which networks are proposed; the first one unless stated. */
  readonly revision?: number;
  /** Leaves out the process: the estimate is then a polynomial. */
  readonly smooth?: boolean;
  /** Null where the cost is MACs. */
  readonly latency: object | null;
}

/** The outcome of a proposal; null where it failed. */
export type ProposalResult = {
  /** In the order of `GuideOptions.parts`. */
  readonly parts: readonly number[];
  readonly latencyMs: number | null;
  /** Of the logarithm of the latency, about what it would be the next time; null where nobody knows. */
  readonly latencyDeviation?: number | null;
} | null;

/** The most rows that a model keeps; beyond that, those far from the front make room. */
const mostRows = 400;
/** How often a search for hyperparameters evaluates the likelihood. */
const evaluations = 12;
/** The same for a single search that starts from nothing. */
const surveyEvaluations = 60;
/** The most results that hyperparameters are fitted to. */
const mostFitted = 160;
/** Networks whose sizes and features are kept for the next fit; beyond that, all are forgotten. */
const mostKnown = 20_000;

/** What no fit changes. */
interface Known {
  readonly size: Size;
  readonly features: Features;
}

export interface Entry extends Known {
  readonly genotype: Genotype;
  /** One per part of the score, then one for the latency where that is measured. */
  readonly columns: readonly FieldColumn[];
}

/** What is believed about a network. */
export interface Belief {
  readonly score: { readonly mean: number; readonly deviation: number };
  /** Logarithm of MACs or of milliseconds. */
  readonly cost: { readonly mean: number; readonly deviation: number };
}

export class Beliefs {
  readonly rule: Rule;
  readonly #options: BeliefOptions;
  #encoding: Encoding | null = null;
  #thetas: Hyperparameters[] = [];
  /** The latest fit, and the results to which the hyperparameters were fitted. */
  #fit: ModelFit = { number: 0, results: 0 };
  #fields: readonly Field[] = [];
  /** The variance that measuring adds to a latency whose result is not here yet, as the cost's field counts it. */
  #usualVariance = 0;
  /** The proposal's position, for each row. */
  #rows: number[] = [];
  readonly #entries = new Map<Genotype, Entry>();
  readonly #known = new Map<Genotype, Known>();
  #renewals = 0;

  constructor(options: BeliefOptions) {
    this.#options = options;
    this.rule = ruleOf(options.revision ?? 1);
  }

  get fit(): ModelFit {
    return this.#fit;
  }

  /** How often everything was forgotten that hangs on the hyperparameters, entries included. */
  get renewals(): number {
    return this.#renewals;
  }

  /** What is believed of the proposals after these results, in their order. */
  *at(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<readonly Belief[]> {
    yield* this.#prepare(proposed, results);
    const tried = yield* this.extended(proposed.map((genotype) => this.entry(genotype)));
    return tried.map((entry) => this.of(entry));
  }

  /** Finds hyperparameters for just these results: of beliefs that nothing was asked of before. */
  *fitToAll(proposed: readonly Genotype[], results: readonly ProposalResult[]): Sliced<void> {
    yield* this.#fitted(proposed, results, surveyEvaluations);
    this.#fit = { number: 1, results: results.length };
  }

  /** Score and cost of any network, without their deviations; nothing of it is kept. After `at`. */
  expected(genotype: Genotype): { readonly score: number; readonly cost: number } {
    const size = this.#options.summarise(genotype);
    const features = this.#encoding!.encode(genotype, size);
    const means = this.#fields.map((field) => field.meanOf(features));
    const cost = this.#options.latency === null ? costOf(size) : means.at(-1)!;
    return { score: this.#weighted(means), cost };
  }

  /** Covariances of the networks' scores, as far as they are known, row by row. */
  *covariance(networks: readonly Genotype[]): Sliced<Float64Array> {
    const entries = yield* this.extended(networks.map((genotype) => this.entry(genotype)));
    const slice = new Slice();
    const n = entries.length;
    const matrix = new Float64Array(n * n);
    for (const [f, { weight }] of this.#options.parts.entries()) {
      const field = this.#fields[f]!;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const [a, b] = [entries[i]!.columns[f]!, entries[j]!.columns[f]!];
          matrix[i * n + j]! += weight * weight * field.covariance(a, b);
        }
        if (slice.full(n * (30 + field.rows))) yield;
      }
    }
    return matrix;
  }

  /** How networks are encoded; worked out when first needed. */
  *#encoded(): Sliced<Encoding> {
    if (this.#encoding !== null) return this.#encoding;
    const { space, summarise, parts, latency } = this.#options;
    const encoding = yield* encodingOf(space, summarise);
    const quantities = parts.length + (latency === null ? 0 : 1);
    this.#thetas = Array.from(
      { length: quantities },
      () => priorOf(encoding, this.#options.smooth).mean,
    );
    this.#encoding = encoding;
    return encoding;
  }

  /** Brings hyperparameters and rows to the state that these results imply, whatever was asked before. */
  *#prepare(proposed: readonly Genotype[], results: readonly ProposalResult[]): Sliced<void> {
    const encoding = yield* this.#encoded();
    let renewed = this.#fields.length === 0;
    for (;;) {
      const due = this.rule.nextFit(this.#fit.results);
      if (due > results.length) break;
      yield* this.#fitted(proposed, results.slice(0, due));
      this.#fit = { number: this.#fit.number + 1, results: due };
      renewed = true;
    }
    if (renewed) yield* this.#renew(encoding, proposed, results.slice(0, this.#fit.results));
    const known = new Set(this.#rows);
    for (let i = 0; i < proposed.length; i++) {
      if (known.has(i) || i < this.#fit.results) continue;
      for (const [f, field] of this.#fields.entries()) {
        const variance = this.#isCost(f) ? this.#usualVariance : 0;
        yield* field.add([this.entry(proposed[i]!).columns[f]!.features], [variance]);
      }
      this.#rows.push(i);
    }
    const all = this.#valuesOf(results);
    const values = this.#rows.filter((i) => i < results.length).map((i) => all[i]!);
    for (const [f, field] of this.#fields.entries()) {
      const known = values.map((row) => row[f]!);
      field.observe(this.#bounded(known, f));
    }
  }

  /** Brings the hyperparameters up to these results. */
  *#fitted(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
    most = evaluations,
  ): Sliced<void> {
    const all = this.#valuesOf(results);
    const deviations = this.#deviationsOf(results);
    const usable = results.flatMap((result, i) => (result === null ? [] : [{ i }]));
    const encoding = yield* this.#encoded();
    if (usable.length < 3) return;
    const every = Math.max(1, usable.length / mostFitted);
    const some = Array.from(
      { length: Math.min(usable.length, mostFitted) },
      (_, k) => usable[Math.floor(k * every)]!,
    );
    for (let f = 0; f < this.#thetas.length; f++) {
      const networks = some.map(({ i }) => this.entry(proposed[i]!).columns[f]!.features);
      const known = some.map(({ i }) => all[i]![f]!);
      const values = this.#bounded(known, f) as readonly number[];
      const variances = this.#isCost(f) ? some.map(({ i }) => deviations[i]! ** 2) : null;
      const observations = { networks, values, variances };
      this.#thetas[f] = yield* fitted(
        this.#thetas[f]!,
        observations,
        encoding,
        most,
        priorOf(encoding, this.#options.smooth),
      );
    }
  }

  /** New hyperparameters make the existing rows and columns worthless. */
  *#renew(
    encoding: Encoding,
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<void> {
    this.#fields = this.#thetas.map((theta) => new Field(theta, encoding));
    this.#entries.clear();
    if (this.#known.size > mostKnown) this.#known.clear();
    this.#rows = this.#kept(results);
    const values = this.#valuesOf(results);
    const deviations = this.#deviationsOf(results);
    for (const [f, field] of this.#fields.entries()) {
      const networks = this.#rows.map((i) => this.entry(proposed[i]!).columns[f]!.features);
      let variances: readonly number[] | undefined;
      if (this.#isCost(f)) {
        const known = this.#rows.map((i) => values[i]![f]!).filter((value) => value !== null);
        const { scale } = standardised(known);
        variances = this.#rows.map((i) => (deviations[i]! / scale) ** 2);
        this.#usualVariance = medianOf(variances);
      }
      yield* field.add(networks, variances);
    }
    this.#renewals++;
  }

  /** Whether a field is that of a latency whose errors this search's rule knows of. */
  #isCost(f: number): boolean {
    return this.rule.knowsErrors && f === this.#options.parts.length;
  }

  /** How far measured latencies scatter, by result; where it is not known, as the others do. */
  #deviationsOf(results: readonly ProposalResult[]): readonly number[] {
    const known = results.flatMap((result) => result?.latencyDeviation ?? []);
    const usual = medianOf(known);
    return results.map((result) => result?.latencyDeviation ?? usual);
  }

  /** Rows that are worth keeping: all of them, or the best and the latest. */
  #kept(results: readonly ProposalResult[]): number[] {
    const all = results.map((_, i) => i);
    if (all.length <= mostRows) return all;
    // Every k-th of the older ones, all of the latest half.
    const latest = all.slice(-mostRows / 2);
    const older = all.slice(0, -mostRows / 2);
    const step = older.length / (mostRows / 2);
    const some = Array.from({ length: mostRows / 2 }, (_, k) => older[Math.floor(k * step)]!);
    return [...some, ...latest];
  }

  /** Scores only: a cost that is far from others is one to know. */
  #bounded(values: readonly (number | null)[], part: number): readonly (number | null)[] {
    return part < this.#options.parts.length ? this.rule.bounded(values) : values;
  }

  /** What the fields learn of each result: parts of the score, then the logarithm of the latency. */
  #valuesOf(results: readonly ProposalResult[]): readonly (readonly (number | null)[])[] {
    const { parts, latency } = this.#options;
    const scored = results.filter((result) => result !== null);
    const ranks = parts.map(({ ranked = false }, f) =>
      ranked ? averageRanks(scored.map((result) => result.parts[f]!)) : null,
    );
    let next = 0;
    return results.map((result) => {
      if (result === null) return [...parts.map(() => null), null];
      const place = next++;
      const values = parts.map((_, f) => ranks[f]?.[place] ?? result.parts[f]!);
      if (latency === null) return values;
      const { latencyMs } = result;
      return [...values, latencyMs === null ? null : Math.log(Math.max(latencyMs, 1e-9))];
    });
  }

  /** The network as the fields see it, kept until they are renewed. After `at`. */
  entry(genotype: Genotype): Entry {
    const known = this.#entries.get(genotype);
    if (known !== undefined) return known;
    const { size, features } = this.#knownOf(genotype);
    const columns = this.#thetas.map(() => new FieldColumn(features));
    const entry = { genotype, size, features, columns };
    this.#entries.set(genotype, entry);
    return entry;
  }

  /** Whether nothing has to be counted to look at the network. */
  knows(genotype: Genotype): boolean {
    return this.#known.has(genotype);
  }

  #knownOf(genotype: Genotype): Known {
    const earlier = this.#known.get(genotype);
    if (earlier !== undefined) return earlier;
    const size = this.#options.summarise(genotype);
    const known = { size, features: this.#encoding!.encode(genotype, size) };
    this.#known.set(genotype, known);
    return known;
  }

  /** Has the fields look at networks, so that `of` can say what is believed of them. */
  *extended(entries: readonly Entry[]): Sliced<readonly Entry[]> {
    const slice = new Slice();
    for (const [f, field] of this.#fields.entries()) {
      for (const work of field.extendAll(entries.map(({ columns }) => columns[f]!))) {
        if (slice.full(work)) yield;
      }
    }
    return entries;
  }

  /** The score that parts make up. */
  #weighted(parts: readonly number[]): number {
    return this.#options.parts.reduce((sum, { weight }, f) => sum + weight * parts[f]!, 0);
  }

  /** What is believed of a network that was given to `extended`. */
  of({ columns, size }: Entry): Belief {
    const { parts, latency } = this.#options;
    const mean = this.#weighted(parts.map((_, f) => this.#fields[f]!.mean(columns[f]!)));
    const variance = parts.reduce(
      (sum, { weight }, f) => sum + (weight * this.#fields[f]!.deviation(columns[f]!)) ** 2,
      0,
    );
    const score = { mean, deviation: Math.sqrt(variance) };
    if (latency === null) return { score, cost: { mean: costOf(size), deviation: 0 } };
    const [field, column] = [this.#fields[parts.length]!, columns[parts.length]!];
    return { score, cost: { mean: field.mean(column), deviation: field.deviation(column) } };
  }
}

/** Logarithm of the MACs. */
function costOf({ macs }: Size): number {
  return Math.log(Math.max(macs, 1));
}

/** 0 of none. */
function medianOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : medianOfSorted(values.toSorted((a, b) => a - b));
}
