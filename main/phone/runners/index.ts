/** The runners in the order in which they are tried. */
import { WorkbenchError } from '../../errors.ts';
import { ownRunner } from './own-runners.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import { ownRunners, type RunnerName } from '../../common/phone-settings.ts';
import type { ModelKind, PhoneRunner } from './runner.ts';
import { templateRunner, type CommandTemplate } from './template.ts';
import { tfliteRunner, type TfliteSettings } from './tflite.ts';

export type { RunnerName };

/** Runners that are on no phone unless somebody sets them up. */
export interface RunnerSettings {
  readonly tflite?: TfliteSettings | undefined;
  readonly command?: CommandTemplate | undefined;
}

/**
 * Without a name: the product's own runners on the CPU, the one with the phone's libc first. Accelerators give
 * other numbers, so they are used only on request.
 * @param precision of the models that they run
 * @param folder where the bundles are, by default dist/runner
 * Throws `runner-not-set-up`.
 */
export function runnersFor(
  name: RunnerName | null,
  settings: RunnerSettings = {},
  precision: DeployedPrecision = 'float32',
  folder?: string,
): readonly PhoneRunner[] {
  switch (name) {
    case null:
      return (['ort-android-cpu', 'ort-glibc-cpu'] as const).map((one) =>
        ownRunner(one, precision, folder),
      );
    case 'tflite':
      return [tfliteRunner(settings.tflite ?? missing(name), precision)];
    case 'command':
      return [templateRunner(settings.command ?? missing(name), precision)];
    default:
      return [ownRunner(name, precision, folder)];
  }
}

/**
 * The files that a run's runner takes, whichever phone it is on.
 * @param converted whether a converter of the user's writes what `tflite` runs
 */
export function modelKindOf(
  name: RunnerName | null,
  precision: DeployedPrecision,
  converted: boolean,
): ModelKind {
  const own = ownRunners.find((one) => one === name);
  if (own) return ownRunner(own, precision).model;
  if (name !== 'tflite') return { format: 'onnx', precision };
  return converted ? { format: 'onnx', precision: 'float32' } : { format: 'tflite', precision };
}

function missing(name: RunnerName): never {
  throw new WorkbenchError(
    'runner-not-set-up',
    `The runner ${name} was not set up.`,
    'Name its program first: "zico measure --help" shows how.',
  );
}
