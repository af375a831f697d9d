/**
 * Which network a guided search tries next: the one that is expected to add most to the front of the estimates.
 * Proposal i is a function of (seed, proposals before it, results of proposals 1 to i - L).
 */
import { generatorFor } from '../../random.ts';
import type { Genotype } from '../../space/space.ts';
import {
  Beliefs,
  type Belief,
  type BeliefOptions,
  type Entry,
  type ProposalResult,
} from './beliefs.ts';
import {
  areaBelow,
  cannotGain,
  expectedGain,
  frontSteps,
  normalShare,
  type FrontSteps,
} from './expected-gain.ts';
import { Rising } from './rising.ts';
import { Slice, type Sliced } from './slices.ts';

export interface GuideOptions extends BeliefOptions {
  readonly seed: number;
  readonly excess: (genotype: Genotype) => number;
  /** Asked of a network that would be proposed: false where it is beyond a limit that `excess` cannot see. */
  readonly allowed?: (genotype: Genotype) => boolean;
  /** Null where the cost is MACs; else the most milliseconds allowed, Infinity where there is no limit. */
  readonly latency: { readonly maxMs: number } | null;
}

/** The largest number of neighbours of a network of the front that are looked at. */
const neighboursOfOne = 40;
/** The cost of counting and reading a network, in multiplications. */
const counting = 60_000;

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
  readonly #beliefs: Beliefs;
  /** Of the beliefs when pool and neighbours were drawn. */
  #renewals = 0;
  /** Null until a proposal needs it after a fit. */
  #pool: readonly Entry[] | null = null;
  /** Of networks of the front, until the next fit. */
  readonly #neighbours = new Map<Genotype, readonly Genotype[]>();
  #gainShare: number | null = null;

  constructor(options: GuideOptions) {
    this.#options = options;
    this.#beliefs = new Beliefs(options);
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
    const beliefs = yield* this.#at(proposed, results);
    const steps = this.#steps(beliefs, results);
    const front = this.#frontOf(beliefs);
    const candidates = new Map((yield* this.#pooled()).map((entry) => [entry.genotype, entry]));
    const slice = new Slice();
    for (const { place } of front) {
      for (const neighbour of this.#near(proposed[place]!)) {
        if (taken.has(neighbour) || candidates.has(neighbour)) continue;
        if (slice.full(this.#beliefs.knows(neighbour) ? 100 : counting)) yield;
        candidates.set(neighbour, this.#beliefs.entry(neighbour));
      }
    }
    const entries = (yield* this.#beliefs.extended([...candidates.values()])).filter(
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
      const belief = this.#beliefs.of(entry);
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
    return this.#frontOf(yield* this.#at(proposed, results));
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
    if (this.#beliefs.renewals === 0) yield* this.#beliefs.fitToAll(proposed, results);
    const tried = yield* this.#at(proposed, results);
    const slice = new Slice();
    const { excess, latency } = this.#options;
    const most = latency === null ? Infinity : Math.log(latency.maxMs);
    const taken = new Set(proposed);
    const best = new Rising<Genotype>();
    for (const genotype of candidates) {
      if (taken.has(genotype) || excess(genotype) > 0) continue;
      // None of it is kept: a whole space would not fit into memory.
      const { cost, score } = this.#beliefs.expected(genotype);
      if (cost <= most) best.add({ cost, score, of: genotype });
      if (slice.full(counting)) yield;
    }
    const entries = yield* this.#beliefs.extended(
      best.rising().map(({ of }) => this.#beliefs.entry(of)),
    );
    const others = entries.map((entry) => ({
      genotype: entry.genotype,
      ...this.#beliefs.of(entry),
    }));
    return { tried, others, covariance: (networks) => this.#beliefs.covariance(networks) };
  }

  /**
   * Predicts networks after all results, with hyperparameters found for just these: to be asked once, of a guide
   * that has proposed nothing. Costs are logarithms.
   */
  *predictor(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<(genotype: Genotype) => { readonly score: number; readonly cost: number }> {
    yield* this.#beliefs.fitToAll(proposed, results);
    yield* this.#at(proposed, results);
    return (genotype) => this.#beliefs.expected(genotype);
  }

  /** What is believed of the proposals; what was drawn for other beliefs is forgotten. */
  *#at(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Sliced<readonly Belief[]> {
    const beliefs = yield* this.#beliefs.at(proposed, results);
    if (this.#renewals !== this.#beliefs.renewals) {
      this.#renewals = this.#beliefs.renewals;
      this.#pool = null;
      this.#neighbours.clear();
    }
    return beliefs;
  }

  #meetsLimits(genotype: Genotype): boolean {
    const { excess, allowed } = this.#options;
    return excess(genotype) === 0 && (allowed?.(genotype) ?? true);
  }

  *#pooled(): Sliced<readonly Entry[]> {
    if (this.#pool !== null) return this.#pool;
    const { space, seed } = this.#options;
    const slice = new Slice();
    const pool = new Map<Genotype, Entry>();
    for (const genotype of this.#beliefs.rule.pool(space, seed, this.#beliefs.fit)) {
      if (slice.full(this.#beliefs.knows(genotype) ? 1_000 : counting)) yield;
      if (this.#options.excess(genotype) === 0) pool.set(genotype, this.#beliefs.entry(genotype));
    }
    return (this.#pool = [...pool.values()]);
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
    const drawnBy = this.#beliefs.rule.neighbourhood(this.#beliefs.fit);
    const random = generatorFor(this.#options.seed, 'neighbours', drawnBy, genotype);
    const some = new Set<Genotype>();
    while (some.size < neighboursOfOne) {
      some.add(all[Math.floor(((random.next() >>> 0) / 2 ** 32) * all.length)]!);
    }
    return [...some];
  }
}
