import type { Command } from 'commander';
import { integer } from '../../common/figures.ts';
import { engineWishes, type EngineWish, precisionWishes } from '../../common/engines.ts';
import { versionInWords, type PrecisionWish } from '../../engine/precision.ts';
import type { WeightScheme } from '../../graph/graph.ts';
import { biasCorrected, type BiasChoice } from '../../common/zico-bc.ts';
import { WorkbenchError } from '../../errors.ts';
import type { ModelScore, ScoreModelRequest } from '../../score-model/score-model.ts';
import { presetValues, presetWith, variesBy, type PresetFacts } from '../../common/presets.ts';
import { batchesRange, batchSizeRange } from '../../common/ranges.ts';
import { defaultSearchSettings, type SearchSettings } from '../../common/settings/index.ts';
import { defaultTermCap, type Preset } from '../../common/settings/score.ts';
import { tasks } from '../../common/tasks.ts';
import type { Task } from '../../task/batches.ts';
import { warningInWords } from '../../warning.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import {
  decimal,
  typedImageSize,
  oneOf,
  positive,
  precisionHelp,
  seed,
  threads,
  wholeNumberIn,
} from '../options.ts';
import { optionOf } from '../setting-option.ts';
import { networkToScore } from '../network-to-score.ts';
import { addSpaceOption, type SpaceOption } from '../space-option.ts';
import { table } from '../table.ts';

const weightChoices = ['file', 'kaiming', 'pytorch-default'] as const;
const schemes: Readonly<Record<Exclude<(typeof weightChoices)[number], 'file'>, WeightScheme>> = {
  kaiming: 'kaiming-normal-fan-out',
  'pytorch-default': 'pytorch-default',
};

interface Options extends SpaceOption, Partial<BiasChoice> {
  readonly task?: Task;
  readonly data?: string;
  readonly kind?: string;
  readonly inputs?: string;
  readonly targets?: string;
  readonly batchSize?: number;
  readonly batches?: number;
  readonly seed: number;
  readonly weights: (typeof weightChoices)[number];
  readonly beta?: number;
  readonly output?: string;
  readonly ignoreNoise?: boolean;
  readonly termCap?: number;
  readonly preset?: Preset;
  readonly deploymentSize?: readonly [number, number];
  readonly threads?: number;
  readonly engine: EngineWish;
  readonly precision?: PrecisionWish;
  readonly json?: boolean;
}

/** `zico score MODEL.onnx`: the score of a model on images of its task. */
export function addScoreCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('score')
    .description('score an ONNX model, or a network of a search space, on images of its task')
    .argument('<model>', 'ONNX model that takes images and gives logits; with --space a genotype');
  addSpaceOption(command, 'score a network of this search space, as a search scores it')
    .option(
      '--task <task>',
      'what the network does (default: what --data are for, else classification)',
      oneOf(tasks),
    )
    .option('--data <path>', 'images with targets (default: those shipped with zico for the task)')
    .option('--kind <kind>', 'read --data as this kind of data (default: detected)')
    .option(
      '--output <name>',
      'score this output of a model that has several (default: the first that fits)',
    )
    .option('--inputs <file>', 'instead of --data: .npy, float32, N x C x H x W, normalised')
    .option('--targets <file>', 'with --inputs: class of each image as .npy, int64, N')
    .option(
      '--batch-size <n>',
      'images in a batch (default: by preset, task and size; with --inputs, half of the images)',
      wholeNumberIn(batchSizeRange),
    )
    .addOption(optionOf('preset')!)
    .option('--batches <n>', 'batches (default: the preset’s)', wholeNumberIn(batchesRange))
    .option('--seed <n>', 'of the images drawn and of fresh weights', seed, 0)
    .option(
      '--weights <weights>',
      "the file's, or fresh ones: Kaiming normal (fan-out) or PyTorch's default",
      oneOf(weightChoices),
      'file',
    )
    .option(
      '--beta <number>',
      'strength of the bias correction; 0 is plain ZiCo (default: 2 for segmentation, else 1; of a space the preset’s)',
      decimal({ min: 0 }),
    )
    .option(
      '--term-cap <number>',
      `cap of a term in the capped scores (default: ${defaultTermCap})`,
      positive,
    )
    .addOption(optionOf('biasSize')!)
    .addOption(optionOf('biasLayers')!)
    .option(
      '--deployment-size <pixels>',
      "size of the images deployed for, of which the bias is counted, such as 224 or 512x1024 (default: the space's; of a model that of the images scored)",
      typedImageSize,
    )
    .option(
      '--threads <n>',
      'threads of the engine; scores of onednn depend on it, those of onnxruntime do not',
      threads,
    )
    .option(
      '--engine <name>',
      'what computes: onednn, onnxruntime or auto, which takes onednn where it can',
      oneOf(engineWishes),
      'auto',
    )
    .option('--precision <name>', precisionHelp, oneOf(precisionWishes))
    .option('--ignore-noise', 'leave out layers that get nothing but rounding noise')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
BatchNormalization runs in training mode, whatever the file says. Weights may lie in files beside the
model. Segmentation takes one output of N x classes x h x w; detection a class map and a box map for each
level, nine anchors a place.

Examples:
  zico score model.onnx
  zico score segmenter.onnx --task segmentation --data cityscapes/ --batch-size 2
  zico score model.onnx --weights kaiming --seed 3
  zico score --space nats-sss 16:24:8:32:40 --seed 7
  zico score model.onnx --inputs images.npy --targets classes.npy --batch-size 64 --json`,
    )
    .action((model: string, options: Options) => score(model, options, environment));
}

async function score(model: string, options: Options, environment: CliEnvironment): Promise<void> {
  const asked = requestOf(model, options);
  const { request, space } =
    options.space === undefined
      ? { request: asked, space: null }
      : await networkToScore(asked, options);
  const { batches, termCap } = usualOf(options);
  const scored = await withServices(environment, async (services) => {
    const engine = services.openEngine({
      threads: options.threads ?? null,
      engine: options.engine,
      precision: options.precision,
      // As of a search: without a cap it goes by the plain score, which direct convolutions compute.
      scored: { termCap, batches },
    });
    try {
      return await services.scoreModel(request, engine, environment.interrupted);
    } finally {
      await engine.close();
    }
  });
  const { task, data } = scored;
  const varies = space === null ? 'blocks' : variesBy(space.depth);
  const facts = { task, scoringShape: data.inputShape, varies } as const;
  const { preset, values } = presetWith(givenOf(options, scored), facts, usualPreset);
  const report = reportOf(scored, preset, values.beta);
  print(environment, options, report, () => readable(report));
}

const usualPreset: Preset = defaultSearchSettings.preset;
/** Of what a preset says for every task and size. */
const anyNetwork: PresetFacts = {
  ...{ task: 'classification', scoringShape: [3, 32, 32], varies: 'blocks' },
};

/** What follows from the preset, whatever is scored, and from what was typed beside it. */
function usualOf({ preset, batches, termCap, biasSize, biasLayers, ...rest }: Options) {
  const usual = presetValues(preset ?? usualPreset, anyNetwork);
  // Arrays without a batch size are two batches.
  const arrays = rest.inputs !== undefined || rest.targets !== undefined;
  return {
    batches: batches ?? (arrays ? 2 : usual.batches),
    termCap: termCap ?? usual.termCap,
    bias: {
      biasSize: biasSize ?? usual.biasSize,
      biasLayers: biasLayers ?? usual.biasLayers,
    },
  };
}

/** What was asked for otherwise than by a preset, and what arrays make of it. */
function givenOf(options: Options, { batches, batchSize }: ModelScore): Partial<SearchSettings> {
  const { preset, beta, termCap, biasSize, biasLayers, weights } = options;
  const arrays = options.inputs !== undefined;
  return {
    ...(preset && { preset }),
    ...(beta !== undefined && { beta }),
    ...(termCap !== undefined && { termCap }),
    ...(biasSize && { biasSize }),
    ...(biasLayers && { biasLayers }),
    ...((arrays || options.batches !== undefined) && { batches }),
    ...((arrays || options.batchSize !== undefined) && { batchSize }),
    ...(weights !== 'file' && { weights: schemes[weights] }),
  };
}

function requestOf(model: string, options: Options): ScoreModelRequest {
  const { weights, termCap = defaultTermCap, deploymentSize } = options;
  return {
    model,
    data: dataOf(options),
    weights: weights === 'file' ? weights : { scheme: schemes[weights], seed: options.seed },
    termCap,
    bias: usualOf(options).bias,
    deploymentSize,
    ...(options.output !== undefined && { output: options.output }),
    ...(options.ignoreNoise && { ignoreNoise: true }),
  };
}

function dataOf(options: Options): ScoreModelRequest['data'] {
  const { inputs, targets, data = null, task = null, kind = null, batches, seed } = options;
  const { preset = usualPreset } = options;
  const batchSize = options.batchSize ?? null;
  if (inputs === undefined && targets === undefined) {
    if (kind !== null && data === null) {
      throw contradiction('--kind says what --data is, which is not given.');
    }
    const choice = { data, task, kind };
    const drawn = { batches: usualOf(options).batches, batchSize, preset, seed };
    return { kind: 'drawn', choice, ...drawn };
  }
  if (inputs === undefined || targets === undefined) {
    throw contradiction('--inputs and --targets belong together, but only one of them is given.');
  }
  const other = data !== null ? '--data' : kind !== null ? '--kind' : batches ? '--batches' : null;
  if (other !== null) throw contradiction(`--inputs and ${other} exclude each other.`);
  if (task !== null && task !== 'classification') {
    throw contradiction(`--inputs and --targets hold images for classification, not for ${task}.`);
  }
  return { kind: 'arrays', inputs, targets, batchSize };
}

function contradiction(message: string): WorkbenchError {
  return new WorkbenchError(
    'bad-arguments',
    message,
    'Give --inputs and --targets, or --data, or neither for the images shipped with zico.',
  );
}

/** The command's JSON. */
function reportOf(
  { zico, zicoCapped, bias, ranksLast, ...rest }: ModelScore,
  preset: Preset,
  beta: number,
) {
  return {
    zico,
    bias,
    zicoBc: biasCorrected(zico, bias, beta),
    beta,
    zicoCapped,
    zicoBcCapped: biasCorrected(zicoCapped, bias, beta),
    ...(ranksLast && { ranksLast }),
    preset,
    ...rest,
  };
}

function readable(report: ReturnType<typeof reportOf>): string {
  const { engine, model, weights, data } = report;
  const fixed = (value: number) => value.toFixed(3);
  const seeded = weights.seed === null ? '' : `, seed ${weights.seed}`;
  return [
    `${model}: ZiCo-BC ${fixed(report.zicoBc)} = ZiCo ${fixed(report.zico)} - ${report.beta} x bias ${fixed(report.bias)}`,
    `with terms capped at ${report.termCap}: ZiCo ${fixed(report.zicoCapped)}, ZiCo-BC ${fixed(report.zicoBcCapped)}`,
    `bias over ${report.biasLayers === 'live' ? 'layers that get a gradient' : 'all layers'}, feature maps as ${report.biasSize === 'deployment' ? 'deployed' : 'scored'}`,
    `preset ${report.preset}; ${report.task}, weights ${weights.scheme}${seeded}, BatchNormalization ${normInWords[report.batchNormalization]}; ${integer(report.parameters)} parameters, ${integer(report.macs)} MACs`,
    `data: ${data.description}`,
    `losses ${report.losses.map((loss) => loss.toFixed(4)).join(', ')}; ${report.batches} batches of ${report.batchSize}; ${engine.name} ${versionInWords(engine)}, ${engine.threads} threads, ${report.seconds.toFixed(2)} s`,
    ...report.warnings.map((warning) => `warning: ${warningInWords(warning)}`),
    ...(report.engineNote === null ? [] : [report.engineNote]),
    '',
    table(
      [
        { title: 'layer', align: 'left' },
        { title: 'output' },
        { title: 'weights' },
        { title: 'MACs' },
        { title: 'ln sum' },
        { title: 'capped' },
        { title: 'bias' },
      ],
      report.layers.map((layer) => [
        layer.name,
        `${layer.channels} x ${layer.height} x ${layer.width}`,
        String(layer.weights),
        integer(layer.macs),
        fixed(layer.log),
        fixed(layer.logCapped),
        fixed(layer.bias),
      ]),
    ),
  ].join('\n');
}

const normInWords = {
  present: 'present',
  absent: 'absent',
  folded: 'folded or absent',
} as const satisfies Readonly<Record<ModelScore['batchNormalization'], string>>;
