/**
 * TensorFlow Lite's own benchmark program, provided by the user:
 * https://ai.google.dev/edge/litert/models/measurement says where to get it. It gets the files that the Workbench
 * writes, or what a converter of the user's makes of ONNX models.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { WorkbenchError } from '../../errors.ts';
import { putRuntime } from './bundle-on-phone.ts';
import {
  latencyUnits,
  type LatencyUnit,
  type TfliteDelegate,
} from '../../common/phone-settings.ts';
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { ShellResult } from '../device.ts';
import { runnerNotSetUp } from './latency-pattern.ts';
import { benchmarkPlacement } from './placements.ts';
import { ModelsOnPhone } from './models-on-phone.ts';
import { assertArm64 } from './own-runners.ts';
import { shellWord } from '../shell-word.ts';
import type { PhoneRunner } from './runner.ts';
import { lastWords, startProgram, wrongArchitecture } from './shell-run.ts';
import { silent } from './template.ts';
import type { Known } from '../../common/known.ts';

export interface TfliteSettings {
  /** benchmark_model for arm64, on this computer. */
  readonly benchmark: string;
  /** Program on this computer and its arguments; {onnx} and {tflite} are filled in. Null: no converter. */
  readonly converter: readonly string[] | null;
  readonly delegate: TfliteDelegate;
  /** Further arguments, such as --gpu_precision_loss_allowed=false. */
  readonly flags: readonly string[];
  /** Given with every latency, since the product cannot know it. */
  readonly version: string;
  /** Of what the converter writes. */
  readonly precision: string;
  /** Milliseconds that one conversion may take. */
  readonly conversionLimitMs: number;
}

/** Its own time limits are switched off, so that only the number of runs decides. */
const withoutLimits = ['--warmup_min_secs=0', '--min_secs=0', '--max_secs=3600'];
const delegateFlags: Readonly<Record<TfliteDelegate, readonly string[]>> = {
  cpu: [],
  gpu: ['--use_gpu=true'],
  nnapi: ['--use_nnapi=true'],
  hexagon: ['--use_hexagon=true'],
};

/** It prints the average of its runs and not the runs, so a latency of this runner has one entry per repeat. */
export function tfliteRunner(settings: TfliteSettings, precision: DeployedPrecision): PhoneRunner {
  const name = 'benchmark_model';
  const { converter, delegate } = settings;
  const written = converter === null;
  return {
    name: 'tflite',
    // What a converter makes is its own affair.
    model: written ? { format: 'tflite', precision } : { format: 'onnx', precision: 'float32' },
    async probe(device, signal) {
      assertSetUp(settings);
      await assertArm64(device, signal);
    },
    async deploy(device, { onPush, signal } = {}) {
      const bytes = readFileSync(settings.benchmark);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const remote = await putRuntime(
        device,
        {
          name: 'tflite',
          folder: path.dirname(settings.benchmark),
          files: { [path.basename(settings.benchmark)]: sha256 },
        },
        { ...(onPush && { onPush }), ...(signal && { signal }) },
      );
      const models = new ModelsOnPhone(device, '.tflite');
      return {
        async load(model, options) {
          const put = (file: string) => models.put(model.sha256, file, options);
          if (written) await put(model.path);
          else await converted(converter, settings, model.path, options?.signal, put);
        },
        async run({ model, warmUp, runs, threads, mask, limitMs, signal: stop }) {
          const words = [
            `--graph=${models.pathOf(model.sha256)}`,
            ...[`--num_threads=${threads}`, `--warmup_runs=${warmUp}`, `--num_runs=${runs}`],
            ...withoutLimits,
            ...delegateFlags[delegate],
            ...settings.flags,
          ];
          const program = shellWord(`./${path.basename(settings.benchmark)}`);
          const command = `${program} ${words.join(' ')}`;
          const start = { folder: remote, command, mask, limitMs, signal: stop };
          const result = await startProgram(device, start);
          const said = `${result.stdout}\n${result.stderr}`;
          if (delegate !== 'cpu') assertDelegated(result, said, delegate);
          const average = averageIn(result, said);
          return {
            ...silent,
            engine: 'tensorflow-lite',
            version: settings.version,
            provider:
              [...(delegate === 'cpu' ? [] : [delegate]), ...settings.flags].join(' ') || 'cpu',
            precision: written ? precision : settings.precision,
            latenciesMs: [average],
            firstMs: stated(said, 'First inference'),
            loadMs: stated(said, 'Init'),
            placement: benchmarkPlacement(said, delegate),
          };
        },
        unload: ({ sha256: model }) => models.remove(model),
      };
    },
  };

  function assertSetUp({ benchmark, converter, flags }: TfliteSettings): void {
    if (!existsSync(benchmark)) throw runnerNotSetUp(`There is no ${name} at ${benchmark}.`);
    assertArm64Program(benchmark);
    const filled = converter?.join(' ') ?? '{onnx} {tflite}';
    if (!filled.includes('{onnx}') || !filled.includes('{tflite}')) {
      throw runnerNotSetUp('The converter has to name {onnx} and {tflite}.');
    }
    const plain = /^--?[\w=./:,-]+$/;
    const odd = flags.find((flag) => !plain.test(flag));
    if (odd !== undefined) throw runnerNotSetUp(`"${odd}" is not an argument of ${name}.`);
  }
}

/** Throws `wrong-architecture` for a program that is not for 64-bit ARM. */
export function assertArm64Program(file: string): void {
  const header = readFileSync(file).subarray(0, 20);
  const elf = header.length === 20 && header.readUInt32BE(0) === 0x7f454c46;
  if (elf && header[4] === 2 && header.readUInt16LE(18) === 183) return;
  throw wrongArchitecture(`${file} is ${elf ? 'for another processor' : 'not a Linux program'}`);
}

/** Milliseconds of a figure of its last lines: microseconds, unless LiteRT's newer program names a unit. */
function stated(said: string, figure: string): number | null {
  const pattern = new RegExp(`${figure}:[ \\t]*([\\d.e+]+)[ \\t]*(ns|us|ms|s)?(?![\\w.])`, 'g');
  const last = [...said.matchAll(pattern)].at(-1);
  return last ? Number(last[1]) * latencyUnits[(last[2] ?? 'us') as LatencyUnit] : null;
}

/** Throws `runner-failed`, `runner-no-latency`. */
function averageIn(result: ShellResult, said: string): number {
  const average = result.exitCode === 0 ? stated(said, String.raw`Inference \(avg\)`) : null;
  if (average !== null && average > 0) return average;
  const words = lastWords(result);
  throw new WorkbenchError(
    result.exitCode === 0 ? 'runner-no-latency' : 'runner-failed',
    `benchmark_model ended with ${result.exitCode} and no average of its runs${words && `: ${words}`}.`,
    'Try it by hand with "adb shell"; --graph takes a file that "zico convert" writes.',
  );
}

/** Nothing runs elsewhere in a delegate's name. Throws `delegate-refused`. */
function assertDelegated(result: ShellResult, said: string, delegate: TfliteDelegate): void {
  const applied = /Explicitly applied .* delegate, and the model graph will be/i.test(said);
  if (result.exitCode === 0 && applied) return;
  const words = lastWords(result);
  throw new WorkbenchError(
    'delegate-refused',
    `The delegate ${delegate} did not take this network${words && `: ${words}`}.`,
    'Measure it with another delegate, or with cpu; another precision may suit it as well.',
  );
}

async function converted(
  converter: readonly string[],
  { conversionLimitMs }: TfliteSettings,
  onnx: string,
  signal: AbortSignal | undefined,
  use: (file: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'zico-tflite-'));
  const tflite = path.join(folder, 'model.tflite');
  const [program, ...args] = converter.map((word) =>
    word.replaceAll('{onnx}', onnx).replaceAll('{tflite}', tflite),
  ) as Known<string>;
  try {
    await promisify(execFile)(program, args, {
      timeout: conversionLimitMs,
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw conversionFailed(cause instanceof Error ? cause.message : String(cause), cause);
    });
    if (!existsSync(tflite)) throw conversionFailed('it wrote no file');
    await use(tflite);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function conversionFailed(reason: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    'conversion-failed',
    `The converter to TensorFlow Lite failed: ${reason.trim().slice(-400)}.`,
    'Try the converter by hand on this model.',
    { cause },
  );
}
