/**
 * TensorFlow Lite's own benchmark program, provided by the user:
 * https://ai.google.dev/edge/litert/models/measurement says where to get it. A converter of the user's turns
 * ONNX models into .tflite files.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { WorkbenchError } from '../../errors.ts';
import { putRuntime } from './bundle-on-phone.ts';
import { latenciesIn, runnerNotSetUp } from './latency-pattern.ts';
import { ModelsOnPhone } from './models-on-phone.ts';
import { assertArm64 } from './onnxruntime.ts';
import { shellWord } from '../shell-word.ts';
import type { PhoneRunner } from './runner.ts';
import { startProgram, wrongArchitecture } from './shell-run.ts';
import { silent } from './template.ts';
import type { Known } from '../../common/known.ts';

export interface TfliteSettings {
  /** benchmark_model for arm64, on this computer. */
  readonly benchmark: string;
  /** Program on this computer and its arguments; {onnx} and {tflite} are filled in. */
  readonly converter: readonly string[];
  /** Arguments that choose a delegate, such as --use_gpu=true. */
  readonly flags: readonly string[];
  /** Given with every latency, since the product cannot know it. */
  readonly version: string;
  readonly precision: string;
  /** Milliseconds that one conversion may take. */
  readonly conversionLimitMs: number;
}

/** Its own time limits are switched off, so that only the number of runs decides. */
const withoutLimits = ['--warmup_min_secs=0', '--min_secs=0', '--max_secs=3600'];
const averages = { pattern: String.raw`Inference \(avg\): ([\d.e+]+)`, unit: 'us' } as const;
const firsts = { pattern: String.raw`First inference: ([\d.e+]+)`, unit: 'us' } as const;
const inits = { pattern: String.raw`Init: ([\d.e+]+)`, unit: 'us' } as const;

/** It prints the average of its runs and not the runs, so a latency of this runner has one entry per repeat. */
export function tfliteRunner(settings: TfliteSettings): PhoneRunner {
  const name = 'benchmark_model';
  return {
    name: 'tflite',
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
          await converted(settings, model.path, options?.signal, (file) =>
            models.put(model.sha256, file, options),
          );
        },
        async run({ model, warmUp, runs, threads, mask, limitMs, signal: stop }) {
          const words = [
            `--graph=${models.pathOf(model.sha256)}`,
            ...[`--num_threads=${threads}`, `--warmup_runs=${warmUp}`, `--num_runs=${runs}`],
            ...withoutLimits,
            ...settings.flags,
          ];
          const program = shellWord(`./${path.basename(settings.benchmark)}`);
          const command = `${program} ${words.join(' ')}`;
          const start = { folder: remote, command, mask, limitMs, signal: stop };
          const result = await startProgram(device, start);
          const average = latenciesIn(result, averages).slice(-1)[0]!;
          return {
            ...silent,
            engine: 'tensorflow-lite',
            version: settings.version,
            provider: settings.flags.join(' ') || 'cpu',
            precision: settings.precision,
            latenciesMs: [average],
            firstMs: latenciesIn(result, firsts)[0]!,
            loadMs: latenciesIn(result, inits)[0]!,
          };
        },
        unload: ({ sha256: model }) => models.remove(model),
      };
    },
  };

  function assertSetUp({ benchmark, converter, flags }: TfliteSettings): void {
    if (!existsSync(benchmark)) throw runnerNotSetUp(`There is no ${name} at ${benchmark}.`);
    assertArm64Program(benchmark);
    const filled = converter.join(' ');
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

async function converted(
  { converter, conversionLimitMs }: TfliteSettings,
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
