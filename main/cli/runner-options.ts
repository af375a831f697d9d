/** Options for a user's own runner on a phone. */
import path from 'node:path';
import type { Command } from 'commander';
import { latencyUnits, type LatencyUnit, type RunnerName } from '../common/phone-settings.ts';
import type { CommandTemplate } from '../phone/runners/template.ts';
import type { TfliteSettings } from '../phone/runners/tflite.ts';
import { badArguments } from '../asked/bad-arguments.ts';
import { oneOf } from './options.ts';

export interface RunnerOptions {
  readonly runner?: RunnerName;
  readonly benchmarkModel?: string;
  readonly converter?: string;
  readonly benchmarkFlag?: readonly string[];
  readonly command?: string;
  readonly pattern?: string;
  readonly unit?: LatencyUnit;
  readonly runnerEngine?: string;
  readonly runnerVersion?: string;
  readonly runnerPrecision?: string;
}

const units = Object.keys(latencyUnits) as LatencyUnit[];
/** Ten minutes: a converter may load a large framework first. */
const conversionLimitMs = 600_000;

export function addRunnerOptions(command: Command): Command {
  const collect = (word: string, before: readonly string[] = []) => [...before, word];
  return command
    .option(
      '--benchmark-model <file>',
      "runner tflite: TensorFlow Lite's benchmark_model for arm64, on this computer",
    )
    .option(
      '--converter <command>',
      'runner tflite: program on this computer that converts {onnx} to {tflite}; words are separated by spaces',
    )
    .option(
      '--benchmark-flag <flag>',
      'runner tflite: such as --benchmark-flag=--use_gpu=true; may be repeated',
      collect,
    )
    .option(
      '--command <line>',
      "runner command: line for the phone's shell with {model}, {runs}, {warmup}, {threads}",
    )
    .option('--pattern <regex>', 'runner command: its first group is a latency that was printed')
    .option('--unit <unit>', `runner command: ${units.join(', ')} (default: ms)`, oneOf(units))
    .option('--runner-engine <name>', 'runner command: a name stored with every latency')
    .option('--runner-version <version>', 'runners tflite and command: stored with every latency')
    .option('--runner-precision <name>', 'the same (default: float32)');
}

/** Throws `bad-arguments` if an option is missing or belongs to another runner. */
export function runnerSettings(options: RunnerOptions): {
  readonly tflite: TfliteSettings | null;
  readonly command: CommandTemplate | null;
} {
  const { runner, runnerVersion, runnerPrecision: precision = 'float32' } = options;
  const version = (): string => runnerVersion ?? missing(runner, '--runner-version');
  const odd = Object.entries(owners).find(
    ([name, { of }]) =>
      options[name as keyof RunnerOptions] !== undefined && !of.some((one) => one === runner),
  );
  if (odd) {
    throw badArguments(
      `${odd[1].option} is for the runner ${odd[1].of.join(' or ')}.`,
      `Leave it out, or add --runner ${odd[1].of[0]}.`,
    );
  }
  if (runner === 'tflite') {
    const benchmark = options.benchmarkModel ?? missing(runner, '--benchmark-model');
    const converter = options.converter ?? missing(runner, '--converter');
    const words = converter.split(/\s+/).filter((word) => word !== '');
    const flags = options.benchmarkFlag ?? [];
    // A resume may run in another working directory.
    const file = path.resolve(benchmark);
    const tflite = { benchmark: file, converter: words, flags, version: version(), precision };
    return { tflite: { ...tflite, conversionLimitMs }, command: null };
  }
  if (runner === 'command') {
    const command = options.command ?? missing(runner, '--command');
    const pattern = options.pattern ?? missing(runner, '--pattern');
    const engine = options.runnerEngine ?? command.trim().split(/\s+/)[0]!;
    const { unit = 'ms' } = options;
    return {
      tflite: null,
      command: { command, pattern, unit, engine, version: version(), precision },
    };
  }
  return { tflite: null, command: null };
}

const owners: Readonly<
  Record<string, { readonly option: string; readonly of: readonly ('tflite' | 'command')[] }>
> = {
  benchmarkModel: { option: '--benchmark-model', of: ['tflite'] },
  converter: { option: '--converter', of: ['tflite'] },
  benchmarkFlag: { option: '--benchmark-flag', of: ['tflite'] },
  command: { option: '--command', of: ['command'] },
  pattern: { option: '--pattern', of: ['command'] },
  unit: { option: '--unit', of: ['command'] },
  runnerEngine: { option: '--runner-engine', of: ['command'] },
  runnerVersion: { option: '--runner-version', of: ['tflite', 'command'] },
  runnerPrecision: { option: '--runner-precision', of: ['tflite', 'command'] },
};

function missing(runner: RunnerName | undefined, option: string): never {
  throw badArguments(`The runner ${runner} needs ${option}.`, '"zico measure --help" shows how.');
}
