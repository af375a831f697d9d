/** The product's own runners: ONNX Runtime with Android's libc, or with a glibc that comes with it. */
import { quietEnvironment } from '../../child/process.ts';
import type { Device } from '../device.ts';
import { shortLimitMs } from '../remote-folder.ts';
import type { BundleKind } from '../runner/bundles.ts';
import { findBundle } from '../runner/find-bundle.ts';
import { putRuntime } from './bundle-on-phone.ts';
import { ModelsOnPhone } from './models-on-phone.ts';
import type { OnnxRuntimeRunnerName } from '../../common/phone-settings.ts';
import { readOrtReport } from './ort-report.ts';
import type { DeployedRunner, PhoneRunner } from './runner.ts';
import { startProgram, wrongArchitecture } from './shell-run.ts';

export type Provider = 'cpu' | 'xnnpack' | 'nnapi';

interface Kind {
  readonly bundle: BundleKind;
  readonly provider: Provider;
  /** How the program in the bundle is started. */
  readonly program: string;
}

/** Otherwise onnxruntime would write an identifier of the phone and report its use (child/process.ts). */
const quiet = Object.entries(quietEnvironment).map(([name, value]) => `${name}=${value}`);
const own = './runner';
/** The phone's linker is not used: everything comes from the bundle's folder. */
const withItsLibc = './ld-linux-aarch64.so.1 --library-path . ./runner';

const kinds = {
  'ort-android-cpu': { bundle: 'android', provider: 'cpu', program: own },
  'ort-android-xnnpack': { bundle: 'android', provider: 'xnnpack', program: own },
  'ort-android-nnapi': { bundle: 'android', provider: 'nnapi', program: own },
  'ort-glibc-cpu': { bundle: 'glibc', provider: 'cpu', program: withItsLibc },
} as const satisfies Readonly<Record<OnnxRuntimeRunnerName, Kind>>;

/** @param folder where the bundles lie, dist/runner unless told */
export function onnxRuntimeRunner(name: OnnxRuntimeRunnerName, folder?: string): PhoneRunner {
  const { bundle, provider, program } = kinds[name];
  return {
    name,
    async probe(device, signal) {
      await findBundle(bundle, folder);
      await assertArm64(device, signal);
    },
    async deploy(device, { onPush, signal } = {}) {
      const files = await findBundle(bundle, folder);
      const remote = await putRuntime(
        device,
        { name: bundle, ...files },
        { ...(onPush && { onPush }), ...(signal && { signal }) },
      );
      return deployed(device, remote, program, provider);
    },
  };
}

function deployed(
  device: Device,
  remote: string,
  program: string,
  provider: Provider,
): DeployedRunner {
  const models = new ModelsOnPhone(device, '.onnx');
  return {
    load: ({ sha256, path }, options) => models.put(sha256, path, options),
    async run({ model, warmUp, runs, threads, mask, limitMs, signal }) {
      const words = [
        ...['--library', './libonnxruntime.so', '--model', models.pathOf(model.sha256)],
        ...['--provider', provider, '--threads', threads, '--warm-up', warmUp, '--runs', runs],
        ...['--limit-s', Math.max(1, Math.ceil(limitMs / 1000))],
      ];
      const command = ['env', ...quiet, program, ...words].join(' ');
      return readOrtReport(
        await startProgram(device, { folder: remote, command, mask, limitMs, signal }),
      );
    },
    unload: ({ sha256 }) => models.remove(sha256),
  };
}

/** Throws `wrong-architecture`. */
export async function assertArm64(device: Device, signal?: AbortSignal): Promise<void> {
  const { stdout } = await device.shell('getprop ro.product.cpu.abi', {
    timeoutMs: shortLimitMs,
    ...(signal && { signal }),
  });
  const abi = stdout.trim();
  if (abi !== 'arm64-v8a')
    throw wrongArchitecture(`${device.serial} is ${abi || 'of unknown kind'}`);
}
