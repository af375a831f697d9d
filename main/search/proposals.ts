/**
 * Which networks a generation tries. Generation g is a function of (seed, g, parents, networks seen),
 * nothing else: that is what lets a killed search continue to the same result.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { WorkbenchError, type ErrorReport } from '../errors.ts';
import { generatorFor, type RandomGenerator } from '../random.ts';
import type { Genotype, Space } from '../space/space.ts';
import type { CandidateId, Proposal } from '../run/candidate.ts';
import { excessOf, repaired } from './repair.ts';
import type { Constraints, Size } from './size.ts';
import type { Individual } from '../common/dominance.ts';
import { binaryTournament, type Ranked } from './nsga2.ts';
import { spaceScan } from './space-scan.ts';

export type { Constraints, Size };

/** A member of the parent population. */
export interface Parent extends Individual {
  readonly id: CandidateId;
  readonly genotype: Genotype;
}

export interface ProposalRequest {
  readonly space: Space;
  readonly seed: number;
  readonly generation: number;
  /** Names the random stream, together with seed and generation; by default that of generations. */
  readonly stream?: string;
  /** The largest number of networks to propose. */
  readonly count: number;
  /** The id of the first one; the others follow. */
  readonly firstId: number;
  /** Empty in generation 0, and as long as nothing could be evaluated. */
  readonly parents: readonly Ranked<Parent>[];
  /** Every network proposed so far. Not changed. */
  readonly seen: ReadonlySet<Genotype>;
  readonly constraints: Constraints;
  readonly summarise: (genotype: Genotype) => Size;
  /** Called for every network; once it returns true, the proposals found so far are returned at once. */
  readonly stopped?: () => boolean;
}

export interface Generation {
  readonly proposals: readonly Proposal[];
  /**
   * True where fewer than `count` were found because no network is left that is new and meets the constraints.
   */
  readonly exhausted: boolean;
  /** Networks that were considered but missed a constraint, or are too large to be described. */
  readonly rejected: number;
  /** Proposals that missed a constraint at first and were changed until they met it. */
  readonly repaired: number;
}

const crossoverProbability = 0.9;
/** Slightly the best of 0.3, 0.5 and 1, on accuracy against FLOPs of the NATS-Bench size space. */
const mutationProbability = 0.3;
/** Attempts at a new offspring, and then at a random network, before the space is searched exhaustively. */
const offspringAttempts = 20;
const randomAttempts = 200;
/** Up to this many networks a space is searched exhaustively; larger ones are only sampled. */
export const scanLimit = 200_000;
/**
 * How many random networks are tried for one place in a generation, in a space too large to search
 * exhaustively.
 */
const samplesBeyondScan = 5_000;
/** The same where each of them is also repaired, in dozens of steps. */
const repairsBeyondScan = 50;
/** Summaries between two pauses, because the window's process proposes as well: the first take milliseconds each. */
const summariesPerPause = 2;

/**
 * Proposes a generation: tournament, crossover and mutation of the parents, or random networks where there are
 * none. It never proposes a network that was seen before or one that misses a constraint.
 * @param pause awaited every few networks, so that the process can serve others in between
 * Throws `no-feasible-network` where nothing has been seen yet and nothing meets the constraints.
 */
export async function proposeGeneration(
  request: ProposalRequest,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Generation> {
  const { space, seed, generation, count, firstId, parents, seen } = request;
  const random = generatorFor(seed, request.stream ?? 'generation', generation);
  const finder = new FeasibleNetworks(request, pause);
  const proposals: Proposal[] = [];
  while (proposals.length < count && !request.stopped?.()) {
    const found =
      (await finder.offspring(parents, random)) ??
      (await finder.random(random)) ??
      (await finder.anyLeft(random));
    if (found === null) break;
    proposals.push({
      id: (firstId + proposals.length) as CandidateId,
      generation,
      ...found,
    });
  }
  const { rejected, repaired } = finder;
  if (request.stopped?.()) return { proposals, exhausted: false, rejected, repaired };
  if (proposals.length === 0 && seen.size === 0)
    throw noFeasibleNetwork(space, request.constraints, finder.impossible);
  return { proposals, exhausted: proposals.length < count, rejected, repaired };
}

type Found = Pick<Proposal, 'genotype' | 'parents' | 'parameters' | 'macs'>;

/** Finds new networks that meet the constraints, and counts how often the space was asked. */
class FeasibleNetworks {
  readonly #request: ProposalRequest;
  readonly #pause: () => Promise<void>;
  readonly #taken = new Set<Genotype>();
  #scan: Iterator<Genotype> | null = null;
  #summaries = 0;
  /** Networks that missed a constraint or cannot be described. */
  rejected = 0;
  /** Why the first of the latter cannot be described. */
  impossible: ErrorReport | null = null;
  /** Among those that were taken. */
  repaired = 0;

  constructor(request: ProposalRequest, pause: () => Promise<void>) {
    this.#request = request;
    this.#pause = pause;
  }

  async offspring(
    parents: readonly Ranked<Parent>[],
    random: RandomGenerator,
  ): Promise<Found | null> {
    if (parents.length === 0) return null;
    for (let attempt = 0; attempt < offspringAttempts; attempt++) {
      const first = binaryTournament(parents, random).individual;
      const second = binaryTournament(parents, random).individual;
      const genotype = vary(this.#request.space, first.genotype, second.genotype, random);
      const found = await this.#takeOrRepair(genotype, [...new Set([first.id, second.id])], random);
      if (found !== null) return found;
    }
    return null;
  }

  async random(random: RandomGenerator): Promise<Found | null> {
    return await this.#sampled(random, this.#repairs ? repairsBeyondScan : randomAttempts);
  }

  /**
   * The last resort. Null means that none is left (or, in a space too large to enumerate, that none was found).
   */
  async anyLeft(random: RandomGenerator): Promise<Found | null> {
    const { space } = this.#request;
    if (space.networks > scanLimit) {
      return this.#repairs ? null : await this.#sampled(random, samplesBeyondScan);
    }
    // One scan serves the whole generation: whatever it skipped is seen, taken or infeasible for good.
    this.#scan ??= spaceScan(space, random);
    for (let next = this.#scan.next(); next.done !== true; next = this.#scan.next()) {
      if (this.#request.stopped?.()) return null;
      const found = await this.#take(next.value, []);
      if (found !== null) return found;
    }
    return null;
  }

  async #sampled(random: RandomGenerator, attempts: number): Promise<Found | null> {
    for (let attempt = 0; attempt < attempts && !this.#request.stopped?.(); attempt++) {
      const found = await this.#takeOrRepair(this.#request.space.sample(random), [], random);
      if (found !== null) return found;
    }
    return null;
  }

  /** Small spaces are searched exhaustively instead, and need no repair. */
  get #repairs(): boolean {
    const { space, constraints } = this.#request;
    const { maxParameters, maxMacs, maxLatencyMs = null } = constraints;
    const limited = maxParameters !== null || maxMacs !== null || maxLatencyMs !== null;
    return limited && space.networks > scanLimit;
  }

  async #takeOrRepair(
    genotype: Genotype,
    parents: readonly CandidateId[],
    random: RandomGenerator,
  ): Promise<Found | null> {
    const { seen, constraints, space, summarise } = this.#request;
    if (!this.#repairs || excessOf(summarise(genotype), constraints) === 0) {
      return await this.#take(genotype, parents);
    }
    const pause = () => this.#pauseSometimes();
    const fixed = await repaired(genotype, { space, constraints, summarise, random, pause });
    this.rejected += fixed.rejected;
    if (fixed.genotype === null || seen.has(fixed.genotype)) return null;
    const found = await this.#take(fixed.genotype, parents);
    if (found !== null) this.repaired++;
    return found;
  }

  async #pauseSometimes(): Promise<void> {
    if (this.#summaries++ % summariesPerPause === summariesPerPause - 1) await this.#pause();
  }

  async #take(genotype: Genotype, parents: readonly CandidateId[]): Promise<Found | null> {
    const { seen, constraints, summarise } = this.#request;
    if (seen.has(genotype) || this.#taken.has(genotype)) return null;
    await this.#pauseSometimes();
    const size = summarise(genotype);
    this.impossible ??= size.impossible ?? null;
    if (excessOf(size, constraints) > 0) {
      this.rejected++;
      return null;
    }
    this.#taken.add(genotype);
    return { genotype, parents, parameters: size.parameters, macs: size.macs };
  }
}

function vary(space: Space, first: Genotype, second: Genotype, random: RandomGenerator): Genotype {
  // Both draws are always made, so that the stream does not depend on their outcome.
  const crossed = uniformFloat64(random) < crossoverProbability;
  const mutated = uniformFloat64(random) < mutationProbability;
  const child = crossed ? space.crossover(first, second, random) : first;
  const copy = child === first || child === second;
  return mutated || copy ? space.mutate(child, random) : child;
}

function noFeasibleNetwork(
  space: Space,
  constraints: Constraints,
  impossible: ErrorReport | null,
): WorkbenchError {
  const limits = [
    constraints.maxParameters === null ? null : `${constraints.maxParameters} parameters`,
    constraints.maxMacs === null ? null : `${constraints.maxMacs} MACs`,
    typeof constraints.maxLatencyMs === 'number' ? `${constraints.maxLatencyMs} ms` : null,
  ].filter((limit) => limit !== null);
  if (limits.length === 0 && impossible) {
    return new WorkbenchError(
      'no-feasible-network',
      `No network of the space ${space.name} was found that can be built. One of them: ${impossible.message}`,
      'Lower the channels, repeats or image sizes of the space.',
    );
  }
  return new WorkbenchError(
    'no-feasible-network',
    `No network of the space ${space.name} was found with at most ${limits.join(' and ')}.`,
    'Raise the limit, or choose a space with smaller networks.',
  );
}
