/** The cores on which a measurement runs: read from the phone, chosen by kind or mask. */
import { WorkbenchError } from '../../errors.ts';
import { clustersOf } from '../clusters.ts';
import type { CoreCluster } from '../../common/phones.ts';
import type { Device } from '../device.ts';
import type { CoreChoice } from '../../common/phone-settings.ts';
import { shortLimitMs } from '../remote-folder.ts';

const mostCores = 16;

/** One round trip. Throws `no-such-cores` where the phone does not say, what `Device.shell` throws. */
export async function readClusters(
  device: Device,
  signal?: AbortSignal,
): Promise<readonly CoreCluster[]> {
  const { stdout } = await device.shell(
    `for i in $(seq 0 ${mostCores - 1}); do cat /sys/devices/system/cpu/cpu$i/cpufreq/cpuinfo_max_freq 2>/dev/null || echo -; done`,
    { timeoutMs: shortLimitMs, ...(signal && { signal }) },
  );
  const lines = stdout.trim().split('\n');
  const present = lines.flatMap((line, core) =>
    /^\d+$/.test(line) ? [[core, Number(line)] as const] : [],
  );
  const clusters = clustersOf(new Map(present));
  if (clusters.length > 0) return clusters;
  throw new WorkbenchError(
    'no-such-cores',
    `${device.serial} does not say how fast its cores are.`,
    'Name the cores yourself as a mask, such as c0.',
  );
}

/**
 * @param clusters slowest first, at least one
 * @returns the cores to run on: big the fastest, little the slowest, mid the one between them
 * @throws WorkbenchError `no-such-cores`
 */
export function chooseCores(clusters: readonly CoreCluster[], choice: CoreChoice): CoreCluster {
  if (typeof choice === 'object') return masked(clusters, choice.mask);
  if (choice === 'big') return clusters[clusters.length - 1]!;
  if (choice === 'little') return clusters[0]!;
  if (clusters.length >= 3) return clusters[clusters.length - 2]!;
  throw noSuchCores(`This phone has ${clusters.length} kinds of cores, none between the others.`);
}

function masked(clusters: readonly CoreCluster[], mask: number): CoreCluster {
  const known = clusters.filter((cluster) => (cluster.mask & mask) !== 0);
  const all = clusters.reduce((sum, cluster) => sum | cluster.mask, 0);
  if (mask <= 0 || (mask & ~all) !== 0) {
    throw noSuchCores(`The mask ${mask.toString(16)} names cores that are not there.`, all);
  }
  const cores = known.flatMap((cluster) => cluster.cores).filter((core) => (mask >> core) & 1);
  return { cores, maxKHz: Math.max(...known.map(({ maxKHz }) => maxKHz)), mask };
}

function noSuchCores(message: string, all?: number): WorkbenchError {
  const hint =
    all === undefined ? 'Choose big or little.' : `All cores together are ${all.toString(16)}.`;
  return new WorkbenchError('no-such-cores', message, hint);
}
