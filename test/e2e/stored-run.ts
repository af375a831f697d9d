/** Run files with made-up scores: the window shows them as any other, and nothing has to be searched. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { LayerStatistics } from '../../main/engine/engine.ts';
import { seedOf } from '../../main/random.ts';
import { summarise } from '../../main/graph/summary.ts';
import type { Latency } from '../../main/latency/latency.ts';
import { scoreOf } from '../../main/proxy/zico.ts';
import type { Candidate, CandidateId } from '../../main/run/candidate.ts';
import { defaultSearchSettings } from '../../main/common/settings/index.ts';
import { generationalDefaults } from '../../main/common/settings/method.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { createRun } from '../../main/store/run-file.ts';

const usual = 'nats-sss';
/** Odd, so that steps of this size reach every network of the space before one comes again. */
const stride = 7919;

/** What a run may know of its candidates besides. */
export interface StoredKnowledge {
  /** NEAR, which now and then disagrees with the score, and errors of the latencies, which leave some open. */
  readonly doubts?: boolean;
  /** Name of the space; nats-sss by default. */
  readonly space?: string;
}

/**
 * A finished run of so many candidates, ten a generation, all different; the same at every call.
 * @param from networks that are passed over: runs with different ones differ
 */
export function writeStoredRun(
  file: string,
  count: number,
  from = 0,
  known: StoredKnowledge = {},
): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const store = createRun(file, {
    runId: `stored-run-of-the-tests-${known.space ?? usual}`,
    settings: {
      ...defaultSearchSettings,
      ...generationalDefaults,
      ...{
        space: known.space ?? usual,
        latency: 'host',
        population: 10,
        generations: Math.ceil(count / 10),
      },
    },
    dataDescription: 'made up for the tests',
    productVersion: '0.1.0',
    createdAt: '2025-01-01T00:00:00.000Z',
    status: 'running',
    elapsedSeconds: 0,
  });
  for (let id = 1; id <= count; id += 1) store.add(madeUpCandidate(id, from, known), id);
  store.setStatus('finished', count);
  store.close();
}

function madeUpCandidate(
  id: number,
  from: number,
  { doubts = false, space: name = usual }: StoredKnowledge,
): Candidate {
  const space = spaceNamed(name);
  const genotype = space.at(((id + from) * stride) % space.networks);
  const { parameters, macs, layers } = summarise(space.decode(genotype));
  /** From 0 to 1, by what it is for. */
  const chance = (what: string): number => seedOf(genotype, what) / 2 ** 32;
  const statistics = layers.map(
    ({ name, kind, height, width, channels, parameters: weights }): LayerStatistics => {
      const sum = Math.exp(2 + Math.log(weights) * 0.6 + 2 * chance(name));
      const gradientNorms = [0.1, 0.2];
      return { name, kind, height, width, channels, weights, sum, sumCapped: sum, gradientNorms };
    },
  );
  return {
    id: id as CandidateId,
    genotype,
    generation: Math.floor((id - 1) / 10),
    parents: [],
    parameters,
    macs,
    status: 'evaluated',
    score: {
      ...scoreOf(statistics),
      termCap: 100,
      losses: [2.3, 2.4],
      layers: statistics,
      engine: { name: 'onnxruntime', version: '1.30.0', threads: 1 },
      seconds: 1,
      ...(doubts && {
        facts: {
          layers: layers.length,
          liveLayers: layers.length,
          lnChannels: layers.reduce((sum, layer) => sum + Math.log(layer.channels), 0),
          proxies: { near: { value: 1000 * chance('near') } },
        },
      }),
    },
    latency: latencyOf(macs / 1e8 + chance('latency'), doubts),
  };
}

function latencyOf(latencyMs: number, erring: boolean): Latency {
  return {
    latencyMs,
    p90Ms: latencyMs * 1.1,
    minMs: latencyMs * 0.95,
    runsMs: Array.from({ length: 20 }, (_, run) => latencyMs * (1 + (run - 10) / 100)),
    conditions: {
      source: 'host',
      device: 'a computer that does not exist',
      runner: 'onnxruntime-node',
      engineVersion: '1.30.0',
      precision: 'float32',
      threads: 1,
      warmUp: 3,
      runs: 20,
      ...(erring && {
        interval: { ms: [latencyMs * 0.9, latencyMs * 1.1], asked: 0.1, reached: true },
      }),
    },
  };
}
