/** Scores, latencies and an in-memory store for searches in the toy space: pure and instant. */
import type {
  Candidate,
  CandidateId,
  GradientScore,
  EvaluatedCandidate,
  Proposal,
} from '../../main/run/candidate.ts';
import type { Size } from '../../main/search/proposals.ts';
import { memoryRun, type MemoryRun } from '../../main/search/memory-run.ts';
import type { RunInfo } from '../../main/run/run-store.ts';
import { defaultSearchSettings, type SearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { WorkbenchError } from '../../main/errors.ts';
import { seedOf } from '../../main/random.ts';
import type { Latency } from '../../main/latency/latency.ts';
import type { Genotype } from '../../main/space/space.ts';
import { createToySpace } from './toy-space.ts';

export const toySettings: SearchSettings = {
  ...defaultSearchSettings,
  ...generationalDefaults,
  // The plain score, with the bias at the size scored, as `toyScore` makes it up.
  termCap: null,
  biasSize: 'scoring',
  biasLayers: 'all',
  space: 'toy',
  latency: 'macs',
  population: 8,
  generations: 5,
  seed: 11,
};

const digitsOf = (genotype: Genotype): number[] => genotype.split('-').map(Number);

/** Larger digits cost more; the noise makes ties rare without making the function impure. */
export function toySize(genotype: Genotype): Size {
  const digits = digitsOf(genotype);
  return {
    parameters: digits.reduce((sum, d) => sum + d, 0),
    macs: digits.reduce((sum, d, i) => sum + d * d * (i + 1), 0) * 1_000_003,
  };
}

export function toyScore(genotype: Genotype): GradientScore {
  const digits = digitsOf(genotype);
  const noise = seedOf('toy', genotype) / 2 ** 32;
  const zico = digits.reduce((sum, d) => sum + Math.log(d + 0.1), 0) + noise;
  return {
    zico,
    zicoCapped: zico * 0.9,
    bias: digits.length / 3 + noise / 7,
    termCap: 100,
    losses: [2.3 + noise / 3, 2.1 - noise / 9],
    layers: digits.map((d, i) => ({
      name: `layer.${i}`,
      kind: 'Conv',
      weights: d * 9,
      height: 8,
      width: 8,
      channels: d,
      sum: d / 3 + noise,
      sumCapped: d / 7,
      gradientNorms: [noise / 3, Math.PI * d],
    })),
    engine: { name: 'onnxruntime', version: '0.0.0-toy', threads: 1 },
    seconds: 0.1 + noise,
  };
}

export function toyLatency(genotype: Genotype): Latency {
  const runsMs = digitsOf(genotype).map((d) => d / 3);
  const sorted = runsMs.toSorted((a, b) => a - b);
  return {
    latencyMs: sorted[Math.floor(sorted.length / 2)]!,
    p90Ms: sorted.at(-1)!,
    minMs: sorted[0]!,
    runsMs,
    conditions: {
      source: 'host',
      device: 'toy',
      runner: 'toy',
      engineVersion: '0.0.0-toy',
      precision: 'float32',
      threads: 1,
      warmUp: 0,
      runs: runsMs.length,
    },
  };
}

export function toyRunInfo(settings: SearchSettings = toySettings): RunInfo {
  return {
    runId: '00000000-0000-4000-8000-000000000000',
    settings,
    dataDescription: 'no data',
    productVersion: '0.0.0',
    createdAt: '2025-01-01T00:00:00.000Z',
    status: 'running',
    elapsedSeconds: 0,
  };
}

/** A run in memory. @param capacity number of candidates after which the disk is full */
export function createMemoryStore(
  settings: SearchSettings = toySettings,
  earlier: readonly Candidate[] = [],
  capacity = Infinity,
): MemoryRun {
  const run = memoryRun(toyRunInfo(settings), earlier);
  return {
    ...run,
    add(candidate, elapsedSeconds) {
      if (run.added.length >= capacity)
        throw new WorkbenchError('disk-full', 'Full.', 'Make room.');
      run.add(candidate, elapsedSeconds);
    },
  };
}

/** An evaluated candidate with this id; different ids have different networks. */
export function toyCandidate(id: number, latency: 'host' | 'macs' = 'macs'): EvaluatedCandidate {
  const genotype = createToySpace().at(id);
  return {
    ...toyProposal(id, genotype),
    status: 'evaluated',
    score: toyScore(genotype),
    latency: latency === 'host' ? toyLatency(genotype) : null,
  };
}

/** The same with all the biases that newer versions store; `bias` is that of the deployment over live layers. */
export function toyCandidateWithBiases(id: number): EvaluatedCandidate {
  const candidate = toyCandidate(id);
  const { bias } = toyScore(candidate.genotype);
  const biases = {
    deployment: { live: bias, all: bias + 3.5 },
    scoring: { live: -bias / 7, all: bias / 3 },
  };
  return { ...candidate, score: { ...candidate.score, biases } };
}

export function toyFailure(id: number): Candidate {
  const failure = { code: 'engine-crashed', message: 'It ‘died’.', hint: 'Retry.' };
  return { ...toyProposal(id, createToySpace().at(id)), status: 'failed', failure };
}

function toyProposal(id: number, genotype: Genotype): Proposal {
  const parents = [id - 1, id - 2].filter((parent) => parent > 0) as CandidateId[];
  return { id: id as CandidateId, genotype, generation: id % 3, parents, ...toySize(genotype) };
}
