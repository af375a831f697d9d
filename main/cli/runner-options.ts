/** Options for a user's own runner on a phone. */
import path from 'node:path';
import type { Command } from 'commander';
import type { HostRunner } from '../common/host-runners.ts';
import {
  latencyUnits,
  tfliteDelegates,
  type LatencyUnit,
  type RunnerName,
  type TfliteDelegate,
} from '../common/phone-settings.ts';
import type { DeployedPrecision } from '../common/precisions.ts';
import type { CommandTemplate } from '../phone/runners/template.ts';
import type { TfliteSettings } from '../phone/runners/tflite.ts';
import { badArguments } from '../asked/bad-arguments.ts';
import { oneOf } from './options.ts';

export interface RunnerOptions {
  readonly runner?: RunnerName | HostRunner;
  readonly benchmarkModel?: string;
  readonly converter?: string;
  readonly delegate?: TfliteDelegate;
  readonly benchmarkFlag?: readonly string[];
  readonly command?: string;
  readonly pattern?: string;
  readonly unit?: LatencyUnit;
  readonly runnerEngine?: string;
  readonly runnerVersion?: string;
  readonly runnerPrecision?: string;
  readonly latencyPrecision?: DeployedPrecision;
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
      'runner tflite: a program on this computer that converts {onnx} to {tflite} in place of the Workbench; words are separated by spaces',
    )
    .option(
      '--delegate <name>',
      `runner tflite: what takes the network, ${tfliteDelegates.join(', ')}; never silently another (default: cpu)`,
      oneOf(tfliteDelegates),
    )
    .option(
      '--benchmark-flag <flag>',
      'runner tflite: such as --benchmark-flag=--gpu_precision_loss_allowed=false; may be repeated',
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
    .option(
      '--runner-precision <name>',
      'of what a converter writes or a command runs (default: the precision in which latencies are asked for)',
    );
}

/** Throws `bad-arguments` if an option is missing or belongs to another runner. */
export function runnerSettings(options: RunnerOptions): {
  readonly tflite: TfliteSettings | null;
  readonly command: CommandTemplate | null;
} {
  const { runner, runnerVersion, runnerPrecision, latencyPrecision = 'float32' } = options;
  const precision = runnerPrecision ?? latencyPrecision;
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
    const { benchmarkFlag: flags = [], delegate = 'cpu' } = options;
    const words = options.converter?.split(/\s+/).filter((word) => word !== '') ?? null;
    assertOnePrecision(options);
    // A resume may come from elsewhere.
    const file = path.resolve(benchmark);
    const tflite = { benchmark: file, converter: words, delegate, flags, version: version() };
    return { tflite: { ...tflite, precision, conversionLimitMs }, command: null };
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
  delegate: { option: '--delegate', of: ['tflite'] },
  benchmarkFlag: { option: '--benchmark-flag', of: ['tflite'] },
  command: { option: '--command', of: ['command'] },
  pattern: { option: '--pattern', of: ['command'] },
  unit: { option: '--unit', of: ['command'] },
  runnerEngine: { option: '--runner-engine', of: ['command'] },
  runnerVersion: { option: '--runner-version', of: ['tflite', 'command'] },
  runnerPrecision: { option: '--runner-precision', of: ['tflite', 'command'] },
};

/** Throws `bad-arguments` where what is written and what is said of it could differ. */
function assertOnePrecision({ converter, latencyPrecision, runnerPrecision }: RunnerOptions): void {
  if (converter !== undefined && latencyPrecision !== undefined) {
    throw badArguments(
      'The converter decides the precision of what it writes; --latency-precision does not.',
      'Leave --converter out, so that the Workbench writes the files, or name what it writes with --runner-precision.',
    );
  }
  if (converter === undefined && runnerPrecision !== undefined) {
    throw badArguments(
      '--runner-precision says what a converter writes; there is none.',
      'Use --latency-precision, which decides what the Workbench writes.',
    );
  }
}

function missing(runner: RunnerName | HostRunner | undefined, option: string): never {
  throw badArguments(`The runner ${runner} needs ${option}.`, '"zico measure --help" shows how.');
}
