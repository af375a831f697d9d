/** Convolutions of bfloat16 numbers: how near, always the same, and only where the processor has them. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeProcesses } from '../../../../main/child/node-process.ts';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import { instructionsHere } from '../../../../main/engine/instructions.ts';
import { OneDnnEngine } from '../../../../main/engine/onednn/engine.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import { defaultTermCap } from '../../../../main/common/settings/score.ts';
import { scoreOf } from '../../../../main/proxy/zico.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { Engines } from '../../../../main/workbench/engines.ts';
import { engineEntry, generousLimits } from '../../../support/engines.ts';
import { goldenNames, readGolden } from '../../../support/golden.ts';
import { randomBatches } from '../../../support/random-batches.ts';

vi.setConfig({ testTimeout: 120_000 }); // real children, on a machine that may be busy

const built = builtVersion();
const here = built !== null && loadAddon().bf16;
const apart = (actual: number, expected: number) => Math.abs(actual / expected - 1);

function opened(): OneDnnEngine {
  const engine = new OneDnnEngine({
    ...{ processes: nodeProcesses, entry: engineEntry, threads: 1, limits: generousLimits },
    ...{ version: built ?? '', precision: 'bf16', otherwise: null },
  });
  onTestFinished(() => engine.close());
  return engine;
}

describe.skipIf(!here)('bf16 convolutions', () => {
  it.each(goldenNames)('come near PyTorch in single precision: %s', async (name) => {
    const { graph, batches, expected } = readGolden(name);
    const { layers, losses } = await computeNativeStatistics(
      ...[graph, batches, 1000, 2, false, 'bf16' as const],
    );
    losses.forEach((loss, i) => expect(apart(loss, expected.losses[i]!)).toBeLessThan(2e-3));
    const norms = layers.flatMap(({ gradientNorms }, i) =>
      gradientNorms.map((norm, b) => apart(norm, expected.layers[i]!.gradientNorms[b]!)),
    );
    const sorted = norms.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(3e-2);
    expect(sorted.at(-1)).toBeLessThan(0.5);
    expect(sorted.at(-1)).toBeGreaterThan(1e-4); // it is another arithmetic
    expect(apart(scoreOf(layers).zicoCapped, expected.zicoCappedAt1000)).toBeLessThan(0.02);
  });

  it('give the same bits again, whatever came between, and leave float32 as it was', async () => {
    const { graph, batches } = readGolden('group');
    const score = async (precision: 'float32' | 'bf16') =>
      (await computeNativeStatistics(graph, batches, 100, 1, false, precision)).layers;
    const [full, rounded] = [await score('float32'), await score('bf16')];
    expect(rounded).not.toEqual(full);
    expect(await score('float32')).toEqual(full);
    expect(await score('bf16')).toEqual(rounded);
  });

  it('are named by every score', async () => {
    const engine = opened();
    const { graph, batches } = readGolden('plain');
    await engine.useBatches(batches);
    const { engine: identity } = await engine.statistics({ graph, termCap: defaultTermCap });
    expect(identity).toEqual({
      ...{ name: 'onednn', version: built, threads: 1, precision: 'bf16' },
      instructions: instructionsHere(),
    });
  });
});

describe.skipIf(built === null)('on a processor without bfloat16', () => {
  const refusal = { code: 'precision-unavailable', message: /does not multiply bfloat16/ };
  const without = () => {
    // oneDNN and the add-on then take this processor for an older one.
    vi.stubEnv('DNNL_MAX_CPU_ISA', 'AVX2');
    onTestFinished(() => void vi.unstubAllEnvs());
  };

  it('a score is refused by name', async () => {
    without();
    const engine = opened();
    const { graph, batches } = readGolden('plain');
    await engine.useBatches(batches);
    await expect(engine.statistics({ graph, termCap: 100 })).rejects.toMatchObject({
      code: refusal.code,
      message: expect.stringMatching(refusal.message) as unknown,
    });
  });

  it('a search is refused before it begins, and float32 is not', async () => {
    without();
    const engines = new Engines({
      ...{ processes: nodeProcesses, entry: engineEntry, limits: generousLimits, processors: 1 },
    });
    const [space, batches] = [spaceNamed('nats-sss'), randomBatches({ batchSize: 2 })];
    await expect(engines.choose('auto', space, batches, 'bf16')).rejects.toMatchObject({
      code: refusal.code,
      message: expect.stringMatching(refusal.message) as unknown,
    });
    expect(await engines.choose('auto', space, batches)).toEqual({ name: 'onednn', note: null });
  });
});
