/** What the tests of farms pass on: a real space, few images, and a score that is a function of the genotype. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultSearchSettings, type SearchSettings } from '../../../main/common/settings/index.ts';
import type { Offer } from '../../../main/common/farm.ts';
import type { FarmAccess } from '../../../main/farm/address.ts';
import { farmAddress } from '../../../main/farm/address.ts';
import type { FarmWork } from '../../../main/farm/work.ts';
import type { CandidateScore } from '../../../main/run/candidate.ts';
import { seedOf } from '../../../main/random.ts';
import { spaceNamed } from '../../../main/space/index.ts';
import type { Genotype } from '../../../main/space/space.ts';
import { generatorFor } from '../../../main/random.ts';

const settings: SearchSettings = { ...defaultSearchSettings, space: 'nats-sss', seed: 3 };

export const product = 'test';

export const space = spaceNamed('nats-sss');

export const work: FarmWork = {
  ...{ space, settings },
  batches: {
    ...{ task: 'classification', batchSize: 2, inputShape: [3, 4, 4], classes: 10 },
    description: 'made up, digest 1',
    batches: [0, 1].map((batch) => ({
      inputs: Float32Array.from({ length: 96 }, (_, i) => Math.sin(i + batch)),
      targets: Int32Array.from([batch, 9]),
    })),
  },
};

export function access(url: string, more: Partial<FarmAccess> = {}): FarmAccess {
  const none = { password: null, ca: null, certificate: null, key: null };
  return { address: farmAddress(url, false), ...none, ...more };
}

/** The rights that docs/farm.md gives to a user `zico`, as options of a server; its password is `secret`. */
export function documentedUser(): readonly string[] {
  const docs = readFileSync(path.join(import.meta.dirname, '../../../docs/farm.md'), 'utf8');
  const line = /^user (zico .*)$/m.exec(docs)![1]!;
  return ['--user', ...line.replace('PASSWORD', 'secret').split(' ')];
}

/** As that user. */
export function documentedAccess(url: string): FarmAccess {
  return access(url.replace('redis://', 'redis://zico@'), { password: 'secret' });
}

export const identity = { name: 'onnxruntime', version: '1', threads: 1 } as const;

export const engine = {
  ...({ name: 'onnxruntime', version: '1', precision: 'float32', threads: null } as const),
  instructions: 'avx2',
} as const;

export function offer(threads: number): Offer {
  return {
    engines: [{ name: 'onnxruntime', precision: 'float32', version: '1' }],
    ...{ instructions: 'avx2', threads, memoryBytes: 1e9 },
  };
}

export function scoreOf(genotype: string): CandidateScore {
  const zico = seedOf(genotype) / 1e7;
  const biases = { live: 1, all: 2 };
  return {
    ...{ zico, zicoCapped: zico / 2, bias: 1, biases: { deployment: biases, scoring: biases } },
    facts: { layers: 1, liveLayers: 1, lnChannels: 2, proxies: {} },
    termCap: 10,
    losses: [2.5, zico],
    layers: [
      {
        ...{ name: 'stem', kind: 'Conv' as const, weights: 432, height: 4, width: 4, channels: 16 },
        ...{ sum: zico, sumCapped: 1, gradientNorms: [0.1, 0.3] },
      },
    ],
    ...{ engine: identity, seconds: 0.25 },
  };
}

/** Different networks of the space. */
export function genotypes(count: number, seed = 1): readonly Genotype[] {
  const random = generatorFor('farm tests', seed);
  const found = new Set<Genotype>();
  while (found.size < count) found.add(space.sample(random));
  return [...found];
}
