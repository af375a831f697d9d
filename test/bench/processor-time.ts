/**
 * `npm run bench -- processor-time [BATCHES] [BATCH_SIZE] [REPEATS] [GENOTYPE,GENOTYPE] [--python PATH]
 * [--instructions avx2]`: what a candidate of the NATS size space costs of a processor, by one thread, in
 * float32 and float32-winograd, against PyTorch (pytorch_throughput.py). Unlike time on the clock it can be
 * compared on a machine that others use as well.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { allocatorEnvironment } from '../../main/child/process.ts';
import type { Precision } from '../../main/common/engines.ts';
import { computeNativeStatistics } from '../../main/engine/onednn/statistics.ts';
import { initialNetwork } from '../../main/space/initial-network.ts';
import { spaceNamed } from '../../main/space/index.ts';
import { drawBatches } from '../../main/task/draw-batches.ts';
import { openImages } from '../../main/task/embedded.ts';
import { benchArguments, Peer, type PeerRun } from './peer.ts';

const six =
  '64:64:64:64:64,40:32:48:24:56,16:24:32:48:40,8:56:32:64:24,48:16:40:56:32,24:64:8:40:16';
const { values, positionals } = benchArguments({ precision: { type: 'string' } });
const [batches = '4', batchSize = '8', repeats = '3', genotypes = six] = positionals;
const archs = genotypes.split(',');

/** In a process of its own, as a computing child starts: means over all networks but the first, untimed one. */
async function ours(precision: Precision): Promise<PeerRun> {
  const space = spaceNamed('nats-sss');
  const images = await openImages(null, path.resolve(import.meta.dirname, '../../main/assets'));
  const drawn = { batches: Number(batches), batchSize: Number(batchSize), seed: 0 };
  const set = await drawBatches(images, drawn);
  const score = (arch: string) => {
    const network = initialNetwork(space, space.parse(arch), 'pytorch-default', 0, 'scoring');
    return computeNativeStatistics(network, set, 100, 1, false, precision);
  };
  await score(archs[0]!);
  const start = process.cpuUsage();
  for (const arch of archs) await score(arch);
  const { user, system } = process.cpuUsage(start);
  return {
    seconds: (user + system) / 1e6 / archs.length,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

function inProcess(precision: Precision): PeerRun {
  const own = [batches, batchSize, repeats, genotypes, '--precision', precision];
  const printed = execFileSync(process.execPath, [import.meta.filename, ...own], {
    env: { ...process.env, ...allocatorEnvironment },
    encoding: 'utf8',
  });
  return JSON.parse(printed) as PeerRun;
}

if (values.precision !== undefined) {
  console.log(JSON.stringify(await ours(values.precision as Precision)));
} else {
  const peer = new Peer(values.python);
  const precisions = ['float32', 'float32-winograd'] as const;
  const found = precisions.map((): PeerRun[] => []);
  const settings = ['--threads', 1, '--batch', batchSize, '--batches', batches];
  for (let repeat = 0; repeat < Number(repeats); repeat++) {
    await peer.measure('pytorch_throughput.py', [...settings, '--processor-time', ...archs]);
    precisions.forEach((precision, i) => found[i]!.push(inProcess(precision)));
  }
  precisions.forEach((precision, i) =>
    peer.compare(
      `processor time of ${archs.length} candidates of nats-sss, each, ${batches} x ${batchSize}, ${precision}`,
      found[i]!,
    ),
  );
}
