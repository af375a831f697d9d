/**
 * Which network a guided search tries next: the one that is expected to add most to the front of the estimates.
 * Proposal i is a function of (seed, proposals before it, results of proposals 1 to i - L).
 */
import { generatorFor } from '../../random.ts';
import type { Genotype, Space } from '../../space/space.ts';
import type { Size } from '../size.ts';
import { encodingOf, type Encoding } from './encoding.ts';
import {
  areaBelow,
  cannotGain,
  expectedGain,
  frontSteps,
  normalShare,
  type FrontSteps,
} from './expected-gain.ts';
import { FieldColumn, Field } from './field.ts';
import { fitted } from './fit.ts';
import { priorOf, type Features, type Hyperparameters } from './kernel.ts';
import { Rising } from './rising.ts';
import { ruleOf, type ModelFit, type Rule } from './rules.ts';
import { Slice, type Sliced } from './slices.ts';
import { averageRanks } from '../../common/rank-correlation.ts';

/** A part of the score that a model learns; the score is their weighted sum. */
export interface ScorePart {
  readonly weight: number;
  /** Learnt by the ranks of its values among the results that are known, 1 for the least. */
  readonly ranked?: boolean;
}

export interface GuideOptions {
  readonly space: Space;
  readonly seed: number;
  readonly summarise: (genotype: Genotype) => Size;
  readonly excess: (genotype: Genotype) => number;
  /** Asked of a network that would be proposed: false where it is beyond a limit that `excess` cannot see. */
  readonly allowed?: (genotype: Genotype) => boolean;
  readonly parts: readonly ScorePart[];
  /** Of the rule by which networks are proposed; the first one unless stated. */
  readonly revision?: number;
  /** Leaves out the process: the estimate is then a polynomial. */
  readonly smooth?: boolean;
  /** Null where the cost is MACs; else the most milliseconds allowed, Infinity where there is no limit. */
  readonly latency: { readonly maxMs: number } | null;
}

/** The outcome of a proposal; null where it failed. */
export type ProposalResult = {
  /** In the order of `GuideOptions.parts`. */
  readonly parts: readonly number[];
  readonly latencyMs: number | null;
} | null;

/** The largest number of neighbours of a network of the front that are looked at. */
const neighboursOfOne = 40;
/** The most rows that a model keeps; beyond that, those far from the front make room. */
const mostRows = 400;
/** How often a search for hyperparameters evaluates the likelihood. */
const evaluations = 12;
/** The same for a single search that starts from nothing. */
const surveyEvaluations = 60;
/** The most results that hyperparameters are fitted to. */
const mostFitted = 160;
/** The cost of counting and reading a network, in multiplications. */
const counting = 60_000;

/** Networks whose sizes and features are kept for the next fit; beyond that, all are forgotten. */
const mostKnown = 20_000;

/** What no fit changes. */
interface Known {
  readonly size: Size;
  readonly features: Features;
}

interface Entry extends Known {
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

export interface Surveyed extends Belief {
  readonly genotype: Genotype;
}

export interface Survey {
  /** In the order of the proposals. */
  readonly tried: readonly Belief[];
  /** Of the others, those that score more than all cheaper ones, in ascending order of cost. */
  readonly others: readonly Surveyed[];
  /** Covariances of the networks' scores, as far as they are known, row by row. */
  readonly covariance: (networks: readonly Genotype[]) => Sliced<Float64Array>;
}

export class Guide {
  readonly #options: GuideOptions;
  #encoding: Encoding | null = null;
  #thetas: Hyperparameters[] = [];
  readonly #rule: Rule;
  /** The latest fit, and the results to which the hyperparameters were fitted. */
  #fit: ModelFit = { number: 0, results: 0 };
  #fields: readonly Field[] = [];
  /** The proposal's position, for each row. */
  #rows: number[] = [];
  /** Null until a proposal needs it after a fit. */
  #pool: readonly Entry[] | null = null;
  readonly #entries = new Map<Genotype, Entry>();
  readonly #known = new Map<Genotype, Known>();
  /** Of networks of the front, until the next fit. */
  readonly #neighbours = new Map<Genotype, readonly Genotype[]>();
  #gainShare: number | null = null;

  constructor(options: GuideOptions) {
    this.#options = options;
    this.#rule = ruleOf(options.revision ?? 1);
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

  /**
   * What the latest proposal was expected to add to the front's hypervolume, as a share of it; null where there
   * was no proposal, or no front yet.
   */
  get gainShare(): number | null {
    return this.#gainShare;
  }

  /**
   * @param proposed genotypes of all proposals so far, in order
   * @param results of the first of them, as many as it may look at
   * @returns null where nothing new was found that meets the limits
   */
  *propose(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<Genotype | null> {
    const taken = new Set(proposed);
    const beliefs = yield* this.#believe(proposed, results);
    const steps = this.#steps(beliefs, results);
    const front = this.#frontOf(beliefs);
    const candidates = new Map((yield* this.#pooled()).map((entry) => [entry.genotype, entry]));
    const slice = new Slice();
    for (const { place } of front) {
      for (const neighbour of this.#near(proposed[place]!)) {
        if (taken.has(neighbour) || candidates.has(neighbour)) continue;
        if (slice.full(this.#entries.has(neighbour) ? 100 : counting)) yield;
        candidates.set(neighbour, this.#entry(neighbour));
      }
    }
    const entries = (yield* this.#extended([...candidates.values()])).filter(
      ({ genotype }) => !taken.has(genotype),
    );
    let best = yield* this.#best(entries, steps, () => true);
    // Limits that only a graph tells take a millisecond a network, and the best one nearly always meets them.
    if (best !== null && !this.#meetsLimits(best.entry.genotype)) {
      best = yield* this.#best(entries, steps, ({ genotype }) => this.#meetsLimits(genotype));
    }
    const area = areaBelow(steps);
    this.#gainShare = best === null || area <= 0 ? null : best.gain / area;
    return best?.entry.genotype ?? null;
  }

  /** The network that is expected to gain most, the first of equal ones, among those that may be chosen. */
  *#best(
    entries: readonly Entry[],
    steps: FrontSteps,
    may: (entry: Entry) => boolean,
  ): Sliced<{ readonly entry: Entry; readonly gain: number } | null> {
    const slice = new Slice();
    let best: { readonly entry: Entry; readonly gain: number } | null = null;
    for (const entry of entries) {
      if (slice.full(1_000)) yield;
      const belief = this.#belief(entry);
      if (best !== null && cannotGain(steps, belief.cost.mean, belief.score, best.gain)) continue;
      const gain = this.#gain(steps, belief);
      if (best !== null && gain <= best.gain) continue;
      if (may(entry)) best = { entry, gain };
    }
    return best;
  }

  /**
   * The front of the estimates of everything proposed, from cheapest to most expensive. Arguments as for
   * `propose`.
   */
  *front(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<readonly { readonly place: number; readonly score: number; readonly cost: number }[]> {
    return this.#frontOf(yield* this.#believe(proposed, results));
  }

  /**
   * What is believed of networks after all results, with hyperparameters found for just these when it is asked
   * first: of a guide that has proposed nothing, always with the same results.
   * @param candidates networks beside those proposed, millions of them; those beyond a limit are left out
   */
  *survey(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
    candidates: Iterable<Genotype>,
  ): Sliced<Survey> {
    const encoding = yield* this.#encoded();
    if (this.#fields.length === 0) {
      yield* this.#fitted(proposed, results, surveyEvaluations);
      this.#fit = { number: 1, results: results.length };
    }
    const tried = yield* this.#believe(proposed, results);
    const slice = new Slice();
    const { excess, summarise, latency } = this.#options;
    const most = latency === null ? Infinity : Math.log(latency.maxMs);
    const taken = new Set(proposed);
    const best = new Rising<Genotype>();
    for (const genotype of candidates) {
      if (taken.has(genotype) || excess(genotype) > 0) continue;
      // None of it is kept: a whole space would not fit into memory.
      const size = summarise(genotype);
      const { cost, score } = this.#expected(encoding.encode(genotype, size), size);
      if (cost <= most) best.add({ cost, score, of: genotype });
      if (slice.full(counting)) yield;
    }
    const entries = yield* this.#extended(best.rising().map(({ of }) => this.#entry(of)));
    const others = entries.map((entry) => ({ genotype: entry.genotype, ...this.#belief(entry) }));
    return { tried, others, covariance: (networks) => this.#covariance(networks) };
  }

  /**
   * Predicts networks after all results, with hyperparameters found for just these: to be asked once, of a guide
   * that has proposed nothing. Costs are logarithms.
   */
  *predictor(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<(genotype: Genotype) => { readonly score: number; readonly cost: number }> {
    const encoding = yield* this.#encoded();
    yield* this.#fitted(proposed, results, surveyEvaluations);
    this.#fit = { number: 1, results: results.length };
    yield* this.#believe(proposed, results);
    const { summarise } = this.#options;
    return (genotype) => {
      const size = summarise(genotype);
      return this.#expected(encoding.encode(genotype, size), size);
    };
  }

  /** Score and cost without their deviations. */
  #expected(features: Features, size: Size): { readonly score: number; readonly cost: number } {
    const means = this.#fields.map((field) => field.meanOf(features));
    const cost = this.#options.latency === null ? costOf(size) : means.at(-1)!;
    return { score: this.#weighted(means), cost };
  }

  *#covariance(networks: readonly Genotype[]): Sliced<Float64Array> {
    const entries = yield* this.#extended(networks.map((genotype) => this.#entry(genotype)));
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

  *#believe(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<readonly Belief[]> {
    yield* this.#prepare(proposed, results);
    const tried = yield* this.#extended(proposed.map((genotype) => this.#entry(genotype)));
    return tried.map((entry) => this.#belief(entry));
  }

  #meetsLimits(genotype: Genotype): boolean {
    const { excess, allowed } = this.#options;
    return excess(genotype) === 0 && (allowed?.(genotype) ?? true);
  }

  /** Brings hyperparameters and rows to the state that these results imply, whatever was asked before. */
  *#prepare(proposed: readonly Genotype[], results: readonly ProposalResult[]): Sliced<void> {
    const encoding = yield* this.#encoded();
    let renewed = this.#fields.length === 0;
    for (;;) {
      const due = this.#rule.nextFit(this.#fit.results);
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
        yield* field.add([this.#entry(proposed[i]!).columns[f]!.features]);
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
    const usable = results.flatMap((result, i) => (result === null ? [] : [{ i }]));
    const encoding = yield* this.#encoded();
    if (usable.length < 3) return;
    const every = Math.max(1, usable.length / mostFitted);
    const some = Array.from(
      { length: Math.min(usable.length, mostFitted) },
      (_, k) => usable[Math.floor(k * every)]!,
    );
    for (let f = 0; f < this.#thetas.length; f++) {
      const networks = some.map(({ i }) => this.#entry(proposed[i]!).columns[f]!.features);
      const known = some.map(({ i }) => all[i]![f]!);
      const values = this.#bounded(known, f) as readonly number[];
      const observations = { networks, values };
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
    this.#neighbours.clear();
    this.#rows = this.#kept(results);
    for (const [f, field] of this.#fields.entries()) {
      yield* field.add(this.#rows.map((i) => this.#entry(proposed[i]!).columns[f]!.features));
    }
    this.#pool = null;
  }

  *#pooled(): Sliced<readonly Entry[]> {
    if (this.#pool !== null) return this.#pool;
    const { space, seed } = this.#options;
    const slice = new Slice();
    const pool = new Map<Genotype, Entry>();
    for (const genotype of this.#rule.pool(space, seed, this.#fit)) {
      if (slice.full(this.#known.has(genotype) ? 1_000 : counting)) yield;
      if (this.#options.excess(genotype) === 0) pool.set(genotype, this.#entry(genotype));
    }
    return (this.#pool = [...pool.values()]);
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
    return part < this.#options.parts.length ? this.#rule.bounded(values) : values;
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

  #entry(genotype: Genotype): Entry {
    const known = this.#entries.get(genotype);
    if (known !== undefined) return known;
    const { size, features } = this.#knownOf(genotype);
    const columns = this.#thetas.map(() => new FieldColumn(features));
    const entry = { genotype, size, features, columns };
    this.#entries.set(genotype, entry);
    return entry;
  }

  #knownOf(genotype: Genotype): Known {
    const earlier = this.#known.get(genotype);
    if (earlier !== undefined) return earlier;
    const size = this.#options.summarise(genotype);
    const known = { size, features: this.#encoding!.encode(genotype, size) };
    this.#known.set(genotype, known);
    return known;
  }

  *#extended(entries: readonly Entry[]): Sliced<readonly Entry[]> {
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

  #belief({ columns, size }: Entry): Belief {
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

  /** The probability that a network meets the limit on latency. */
  #allowed({ cost }: Belief): number {
    const { latency } = this.#options;
    if (latency === null || latency.maxMs === Infinity) return 1;
    const most = Math.log(latency.maxMs);
    if (cost.deviation === 0) return cost.mean <= most ? 1 : 0;
    return normalShare((most - cost.mean) / cost.deviation);
  }

  #steps(beliefs: readonly Belief[], results: readonly ProposalResult[]): FrontSteps {
    const allowed = beliefs.filter((belief) => this.#allowed(belief) >= 0.5);
    const scores = beliefs.filter((_, i) => i < results.length).map(({ score }) => score.mean);
    const costs = (allowed.length > 0 ? allowed : beliefs).map(({ cost }) => cost.mean);
    const [least, most] = [Math.min(...costs), Math.max(...costs)];
    const reference = {
      // A little above the most expensive one, so that a better score there is worth something as well.
      cost: most + Math.max(0.01 * (most - least), 1e-6),
      score: scores.length === 0 ? 0 : Math.min(...scores),
    };
    const points = allowed.map(({ score, cost }) => ({ score: score.mean, cost: cost.mean }));
    return frontSteps(points, reference);
  }

  #gain(steps: FrontSteps, belief: Belief): number {
    const { score, cost } = belief;
    return expectedGain(steps, cost.mean, score) * this.#allowed(belief);
  }

  #frontOf(
    beliefs: readonly Belief[],
  ): { readonly place: number; readonly score: number; readonly cost: number }[] {
    const front = new Rising<number>();
    for (const [place, belief] of beliefs.entries()) {
      if (this.#allowed(belief) < 0.5) continue;
      front.add({ of: place, score: belief.score.mean, cost: belief.cost.mean });
    }
    return front.rising().map(({ of, score, cost }) => ({ place: of, score, cost }));
  }

  /** Some of the networks that differ in one gene, the same ones every time. */
  #near(genotype: Genotype): readonly Genotype[] {
    const known = this.#neighbours.get(genotype);
    if (known !== undefined) return known;
    const near = this.#someOf(this.#options.space.neighbours(genotype), genotype);
    this.#neighbours.set(genotype, near);
    return near;
  }

  #someOf(all: readonly Genotype[], genotype: Genotype): readonly Genotype[] {
    if (all.length <= neighboursOfOne) return all;
    const drawnBy = this.#rule.neighbourhood(this.#fit);
    const random = generatorFor(this.#options.seed, 'neighbours', drawnBy, genotype);
    const some = new Set<Genotype>();
    while (some.size < neighboursOfOne) {
      some.add(all[Math.floor(((random.next() >>> 0) / 2 ** 32) * all.length)]!);
    }
    return [...some];
  }
}

/** Logarithm of the MACs. */
function costOf({ macs }: Size): number {
  return Math.log(Math.max(macs, 1));
}
