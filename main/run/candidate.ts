/** A candidate: a network of the space that a search proposed, and its outcome. */
import type { NetworkFacts } from '../common/network-facts.ts';
import type { Biases } from '../common/zico-bc.ts';
import type { ErrorReport } from '../errors.ts';
import type { EngineIdentity, LayerStatistics } from '../engine/engine.ts';
import type { Latency } from '../latency/latency.ts';
import type { KnownNetwork, StoredNetwork } from '../space/known-network.ts';
import type { Genotype, Resolutions } from '../space/space.ts';

/** Number of a candidate in its run: 1, 2, ... in order of proposal, the same after a resume. */
export type CandidateId = number & { readonly __brand: 'CandidateId' };

/** In place of a number, for a network that a person had scored besides what the search proposed. */
export const besides = 0 as CandidateId;

/** As people read it: `Candidate 7`. */
export function nameOfCandidate(id: CandidateId): string {
  return id === besides ? 'A network scored besides the candidates' : `Candidate ${id}`;
}

export interface Proposal {
  readonly id: CandidateId;
  readonly genotype: Genotype;
  /** 0 is the random first generation. */
  readonly generation: number;
  readonly parents: readonly CandidateId[];
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
}

/** Score of a candidate. ZiCo and bias stay apart: a change of beta re-ranks without scoring again. */
export interface CandidateScore {
  /** Null where the run ranks by other scores and nobody asked for it: then there are no gradients at all. */
  readonly zico: number | null;
  /** ZiCo with every term capped at `termCap`; null where ZiCo is. */
  readonly zicoCapped: number | null;
  /** As the run's settings count it; null where ZiCo is. */
  readonly bias: number | null;
  /** In every way of counting it; absent in runs older than the choice. */
  readonly biases?: Biases;
  /** Counts of its layers and what proxies say; absent in runs that are older. */
  readonly facts?: NetworkFacts;
  readonly termCap: number;
  readonly losses: readonly number[];
  readonly layers: readonly LayerStatistics[];
  readonly engine: EngineIdentity;
  /** What a scoring process computed for it, proxies included. */
  readonly seconds: number;
  /** Stored with every score; only the tests' toy spaces have none. */
  readonly resolutions?: Resolutions;
  /** Values of its genes, where only the code of its space knows them. */
  readonly genes?: readonly number[];
  /** The network itself, where only the code of its space can build it; left out where candidates are listed. */
  readonly network?: StoredNetwork;
}

/** A score with its ZiCo. */
export type GradientScore = CandidateScore & {
  readonly [Part in 'zico' | 'zicoCapped' | 'bias']: number;
};

export function hasZico(score: CandidateScore): score is GradientScore {
  return score.zico !== null;
}

export interface EvaluatedCandidate extends Proposal {
  readonly status: 'evaluated';
  readonly score: CandidateScore;
  /** Null where the search's objective is MACs. */
  readonly latency: Latency | null;
}

export interface FailedCandidate extends Proposal {
  readonly status: 'failed';
  readonly failure: ErrorReport;
}

export type Candidate = EvaluatedCandidate | FailedCandidate;

/**
 * What a search keeps in memory of a candidate: everything but its network and the figures of its layers, which are
 * most of it and which neither proposals nor rankings look at. The run file has them.
 */
export function withoutLayers(candidate: Candidate): Candidate {
  if (candidate.status === 'failed') return candidate;
  const { network: _, ...score } = candidate.score;
  return { ...candidate, score: { ...score, layers: [] } };
}

/** What a candidate tells of its network to a space that does not know it. */
export function networkOfCandidate(candidate: Candidate): KnownNetwork {
  const { genotype } = candidate;
  if (candidate.status === 'failed') return { genotype };
  const { genes, network } = candidate.score;
  return { genotype, genes, network };
}
