/** Trained models of candidates of a real run, on the real store and the real latency of this computer. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultSearchSettings } from '../../../main/common/settings/index.ts';
import { toDeployed } from '../../../main/graph/deployed/index.ts';
import { writeDeployableOnnx } from '../../../main/graph/onnx/write.ts';
import type { CandidateId } from '../../../main/run/candidate.ts';
import { initialNetwork } from '../../../main/space/initial-network.ts';
import { spaceOfRun } from '../../../main/space/index.ts';
import { openRunForWriting, openRunReadOnly } from '../../../main/store/run-file.ts';
import { workbenchInFolder } from '../../support/workbench-in-folder.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 }); // real children, on a machine that may be busy

const settings = {
  ...defaultSearchSettings,
  candidates: 6,
  batchSize: 2,
  latency: 'macs',
} as const;
const never = new AbortController().signal;
const stated = { accuracy: 71.2, metric: ' top-1 ', data: 'CIFAR  test' };

const own = workbenchInFolder('trained');
let file: string;
beforeAll(async () => {
  file = path.join(own.folder, 'run.zico');
  await (
    await own.workbench.startSearch(settings, file, () => undefined)
  ).finished;
});

const id = (number: number) => number as CandidateId;

function candidates() {
  const run = openRunReadOnly(file);
  try {
    return { info: run.info(), candidates: run.candidates(), trained: run.trained() };
  } finally {
    run.close();
  }
}

/** A model with weights of its own, norms folded as exporters do in inference form. */
function trainedOf(number: number, seed = 3, folded = true): string {
  const { info, candidates: all } = candidates();
  const space = spaceOfRun(info);
  const genotype = all.find((one) => one.id === number)!.genotype;
  const network = initialNetwork(space, genotype, 'kaiming-normal-fan-out', seed);
  const model = path.join(own.folder, `trained-${number}-${seed}.onnx`);
  writeFileSync(model, writeDeployableOnnx(folded ? toDeployed(network) : network, 1, '0'));
  return model;
}

const attach = (number: number, model: string, said: typeof stated | null = stated) =>
  own.workbench.attachTrained(file, id(number), model, said, [], never);

describe('a trained model', () => {
  it('is attached by the digest of its file, folded or not, and replaced', async () => {
    const model = trainedOf(2);
    const { attached, replaced } = await attach(2, model);
    expect(attached).toMatchObject({
      ...{ candidate: 2, accuracy: 71.2, metric: 'top-1', data: 'CIFAR test', newHead: null },
      digest: createHash('sha256').update(readFileSync(model)).digest('hex'),
      name: path.basename(model),
    });
    expect(replaced).toBeNull();
    const other = await attach(2, trainedOf(2, 4, false), { ...stated, accuracy: 80 });
    expect(other.replaced).toEqual(attached);
    expect(candidates().trained).toEqual([other.attached]);
    expect(own.workbench.detachTrained(file, id(2))).toEqual(other.attached);
    expect(candidates().trained).toEqual([]);
  });

  it('is measured here in float32 and int8, also later and without saying again what it reached', async () => {
    const model = trainedOf(1);
    const first = await attach(1, model);
    const both = ['float32', 'int8'] as const;
    const { attached } = await own.workbench.attachTrained(file, id(1), model, null, both, never);
    expect(attached).toMatchObject({ accuracy: 71.2, attachedAt: first.attached.attachedAt });
    for (const precision of both) {
      const latency = attached.latencies[precision]!;
      expect(latency.latencyMs).toBeGreaterThan(0);
      expect(latency.conditions).toMatchObject({ source: 'host', precision });
    }
    expect(candidates().trained).toEqual([attached]);
  });

  it('of another candidate is refused, and whose it is is said', async () => {
    await expect(attach(3, trainedOf(4))).rejects.toMatchObject({
      code: 'other-network',
      message: expect.stringMatching(
        /^trained-4-3\.onnx is not the network of candidate 3: Its layer \d+ is a/,
      ) as string,
      hint: 'It is the network of candidate 4: attach it there.',
    });
  });

  it.each([
    ['a candidate that is not there', () => attach(99, trainedOf(1)), 'unknown-candidate'],
    [
      'a file that is not there',
      () => attach(1, path.join(own.folder, 'no.onnx')),
      'file-not-found',
    ],
    ['a file that is no model', () => attach(1, file), 'not-onnx'],
    ['an accuracy that nobody gave', () => attach(5, trainedOf(5), null), 'bad-accuracy'],
    [
      'an accuracy out of range',
      () => attach(5, trainedOf(5), { ...stated, accuracy: 101 }),
      'bad-accuracy',
    ],
  ])('is not attached where there is %s', async (_, attaching, code) => {
    const before = candidates().trained;
    await expect(attaching()).rejects.toMatchObject({ code });
    expect(candidates().trained).toEqual(before);
  });

  it('is not attached while a search has the file open for writing', async () => {
    const model = trainedOf(5);
    const writing = openRunForWriting(file);
    await expect(attach(5, model)).rejects.toMatchObject({ code: 'run-in-use' });
    writing.close();
    await attach(5, model);
    own.workbench.detachTrained(file, id(5));
  });

  it('changes nothing of how a run goes on', async () => {
    const plain = path.join(own.folder, 'plain.zico');
    const longer = { candidates: 10 };
    await (
      await own.workbench.startSearch(settings, plain, () => undefined)
    ).finished;
    await attach(6, trainedOf(6));
    for (const one of [plain, file]) {
      await (
        await own.workbench.resumeSearch(one, () => undefined, {}, longer)
      ).finished;
    }
    const genotypes = (one: string) => {
      const run = openRunReadOnly(one);
      const found = run.candidates().map(({ genotype, macs }) => [genotype, macs]);
      run.close();
      return found;
    };
    expect(genotypes(file)).toEqual(genotypes(plain));
    expect(genotypes(file)).toHaveLength(10);
    expect(candidates().trained.map(({ candidate }) => candidate)).toContain(6);
  });
});
