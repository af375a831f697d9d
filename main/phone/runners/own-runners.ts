/** The product's own runners: ONNX Runtime with Android's libc, and both engines with a glibc that comes with them. */
import { quietEnvironment } from '../../child/process.ts';
import { WorkbenchError } from '../../errors.ts';
import type { Device } from '../device.ts';
import { shortLimitMs } from '../remote-folder.ts';
import type { BundleKind } from '../runner/bundles.ts';
import { findBundle } from '../runner/find-bundle.ts';
import { putRuntime } from './bundle-on-phone.ts';
import { ModelsOnPhone } from './models-on-phone.ts';
import type { OwnRunnerName } from '../../common/phone-settings.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { ModelFormat } from '../../tflite/timed-file.ts';
import { readOwnReport } from './own-report.ts';
import type { DeployedRunner, ModelKind, PhoneRunner, RunnerReport } from './runner.ts';
import { startProgram, wrongArchitecture } from './shell-run.ts';

interface Kind {
  readonly bundle: BundleKind;
  readonly format: ModelFormat;
  /** How the program in the bundle is started. */
  readonly program: string;
  /** What the program is told besides. */
  readonly words: readonly string[];
}

/** Otherwise onnxruntime would write an identifier of the phone and report its use (child/process.ts). */
const quiet = Object.entries(quietEnvironment).map(([name, value]) => `${name}=${value}`);
const own = './runner';
/** The phone's linker is not used: everything comes from the bundle's folder. */
const withItsLibc = './ld-linux-aarch64.so.1 --library-path . ./runner';

const ofOrt = (provider: string): Pick<Kind, 'format' | 'words'> => ({
  format: 'onnx',
  words: ['--library', './libonnxruntime.so', '--provider', provider],
});

const kinds: Readonly<Record<OwnRunnerName, Kind>> = {
  'ort-android-cpu': { bundle: 'android', program: own, ...ofOrt('cpu') },
  'ort-android-xnnpack': { bundle: 'android', program: own, ...ofOrt('xnnpack') },
  'ort-android-nnapi': { bundle: 'android', program: own, ...ofOrt('nnapi') },
  'ort-glibc-cpu': { bundle: 'glibc', program: withItsLibc, ...ofOrt('cpu') },
  'tflite-glibc-cpu': {
    bundle: 'tflite',
    format: 'tflite',
    program: withItsLibc,
    words: ['--library', './libtensorflowlite_c.so'],
  },
};

/** Which bundle holds it. */
export const bundleOf = (name: OwnRunnerName): BundleKind => kinds[name].bundle;

/** On the phone; none is the beginning of another. */
const runtimeNames: Readonly<Record<BundleKind, string>> = {
  glibc: 'glibc',
  android: 'android',
  tflite: 'own-tflite',
};

/** @param folder where the bundles lie, dist/runner unless told */
export function ownRunner(
  name: OwnRunnerName,
  precision: DeployedPrecision,
  folder?: string,
): PhoneRunner {
  const { bundle, format } = kinds[name];
  const model = { format, precision };
  return {
    ...{ name, model },
    async probe(device, signal) {
      await findBundle(bundle, folder);
      await assertArm64(device, signal);
    },
    async deploy(device, { onPush, signal } = {}) {
      const files = await findBundle(bundle, folder);
      const remote = await putRuntime(
        device,
        { name: runtimeNames[bundle], ...files },
        { ...(onPush && { onPush }), ...(signal && { signal }) },
      );
      return deployed(device, remote, kinds[name], model);
    },
  };
}

function deployed(
  device: Device,
  remote: string,
  { program, words: own }: Kind,
  { format, precision }: ModelKind,
): DeployedRunner {
  const models = new ModelsOnPhone(device, `.${format}`);
  return {
    load: ({ sha256, path }, options) => models.put(sha256, path, options),
    async run({ model, placement, warmUp, runs, threads, mask, limitMs, signal }) {
      const words = [
        ...own,
        ...[
          '--model',
          models.pathOf(model.sha256),
          '--threads',
          threads,
          '--warm-up',
          warmUp,
          '--runs',
          runs,
        ],
        ...['--limit-s', Math.max(1, Math.ceil(limitMs / 1000))],
        // TensorFlow Lite's always says it.
        ...(placement && format === 'onnx' ? ['--placement', 1] : []),
      ];
      const command = ['env', ...quiet, program, ...words].join(' ');
      const start = { folder: remote, command, mask, limitMs, signal };
      const report = readOwnReport(await startProgram(device, start), precision);
      assertTaken(report);
      return report;
    },
    unload: ({ sha256 }) => models.remove(sha256),
  };
}

/** Nothing runs elsewhere in a provider's name. Throws `delegate-refused`. */
function assertTaken({ provider, placement }: RunnerReport): void {
  if (provider === 'cpu' || placement === null || placement.placed > 0) return;
  throw new WorkbenchError(
    'delegate-refused',
    `The provider ${provider} took none of the ${placement.nodes} nodes of this network.`,
    'Measure it with a runner for the CPU, or in another precision.',
  );
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
