/** What a search without generations proposes, one network after the other, by any of the methods. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Genotype } from '../space/space.ts';
import type { Candidate, Proposal } from '../run/candidate.ts';
import { GuidanceHere, type Guidance } from './guided/guidance.ts';
import type { ProposalResult } from './guided/beliefs.ts';
import { resultOf, scoreParts, type LearntPart } from './guided/score-parts.ts';
import { LatencyLimit } from './latency-limit.ts';
import { selectSurvivors, type Ranked } from './nsga2.ts';
import { costOf, figuresByCandidate, rankingOf } from '../run/ranking.ts';
import { proposeGeneration, type Parent } from './proposals.ts';
import { excessOf } from './repair.ts';
import type { SearchRequest } from './search-request.ts';
import { blockOf } from '../common/settings/method.ts';
import type { SearchSettings } from '../common/settings/index.ts';
import { memoized, type Size } from './size.ts';

export interface Proposed {
  /** Null where no network is left, or the search was stopped. */
  readonly proposal: Proposal | null;
  readonly rejected: number;
  readonly repaired: number;
  /** True if nothing more is proposed because little more can be expected. */
  readonly settled?: boolean;
}

/** A guided search starts with this many networks, or with as many as are in flight. */
const smallestStart = 8;
/** One in this many proposals of a guided search is a variation of the front, in case the model is wrong. */
const variationEvery = 10;

/** How many stored candidates of a guided search are compared with its proposals on a resume. */
const heldAgainst = 5;

/** A search that ends by itself looks this many candidates ahead, and does so after as many such proposals in a row. */
const lookedAhead = 10;
const calmInARow = 3;

/** Proposal i is a function of the settings, the proposals before it and the results that it is given. */
export class Proposer {
  readonly #request: SearchRequest;
  readonly #stopped: () => boolean;
  readonly #summarise: (genotype: Genotype) => Size;
  readonly #limit: LatencyLimit;
  readonly #seen = new Set<Genotype>();
  #learnt = 0;
  #population: readonly Ranked<Parent>[] = [];
  readonly #guidance: Guidance;
  #gainShare: number | null = null;
  /** What models take of the candidates, by position. */
  readonly #known: ProposalResult[] = [];
  /** Proposals in a row that were expected to add little. */
  #calm = 0;
  readonly #parts: readonly LearntPart[];
  #start: readonly Genotype[] | null = null;

  constructor(request: SearchRequest, stopped: () => boolean) {
    this.#request = request;
    this.#stopped = stopped;
    this.#summarise = memoized(request.summarise);
    this.#limit = new LatencyLimit(request.settings.maxLatencyMs);
    this.#parts = scoreParts(request.settings);
    const { space, settings, summarise, count = summarise } = request;
    this.#guidance =
      request.guidance ??
      new GuidanceHere({ space, settings, summarise, count }, async () => {
        await nextTurn();
        if (stopped()) throw new Stopped();
      });
  }

  /**
   * Whether a stored candidate is compared with what would be proposed in its place. Cheap methods propose all
   * of them again, which also restores their state; a guided search does so for the last few, because its state
   * follows from results alone and every proposal is expensive.
   * @param left stored candidates after it
   */
  proposesAgain(left: number): boolean {
    return this.#request.settings.search !== 'guided' || left < heldAgainst;
  }

  /**
   * @param before all proposals so far
   * @param results of the first of them
   */
  async propose(before: readonly Proposal[], results: readonly Candidate[]): Promise<Proposed> {
    for (let i = this.#seen.size; i < before.length; i++) this.#seen.add(before[i]!.genotype);
    this.#limit.learn(results.slice(this.#learnt));
    const place = before.length + 1;
    if (this.#request.settings.search !== 'guided') {
      return await this.#found(place, this.#parents(place, results));
    }
    const start = (this.#start ??= await this.#designed());
    if (place > start.length && place % variationEvery === 0) {
      return await this.#found(place, await this.#front(before, results));
    }
    const genotype =
      (await this.#firstAllowed(start.slice(place - 1))) ?? (await this.#guided(before, results));
    if (place > start.length && this.#isSettled()) {
      return { proposal: null, rejected: 0, repaired: 0, settled: true };
    }
    if (genotype === null) return await this.#found(place, []);
    const { parameters, macs } = this.#summarise(genotype);
    const generation = blockOf(place);
    const proposal = {
      id: place as Proposal['id'],
      genotype,
      generation,
      parents: [],
      parameters,
      macs,
    };
    return { proposal, rejected: 0, repaired: 0 };
  }

  /** An offspring of these, or a random network where there are none. */
  async #found(place: number, parents: readonly Ranked<Parent>[]): Promise<Proposed> {
    const { space, settings } = this.#request;
    await nextTurn();
    const { proposals, rejected, repaired } = await proposeGeneration(
      {
        space,
        seed: settings.seed,
        generation: place,
        stream: 'proposal',
        count: 1,
        firstId: place,
        parents,
        seen: this.#seen,
        constraints: settings,
        summarise: (genotype) => this.#limit.expected(this.#summarise(genotype)),
        stopped: this.#stopped,
      },
      () => nextTurn(),
    );
    const [proposal] = proposals;
    if (proposal === undefined) return { proposal: null, rejected, repaired };
    return { proposal: { ...proposal, generation: blockOf(place) }, rejected, repaired };
  }

  /** Steady state: the best `population` of everything known may have offspring; none while there are few. */
  #parents(place: number, results: readonly Candidate[]): readonly Ranked<Parent>[] {
    const { settings } = this.#request;
    const fresh = results.slice(this.#learnt);
    this.#learnt = results.length;
    if (settings.search === 'random') return [];
    if (fresh.length > 0) {
      const living = this.#population.map(({ individual: { id } }) => results[id - 1]!);
      this.#population = selectSurvivors(
        parentsAmong([...living, ...fresh], results, settings, this.#limit),
        settings.population,
      );
    }
    return place <= settings.population ? [] : this.#population;
  }

  /** To be asked once a proposal, after the guide made it. */
  #isSettled(): boolean {
    const { settledPercent } = this.#request.settings;
    const share = this.#gainShare;
    if (settledPercent === null || share === null) return false;
    this.#calm = 100 * lookedAhead * share < settledPercent ? this.#calm + 1 : 0;
    return this.#calm >= calmInARow;
  }

  async #designed(): Promise<readonly Genotype[]> {
    const count = Math.max(smallestStart, this.#request.settings.inFlight ?? 0);
    return await this.#unlessStopped(this.#guidance.start(count));
  }

  async #guided(
    before: readonly Proposal[],
    results: readonly Candidate[],
  ): Promise<Genotype | null> {
    const genotypes = before.map(({ genotype }) => genotype);
    const asked = this.#guidance.propose(genotypes, this.#results(results));
    const { genotype, gainShare } = await this.#unlessStopped(asked);
    this.#gainShare = gainShare;
    return genotype;
  }

  /** The front of the estimates, as parents. */
  async #front(
    before: readonly Proposal[],
    results: readonly Candidate[],
  ): Promise<readonly Ranked<Parent>[]> {
    const genotypes = before.map(({ genotype }) => genotype);
    const asked = this.#guidance.front(genotypes, this.#results(results));
    const front = await this.#unlessStopped(asked);
    return front.map(({ place, score, cost }) => {
      const { id, genotype } = before[place]!;
      const individual = { id, genotype, objectives: [-score, cost] };
      return { individual, rank: 0, crowding: 0 };
    });
  }

  /** Whatever a guidance was given up with. */
  async #unlessStopped<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      throw this.#stopped() ? new Stopped() : error;
    }
  }

  #results(candidates: readonly Candidate[]): ProposalResult[] {
    for (let i = this.#known.length; i < candidates.length; i++) {
      this.#known.push(resultOf(candidates[i]!, this.#parts));
    }
    return this.#known.slice(0, candidates.length);
  }

  /** The first of these that is new and meets the limits; others have their turn before each is described. */
  async #firstAllowed(genotypes: readonly Genotype[]): Promise<Genotype | null> {
    for (const genotype of genotypes) {
      if (this.#seen.has(genotype)) continue;
      await nextTurn();
      if (this.#allowed(genotype)) return genotype;
    }
    return null;
  }

  /** Also false for a network that is too large to be described. */
  #allowed(genotype: Genotype): boolean {
    return excessOf(this.#summarise(genotype), this.#request.settings) === 0;
  }
}

/** The search was stopped while it looked for its next proposal. */
export class Stopped extends Error {}

/**
 * Evaluated candidates as parents of others.
 * @param among everything scored so far, for ranks
 */
export function parentsAmong(
  candidates: readonly Candidate[],
  among: readonly Candidate[],
  settings: SearchSettings,
  limit: LatencyLimit,
): Parent[] {
  const ranking = rankingOf(settings);
  const relative = ranking.parts.length > 1;
  const figures = figuresByCandidate(relative ? among : candidates, ranking);
  return candidates.flatMap((candidate) => {
    if (candidate.status !== 'evaluated') return [];
    const cost = costOf(candidate, ranking);
    if (cost === null) return [];
    const { id, genotype } = candidate;
    const objectives = [-figures.get(candidate)!, cost];
    return [{ id, genotype, objectives, violation: limit.violationOf(candidate) }];
  });
}
