/**
 * What a guided search asks its model, whoever computes it: this process, or a child that leaves a window free
 * (workbench/guides.ts). Answers depend on the questions alone.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SearchSettings } from '../../common/settings/index.ts';
import type { Genotype, Space } from '../../space/space.ts';
import { excessOf } from '../repair.ts';
import { memoized, type Size } from '../size.ts';
import type { ProposalResult } from './beliefs.ts';
import { Guide } from './guide.ts';
import { scoreParts } from './score-parts.ts';
import { runInSlices } from './slices.ts';
import { startDesign } from './start-design.ts';

export interface GuidedProposal {
  /** Null where nothing new was found that meets the limits. */
  readonly genotype: Genotype | null;
  /** What it is expected to add to the front's hypervolume, as a share of it; null where there is no front. */
  readonly gainShare: number | null;
}

/** A proposal that is on the front of the estimates, by its position. */
export interface OnFront {
  readonly place: number;
  readonly score: number;
  readonly cost: number;
}

export interface Guidance {
  /** The first networks, at most so many. */
  start(count: number): Promise<readonly Genotype[]>;
  /**
   * @param proposed genotypes of all proposals so far, in order
   * @param results of the first of them, as many as it may look at
   */
  propose(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<GuidedProposal>;
  /** From cheapest to most expensive. */
  front(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<readonly OnFront[]>;
}

export interface GuidanceOptions {
  readonly space: Space;
  readonly settings: SearchSettings;
  /** As in `SearchRequest`. */
  readonly summarise: (genotype: Genotype) => Size;
  readonly count: (genotype: Genotype) => Size;
}

/** Computes in this process, in slices. */
export class GuidanceHere implements Guidance {
  readonly #options: GuidanceOptions;
  readonly #breathe: () => Promise<void>;
  readonly #count: (genotype: Genotype) => Size;
  readonly #guide: Guide;

  /** @param breathe awaited between slices; may throw to give up */
  constructor(options: GuidanceOptions, breathe: () => Promise<void> = () => nextTurn()) {
    const { space, settings } = options;
    const { seed, latency, maxLatencyMs, guidedRevision } = settings;
    this.#options = options;
    this.#breathe = breathe;
    this.#count = memoized(options.count);
    const summarise = memoized(options.summarise);
    this.#guide = new Guide({
      ...{ space, seed, revision: guidedRevision, summarise: this.#count },
      excess: (genotype) => this.#excess(genotype),
      // Also false for a network that is too large to be described.
      allowed: (genotype) => excessOf(summarise(genotype), settings) === 0,
      parts: scoreParts(settings),
      latency: latency === 'macs' ? null : { maxMs: maxLatencyMs ?? Infinity },
    });
  }

  async start(count: number): Promise<readonly Genotype[]> {
    const { space, settings } = this.#options;
    const excess = (genotype: Genotype) => this.#excess(genotype);
    const request = { space, seed: settings.seed, count, summarise: this.#count, excess };
    return await runInSlices(startDesign(request), this.#breathe);
  }

  async propose(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<GuidedProposal> {
    const genotype = await runInSlices(this.#guide.propose(proposed, results), this.#breathe);
    return { genotype, gainShare: this.#guide.gainShare };
  }

  async front(
    proposed: readonly Genotype[],
    results: readonly ProposalResult[],
  ): Promise<readonly OnFront[]> {
    return await runInSlices(this.#guide.front(proposed, results), this.#breathe);
  }

  /** By what can be counted; what only a graph tells is checked for the network that is chosen. */
  #excess(genotype: Genotype): number {
    const { maxParameters, maxMacs } = this.#options.settings;
    return excessOf(this.#count(genotype), { maxParameters, maxMacs });
  }
}
