/** Convolutions by Winograd's method: how near, where, always the same, and never without being named. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { nodeProcesses } from '../../../../main/child/node-process.ts';
import { builtVersion, loadAddon } from '../../../../main/engine/onednn/addon.ts';
import { OneDnnEngine } from '../../../../main/engine/onednn/engine.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import { instructionsHere } from '../../../../main/engine/instructions.ts';
import { initialNetwork } from '../../../../main/space/initial-network.ts';
import { spaceNamed } from '../../../../main/space/index.ts';
import { engineEntry, generousLimits } from '../../../support/engines.ts';
import { goldenNames, readGolden } from '../../../support/golden.ts';
import type { WinogradReport } from '../../../support/native-winograd.ts';
import { randomBatches } from '../../../support/random-batches.ts';

vi.setConfig({ testTimeout: 120_000 }); // real children, on a machine that may be busy

const built = builtVersion() !== null;
const program = path.join(import.meta.dirname, '../../../support/native-winograd.ts');
const count = 40;
const here = instructionsHere();

describe.skipIf(!built)('with the instructions', () => {
  const sets = here === 'neon' ? ['neon'] : here === 'avx512' ? ['avx512', 'avx2'] : ['avx2'];

  it.each(sets)('%s, any sizes, channels and pads agree with direct convolutions', async (set) => {
    const env = { ...process.env, ZICO_INSTRUCTIONS: set };
    const { stdout } = await promisify(execFile)(process.execPath, [program, `${count}`], { env });
    const { taken, direct } = JSON.parse(stdout) as Record<'taken' | 'direct', WinogradReport>;
    expect(taken.instructions).toBe(set);
    expect(taken.errors).toHaveLength(count);
    expect(Math.max(...taken.errors)).toBeLessThan(3e-5);
    expect(taken.same).toBeLessThan(count / 4); // it is another arithmetic
    // Strides, dilations and uneven padding are convolved directly.
    expect(direct.same).toBe(count);
  });

  it('scalar, which has no vectors, everything is direct', async () => {
    const env = { ...process.env, ZICO_INSTRUCTIONS: 'scalar' };
    const { stdout } = await promisify(execFile)(process.execPath, [program, '8'], { env });
    const { taken } = JSON.parse(stdout) as Record<'taken' | 'direct', WinogradReport>;
    expect(taken).toMatchObject({ instructions: 'scalar', same: 8 });
  });
});

describe.skipIf(!built || here === 'scalar')('float32-winograd', () => {
  const space = spaceNamed('nats-sss');
  const batches = randomBatches({ batchSize: 8, batches: 4 });
  const network = initialNetwork(space, space.parse('24:16:40:32:64'), 'pytorch-default', 3);
  const score = async (precision: 'float32' | 'float32-winograd', threads = 1) =>
    await computeNativeStatistics(network, batches, 100, threads, false, precision);

  it('gives the same bits again, whatever came between, and leaves float32 as it was', async () => {
    const [full, own] = [await score('float32'), await score('float32-winograd')];
    expect(own.layers).not.toEqual(full.layers);
    expect((await score('float32')).layers).toEqual(full.layers);
    expect((await score('float32-winograd')).layers).toEqual(own.layers);
    full.losses.forEach((loss, i) =>
      expect(Math.abs(own.losses[i]! / loss - 1)).toBeLessThan(1e-5),
    );
  });

  it.each(goldenNames)('comes near PyTorch: %s', async (name) => {
    const { graph, batches: golden, expected } = readGolden(name);
    const { layers, losses } = await computeNativeStatistics(
      ...[graph, golden, 1000, 2, false, 'float32-winograd' as const],
    );
    losses.forEach((loss, i) =>
      expect(Math.abs(loss / expected.losses[i]! - 1)).toBeLessThan(1e-5),
    );
    const apart = layers.flatMap(({ gradientNorms }, i) =>
      gradientNorms.map((norm, b) => Math.abs(norm / expected.layers[i]!.gradientNorms[b]! - 1)),
    );
    const sorted = apart.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(1e-4);
    expect(sorted.at(-1)).toBeLessThan(2e-2); // a mask of a Relu may flip
  });

  it('is named by every score, with the revision of its kernels and the instructions', async () => {
    const engine = new OneDnnEngine({
      ...{ processes: nodeProcesses, entry: engineEntry, threads: 1, limits: generousLimits },
      version: builtVersion('float32-winograd') ?? '',
      ...{ precision: 'float32-winograd', otherwise: null },
    });
    onTestFinished(() => engine.close());
    await engine.useBatches(batches);
    const { engine: identity } = await engine.statistics({ graph: network, termCap: 100 });
    expect(identity).toEqual({
      ...{ name: 'onednn', threads: 1, precision: 'float32-winograd', instructions: here },
      version: expect.stringMatching(/^2\.\d+\.\d+\+k\d+\.w\d+$/) as unknown,
    });
  });

  it('is refused by name where the processor lacks the instructions that a score names', async () => {
    const other = here === 'avx2' ? 'scalar' : 'avx2';
    await expect(
      computeNativeStatistics(network, batches, 100, 1, false, 'float32-winograd', Infinity, other),
    ).rejects.toMatchObject({ code: 'instructions-unavailable' });
    expect(loadAddon().instructions).toBe(here);
  });
});
