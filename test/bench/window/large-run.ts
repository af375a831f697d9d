/** A finished run of many different candidates with made-up figures, written at once. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { seedOf } from '../../../main/random.ts';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { generationalDefaults } from '../../../main/common/settings/method.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import { createRun } from '../../../main/store/run-file.ts';
import type { Candidate, CandidateId } from '../../../main/run/candidate.ts';
import type { Space } from '../../../main/space/space.ts';

/** 250 a generation. */
export const population = 250;

/** @param from networks of the space, and noise, that are passed over: runs with different ones differ */
export function writeLargeRun(file: string, count: number, spaceName: string, from = 0): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const space = spaceNamed(spaceName);
  const run = createRun(file, {
    runId: `large-run-of-the-bench-${from}`,
    settings: {
      ...defaultSearchSettings,
      ...generationalDefaults,
      ...{
        space: spaceName,
        latency: 'host',
        population,
        generations: Math.ceil(count / population),
      },
    },
    dataDescription: 'made up for the benchmark',
    productVersion: '0.1.0',
    createdAt: '2025-01-01T00:00:00.000Z',
    status: 'running',
    elapsedSeconds: 0,
  });
  for (const candidate of candidates(space, count, from)) run.add(candidate, candidate.id);
  run.setStatus('finished', count);
  run.close();
}

/** Figures follow the genes with noise, so that there is a front and crowds below it. */
function* candidates(space: Space, count: number, from: number): Generator<Candidate> {
  const stride = Math.max(1, Math.floor(space.networks / count / 7)) * 2 + 1;
  for (let id = 1; id <= count; id++) {
    const noise = (what: string): number => seedOf(id + from, what) / 2 ** 32 - 0.5;
    const genotype = space.at(((id + from) * stride) % space.networks);
    const values = space.values(genotype);
    const level =
      values.reduce((sum, value, gene) => {
        const { choices } = space.genes[gene]!;
        return sum + choices.filter((choice) => choice <= value).length / choices.length;
      }, 0) / values.length;
    const macs = Math.round(3e7 * Math.exp(3.2 * level + 0.5 * noise('macs')));
    const generation = Math.floor((id - 1) / population);
    const zico = 400 + 500 * level + 90 * noise('zico') + 0.2 * generation;
    const latencyMs = (macs / 8e6) * Math.exp(0.4 * noise('latency'));
    yield {
      ...{ id: id as CandidateId, genotype, generation, parents: [], macs },
      parameters: Math.round(macs / 60),
      status: 'evaluated',
      score: {
        ...{
          zico,
          zicoCapped: zico * 0.95,
          bias: 150 + 90 * level + 20 * noise('bias'),
          termCap: 100,
        },
        ...{ losses: [2.3, 2.4], layers: [], seconds: 1 },
        engine: { name: 'onnxruntime', version: '1.30.0', threads: 1 },
      },
      latency: {
        ...{ latencyMs, p90Ms: latencyMs * 1.1, minMs: latencyMs * 0.95, runsMs: [] },
        conditions: {
          ...{ source: 'host', device: 'a computer that does not exist' },
          ...{ runner: 'onnxruntime-node', engineVersion: '1.30.0', precision: 'float32' },
          ...{ threads: 1, warmUp: 3, runs: 40 },
          interval: {
            ms: [
              latencyMs * (0.97 + 0.02 * noise('low')),
              latencyMs * (1.03 + 0.02 * noise('high')),
            ],
            ...{ asked: 0.05, reached: true },
          },
          host: { repeats: 4, unsteady: noise('unsteady') < -0.45 ? ['waited-for-processor'] : [] },
        },
      },
    };
  }
}
