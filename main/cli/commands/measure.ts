import type { Command } from 'commander';
import { isEstimate, timedKinds, type LatencySourceKind } from '../../common/latency-sources.ts';
import { measuringRanges } from '../../common/phone-settings.ts';
import type { MeasuredModelFile } from '../../measure-model/measure-model.ts';
import type { MeasuredOnPhone } from '../../measure-model/measure-on-phone.ts';
import { errorInWords, intervalInWords, reasonsInWords } from '../../latency/conditions.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { precisionHint } from '../../asked/search.ts';
import { deployedPrecisions, type DeployedPrecision } from '../../common/precisions.ts';
import {
  oneOf,
  percentage,
  typedImageSize,
  threads,
  wholeNumberIn,
  wholeNumber,
} from '../options.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { asOption } from '../../asked/called.ts';
import { withModel, type ModelSource } from '../../asked/measured-model.ts';
import { assertOneNetwork, type NetworkOfRun } from '../../asked/network-of-run.ts';
import { dataAgreementHelp } from '../space-option.ts';
import {
  addPhoneOptions,
  hostRunner,
  phoneTarget,
  progressLine,
  readablePhone,
  typedPhoneOption,
  type PhoneOptions,
} from '../phone-options.ts';
import { shownInLine } from '../../common/shown.ts';
import { isPhone, latencyHelp, typedLatency, type TypedLatency } from '../latency-option.ts';
import { modelInWords } from '../model-in-words.ts';
import { latencyColumns, msOf, placementColumn, type MeasuredFile } from '../latency-columns.ts';
import { withSeveralModels, type SeveralOptions } from '../several-models.ts';

interface Options extends PhoneOptions, Partial<NetworkOfRun>, SeveralOptions {
  readonly latency: TypedLatency<LatencySourceKind>;
  readonly runs?: number;
  readonly warmUp?: number;
  readonly threads?: number;
  /** Percent; null for a fixed number of repeats. */
  readonly interval?: number | null;
  readonly size?: readonly [number, number];
  readonly latencyPrecision?: DeployedPrecision;
}

/** `zico measure MODEL.onnx`: the latency of a model. */
export function addMeasureCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('measure')
    .description('measure the latency of an ONNX model: one image, inference form')
    .argument('[models...]', 'ONNX models that take images; or --run with a network of a search')
    .option('--run <file>', 'run file of a search, instead of a model')
    .option('--candidate <id>', 'number of the candidate in that run', wholeNumber({ min: 1 }))
    .option(
      '--genotype <network>',
      "a network of the run's space: where its search did not try it, it is scored first",
    )
    .option('--data <path>', dataAgreementHelp)
    .option('--latency <source>', latencyHelp(timedKinds), typedLatency(timedKinds), 'host')
    .option(
      '--runs <n>',
      'timed runs of each repeat (default: 10; on a phone 50)',
      wholeNumberIn(measuringRanges.runs),
    )
    .option(
      '--warm-up <n>',
      'untimed runs before each repeat (default: 3; on a phone 10)',
      wholeNumberIn(measuringRanges.warmUp),
    )
    .option(
      '--interval <percent>',
      'repeats are taken until the 95 % interval is within this share of the median; none takes all repeats (default: 5%)',
      percentage,
    )
    .option(
      '--latency-precision <kind>',
      'float32, float16 (weights) or int8, of models that are understood (default: float32)',
      oneOf(deployedPrecisions),
    )
    .option('--threads <n>', 'threads of the engine (default: 1)', threads)
    .option(
      '--size <pixels>',
      'height and width where the model leaves them open, such as 224 or 512x1024',
      typedImageSize,
    );
  addPhoneOptions(command)
    .option('--json', 'print JSON; of several models a line each')
    .option('--csv', 'of several models: print a line of CSV each, ranked')
    .addHelpText(
      'after',
      `
Whatever form the file has, BatchNormalization runs by its running statistics and the batch is one image.

Examples:
  zico measure model.onnx
  zico measure model.onnx --runs 100 --warm-up 10 --threads 2 --json
  zico measure models/*.onnx --size 224
  zico measure model.onnx --interval 2% --repeats 40
  zico measure model.onnx --latency predicted-s10-cpu-int8
  zico measure --run runs/a.zico --candidate 17
  zico measure --run runs/a.zico --genotype 24:40:16:48:64 --latency phone
  zico measure model.onnx --latency phone --core mid --runner ort-glibc-cpu
  zico measure model.onnx --latency-precision int8 --runner tflite-cpu
  zico measure model.onnx --latency phone --latency-precision int8 --runner tflite-glibc-cpu
  zico measure model.onnx --latency phone --latency-precision int8 --runner tflite \\
    --benchmark-model ./benchmark_model --delegate nnapi --runner-version 2.17
  zico measure model.onnx --latency phone --runner command --runner-version 1 \\
    --command "/data/local/tmp/bench {model} {runs} {warmup} {threads}" --pattern "took ([0-9.]+) ms"`,
    )
    .action(async (models: readonly string[], options: Options) => {
      if (models.length < 2 && !options.csv) {
        const measured = await measure(modelSource(models[0], options), options, environment);
        print(environment, options, measured, () => inWords(measured));
        return;
      }
      await withSeveralModels(models, environment, options, {
        one: (model) => measure(modelSource(model, options), options, environment),
        columns: isPhone(options.latency) ? [...latencyColumns, placementColumn] : latencyColumns,
        compare: (a, b) => msOf(a) - msOf(b),
        rankedBy: () => 'Ranked by latency.',
      });
    });
}

/** Throws `bad-arguments` unless exactly one model is named. */
function modelSource(
  model: string | undefined,
  { run, candidate, genotype, data }: Options,
): ModelSource {
  if (run === undefined) {
    if (model !== undefined && (candidate ?? genotype) === undefined) return model;
    throw badArguments(
      model === undefined ? 'Nothing to measure is named.' : 'A network of a run needs its run.',
      'Name an ONNX model, or give --run with --candidate or --genotype.',
    );
  }
  if (model !== undefined) {
    throw badArguments('A model and a run are named.', 'Leave one of them out.');
  }
  assertOneNetwork({ candidate, genotype }, asOption);
  return { run, candidate, genotype, data };
}

const inWords = (measured: MeasuredFile): string =>
  'latency' in measured ? readable(measured) : readablePhone(measured);
async function measure(
  model: ModelSource,
  options: Options,
  environment: CliEnvironment,
): Promise<MeasuredFile> {
  const { latency, size = null, runs, warmUp, threads: count, interval, repeats } = options;
  if (
    !isPhone(latency) &&
    isEstimate(latency) &&
    [runs, warmUp, count, interval, repeats].some((n) => n !== undefined)
  ) {
    throw badArguments(
      'An estimate runs nothing, so --runs, --warm-up, --threads, --interval and --repeats do not apply.',
      'Leave them out, or measure with --latency host.',
    );
  }
  const { latencyPrecision: precision } = options;
  if (!isPhone(latency) && isEstimate(latency) && precision !== undefined) {
    throw badArguments(
      `--latency-precision applies to measured latencies; ${latency} is not measured.`,
      precisionHint(latency, precision, asOption),
    );
  }
  if (isPhone(latency)) {
    return await onPhone(model, options, environment);
  }
  // These two options apply to every source that runs the model.
  const odd = typedPhoneOption({ ...options, runs: undefined, warmUp: undefined });
  if (odd !== null) {
    throw badArguments(`${odd} is for phones.`, 'Leave it out, or measure with --latency phone.');
  }
  const { interrupted } = environment;
  const runner = hostRunner(options, latency === 'host', latency);
  return await withServices(environment, (services) =>
    withModel(model, services, interrupted, (file) =>
      services.measureModel(
        { model: file, size },
        {
          ...{ kind: latency, runs, warmUp, threads: count, repeats, precision, runner },
          ...(interval !== undefined && { interval: interval === null ? null : interval / 100 }),
        },
        interrupted,
      ),
    ),
  );
}

async function onPhone(
  model: ModelSource,
  options: Options,
  environment: CliEnvironment,
): Promise<MeasuredOnPhone> {
  const { latency, size = null } = options;
  const say = (line: string | null) => {
    if (line !== null && !options.json) environment.stderr.write(`${shownInLine(line)}\n`);
  };
  const { interrupted } = environment;
  const progress = {
    onTry: (runner: string) => say(`trying ${runner}`),
    onEvent: (event: Parameters<typeof progressLine>[0]) => say(progressLine(event)),
  };
  return await withServices(environment, (services) =>
    withModel(model, services, interrupted, (file) =>
      services.measureOnPhone(
        { model: file, size },
        phoneTarget(latency, options),
        progress,
        interrupted,
      ),
    ),
  );
}

function readable(measured: MeasuredModelFile): string {
  const { model, latency } = measured;
  const { latencyMs, p90Ms, minMs, runsMs, conditions } = latency;
  const ms = (value: number) => `${value.toPrecision(4)} ms`;
  const { estimate, interval } = conditions;
  const unsteady = conditions.host?.unsteady ?? [];
  const figures = estimate
    ? [
        `${model}: about ${ms(latencyMs)}, an estimate and not a measurement`,
        `${estimate.withinMeasuredRange ? '' : 'warning: '}${errorInWords(estimate)}`,
      ]
    : [
        `${model}: ${ms(latencyMs)} (median of ${runsMs.length} runs; ${intervalInWords(interval?.ms ?? null, unsteady, interval?.covers)}; 90th percentile ${ms(p90Ms)}, minimum ${ms(minMs)})`,
      ];
  return [
    ...figures,
    ...(unsteady.length > 0
      ? [`warning: it never became steady: ${reasonsInWords(unsteady)}`]
      : []),
    `${conditions.device}; ${conditions.runner} ${conditions.engineVersion}, ${conditions.precision}, ${conditions.threads} ${conditions.threads === 1 ? 'thread' : 'threads'}`,
    ...modelInWords(measured),
  ].join('\n');
}
