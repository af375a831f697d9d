/** Free space on a phone, where runtimes and models go; the parser is pure. */
import type { Device, WaitOptions } from './device.ts';
import type { Known } from '../common/known.ts';

export interface PhoneStorage {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** One round trip; null where the phone does not say. Throws what `Device.shell` throws. */
export async function readStorage(
  device: Device,
  options?: WaitOptions,
): Promise<PhoneStorage | null> {
  // The parent of the product's own folder, because looking must not create anything.
  const { stdout } = await device.shell('df -k /data/local/tmp 2>/dev/null', options);
  return parseStorage(stdout);
}

/** @param df what `df -k` printed: size, used and available are the second to fourth column */
export function parseStorage(df: string): PhoneStorage | null {
  const cells = df.trim().split('\n').at(-1)?.trim().split(/\s+/) ?? [];
  const [total, , free] = cells.slice(1).map(Number) as Known<number>;
  if (cells.length < 6 || !Number.isFinite(total) || !Number.isFinite(free)) return null;
  return { freeBytes: free * 1024, totalBytes: total * 1024 };
}
