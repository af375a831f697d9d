/** What kind of phone it is, read once; the parser is pure. */
import { clustersOf } from './clusters.ts';
import type { PhoneIdentity } from '../common/phones.ts';
import type { Device, WaitOptions } from './device.ts';

/** Names that people know -> what the phone calls them. */
const chips: Readonly<Record<string, string>> = {
  exynos9820: 'Exynos 9820',
  universal9820: 'Exynos 9820',
  exynos9825: 'Exynos 9825',
  universal9825: 'Exynos 9825',
  msmnile: 'Snapdragon 855',
};

const query = [
  'getprop',
  'for c in /sys/devices/system/cpu/cpu[0-9]*; do',
  'k=; read k <$c/cpufreq/cpuinfo_max_freq; echo "@core ${c##*/cpu} $k"',
  'done 2>/dev/null',
].join('\n');

/** One round trip. Throws what `Device.shell` throws. */
export async function readIdentity(device: Device, options?: WaitOptions): Promise<PhoneIdentity> {
  return parseIdentity((await device.shell(query, options)).stdout);
}

/** @param text what the phone printed: `[name]: [value]` and `@core NUMBER KHZ` */
export function parseIdentity(text: string): PhoneIdentity {
  const properties = new Map<string, string>();
  const maxKHz = new Map<number, number>();
  for (const line of text.split('\n')) {
    const property = /^\[([^\]]+)\]: \[(.*)\]\r?$/.exec(line);
    if (property) properties.set(property[1]!, property[2]!.trim());
    const core = /^@core (\d+) (\d+)/.exec(line);
    if (core && Number(core[2]) > 0) maxKHz.set(Number(core[1]), Number(core[2]));
  }
  const told = (name: string) => properties.get(name) || null;
  const platform = told('ro.board.platform') ?? told('ro.hardware');
  const sdk = Number(told('ro.build.version.sdk') ?? NaN);
  return {
    serialNumber: told('ro.serialno'),
    model: told('ro.product.model'),
    chip: platform === null ? null : (chips[platform.toLowerCase()] ?? platform),
    android: told('ro.build.version.release'),
    sdk: Number.isInteger(sdk) ? sdk : null,
    abi: told('ro.product.cpu.abi'),
    clusters: clustersOf(maxKHz),
  };
}
