/** The runners in the order in which they are tried. */
import { WorkbenchError } from '../../errors.ts';
import { onnxRuntimeRunner } from './onnxruntime.ts';
import type { RunnerName } from '../../common/phone-settings.ts';
import type { PhoneRunner } from './runner.ts';
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
 * @param folder where the bundles are, by default dist/runner
 * Throws `runner-not-set-up`.
 */
export function runnersFor(
  name: RunnerName | null,
  settings: RunnerSettings = {},
  folder?: string,
): readonly PhoneRunner[] {
  switch (name) {
    case null:
      return (['ort-android-cpu', 'ort-glibc-cpu'] as const).map((one) =>
        onnxRuntimeRunner(one, folder),
      );
    case 'tflite':
      return [tfliteRunner(settings.tflite ?? missing(name))];
    case 'command':
      return [templateRunner(settings.command ?? missing(name))];
    default:
      return [onnxRuntimeRunner(name, folder)];
  }
}

function missing(name: RunnerName): never {
  throw new WorkbenchError(
    'runner-not-set-up',
    `The runner ${name} was not set up.`,
    'Name its program first: "zico measure --help" shows how.',
  );
}
