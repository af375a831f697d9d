/** The block of memory that a plan computes in: what of it is used again, and how it is asked for. */
import { readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { builtVersion } from '../../../../main/engine/onednn/addon.ts';
import { computeNativeStatistics } from '../../../../main/engine/onednn/statistics.ts';
import { activation, batchSize, chain, size } from '../../../support/native-chain.ts';
import type { Growth } from '../../../support/native-growth.ts';
import { GraphBuilder } from '../../../../main/graph/builder.ts';
import type { Graph } from '../../../../main/graph/graph.ts';
import { withInitialWeights } from '../../../../main/graph/weights.ts';
import { randomBatches } from '../../../support/random-batches.ts';
import type { Known } from '../../../../main/common/known.ts';

const run = promisify(execFile);
/** A program, since the block is that of a process: here other tests have one already. */
const growth = path.join(import.meta.dirname, '../../../support/native-growth.ts');

async function bytesOf(graph: Graph): Promise<number> {
  const batches = randomBatches({ batchSize, inputShape: [3, size, size] });
  const { native } = await computeNativeStatistics(graph, batches, 100, 1);
  return native.arenaBytes;
}

describe.skipIf(builtVersion() === null)('the memory of a plan', () => {
  it.runIf(process.platform === 'linux')('grows by new pages beside those it has', async () => {
    const { stdout } = await run(process.execPath, [growth]);
    const [small, large, again] = JSON.parse(stdout) as Known<Growth>;
    const hugePage = 2 ** 21;
    const mapped = (bytes: number) => Math.ceil(bytes / hugePage) * hugePage;
    const whole = mapped(large.arenaBytes);
    expect(small.freshBytes).toBe(mapped(small.arenaBytes));
    expect(whole).toBeGreaterThan(mapped(small.arenaBytes));
    // A system may refuse to move pages, and then all are new; arena-alone.test.ts knows whether this one does.
    expect([whole - mapped(small.arenaBytes), whole]).toContain(large.freshBytes);
    expect(again.freshBytes).toBe(0);
    expect(again.layers).toEqual(large.layers);
  });

  it('grows by what the way back needs of a layer, and by none of its gradients', async () => {
    const [short, long] = [await bytesOf(chain(6)), await bytesOf(chain(18))];
    const aLayer = (long - short) / 12;
    // The input of the convolution and that of the normalisation; gradients live for a step or two.
    expect(aLayer / activation).toBeGreaterThan(1.9);
    expect(aLayer / activation).toBeLessThan(2.4);
  });

  it.runIf(process.platform === 'linux')(
    'is known before it is asked for: a network that needs more is refused untouched',
    async () => {
      const graph = chain(24);
      const needed = await bytesOf(graph);
      const batches = randomBatches({ batchSize, inputShape: [3, size, size] });
      const within = (bytes: number) =>
        computeNativeStatistics(graph, batches, 100, 1, false, 'float32', bytes);
      await expect(within(0.99 * needed)).rejects.toMatchObject({
        code: 'memory-lower-bound',
        message: expect.stringMatching(/"chain" needs at least \d+ MiB.* are allowed/) as string,
      });
      await expect(within(1.1 * needed)).resolves.toBeDefined();
      // Of 4 GiB and more not a page is touched.
      const wide = new GraphBuilder();
      let x = wide.image('input', [3, size, size]);
      x = wide.conv('a', x, { inChannels: 3, outChannels: 2 ** 17, kernel: 3 });
      x = wide.globalAveragePool(wide.relu(x));
      const logits = wide.linear('head', wide.flatten(x), 2 ** 17, 10);
      const huge = withInitialWeights(wide.build('wide', [logits]), 'pytorch-default', 1);
      const before = process.memoryUsage().rss;
      await expect(
        computeNativeStatistics(huge, batches, 100, 1, false, 'float32', 2 ** 31),
      ).rejects.toMatchObject({ code: 'memory-lower-bound' });
      expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
    },
  );

  it.runIf(process.platform === 'linux')(
    'is one block, asked for in huge pages, that stays for the next network',
    async () => {
      const needed = await bytesOf(chain(18));
      const [block, ...others] = hugeBlocks(needed) as Known<ReturnType<typeof hugeBlocks>[number]>;
      expect(others).toEqual([]);
      expect(Number.parseInt(block.start, 16) % 2 ** 21).toBe(0);
      if (!readFileSync(hugePages, 'utf8').includes('[never]')) {
        expect(block.hugeBytes).toBeGreaterThan(0.5 * needed);
      }
      await bytesOf(chain(3)); // smaller: the same block
      expect(hugeBlocks(needed).map(({ start }) => start)).toEqual([block.start]);
      const more = await bytesOf(chain(30));
      expect(hugeBlocks(needed)).toHaveLength(1); // larger: another in its place
      expect(hugeBlocks(more)).toHaveLength(1);
    },
  );
});

const hugePages = '/sys/kernel/mm/transparent_hugepage/enabled';

/** Mappings of this process of at least so many bytes that asked for huge pages. */
function hugeBlocks(atLeast: number) {
  const mappings = readFileSync('/proc/self/smaps', 'utf8').split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  return mappings
    .map((text) => ({
      start: text.slice(0, text.indexOf('-')),
      bytes: 1024 * Number(/^Size:\s+(\d+)/m.exec(text)?.[1]),
      hugeBytes: 1024 * Number(/^AnonHugePages:\s+(\d+)/m.exec(text)?.[1]),
      asked: /^VmFlags:.*\bhg\b/m.test(text),
    }))
    .filter(({ asked, bytes }) => asked && bytes >= atLeast);
}
