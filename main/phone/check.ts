/** First contact: which runner passes the self-test on a phone, without measuring anything. */
import type { Device } from './device.ts';
import type { RunnerIdentity } from '../common/phones.ts';
import { chooseCores, readClusters } from './protocol/clusters.ts';
import { defaultMeasuring } from './protocol/settings.ts';
import { chooseRunner, type ChooseOptions } from './runners/choose.ts';
import type { PhoneRunner } from './runners/runner.ts';

/**
 * Copies the runtime to the phone where it is missing and runs the self-test on the fastest cores.
 * @throws WorkbenchError what `readClusters` and `chooseRunner` throw
 */
export async function checkPhone(
  device: Device,
  runners: readonly PhoneRunner[],
  options: Pick<ChooseOptions, 'onTry' | 'onPush' | 'signal'> = {},
): Promise<RunnerIdentity> {
  const { core, runLimitMs: limitMs } = defaultMeasuring;
  const { mask } = chooseCores(await readClusters(device, options.signal), core);
  const { identity } = await chooseRunner(device, runners, { ...options, mask, limitMs });
  return identity;
}
