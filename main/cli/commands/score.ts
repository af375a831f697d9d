import type { Command } from 'commander';
import { asOption } from '../../asked/called.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { scoreAsked, weightChoices, type ScoreAsked, type ScoreReport } from '../../asked/score.ts';
import { integer, plural } from '../../common/figures.ts';
import { engineWishes, precisionWishes } from '../../common/engines.ts';
import { versionInWords } from '../../engine/precision.ts';
import { batchesRange, batchSizeRange } from '../../common/ranges.ts';
import { defaultTermCap } from '../../common/settings/score.ts';
import { tasks } from '../../common/tasks.ts';
import { proxies, proxyNames } from '../../common/proxies.ts';
import type { ModelScore } from '../../score-model/score-model.ts';
import { biasCorrectedOrNull } from '../../common/zico-bc.ts';
import type { CandidateId } from '../../run/candidate.ts';
import { warningInWords } from '../../warning.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import {
  decimal,
  typedImageSize,
  oneOf,
  positive,
  proxyList,
  seed,
  repeated,
  threads,
  wholeNumber,
  wholeNumberIn,
} from '../options.ts';
import { constantInput } from '../constant-option.ts';
import { precisionHelp } from '../engine-options.ts';
import { whileOpening } from '../data-progress.ts';
import { optionOf } from '../setting-option.ts';
import { addSpaceOption, namedSpace, type SpaceOption } from '../space-option.ts';
import type { SeveralOptions } from '../several-models.ts';
import { scoreSeveral } from '../several-scores.ts';
import { withWarningsSaid } from '../errors.ts';
import { withModelFile } from '../standard-input.ts';
import { table } from '../table.ts';

interface Options extends SpaceOption, ScoreAsked, SeveralOptions {
  readonly run?: string;
  readonly candidate?: number;
}

/** `zico score MODEL.onnx`: scores a model on images of its task. */
export function addScoreCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('score')
    .description('score an ONNX model, or a network of a search space, on images of its task')
    .argument(
      '[models...]',
      'ONNX models that take images and give logits, - for one from standard input; with --space a genotype; none with --run',
    );
  addSpaceOption(command, 'score a network of this search space, as a search scores it')
    .option(
      '--task <task>',
      'what the network does (default: what --data are for, else classification)',
      oneOf(tasks),
    )
    .option(
      '--run <file>',
      'computes ZiCo for a candidate of a search by other scores, and stores it there; with --candidate',
    )
    .option('--candidate <id>', 'number of the candidate in that run', wholeNumber({ min: 1 }))
    .option('--data <path>', 'images with targets (default: those shipped with zico for the task)')
    .option('--kind <kind>', 'read --data as this kind of data (default: detected)')
    .option('--synthetic', 'instead of --data: noise with random targets; the score says so')
    .option(
      '--size <pixels>',
      'height and width of the images where the model leaves them open, such as 224 or 512x1024 (default: those of the data)',
      typedImageSize,
    )
    .option(
      '--output <name>',
      'score this output, or this value inside the network (default: the first output that fits); for detection any number of times',
      repeated,
    )
    .option(
      '--constant <name=value>',
      'number, or numbers with commas, for an input other than the images; any number of times',
      constantInput,
    )
    .option('--inputs <file>', 'instead of --data: .npy, float32, N x C x H x W, normalised')
    .option(
      '--targets <file>',
      'with --inputs, as .npy: classes (int64, N), masks (int64, N x H x W) or boxes (float32, N x boxes x 5: x1, y1, x2, y2, class)',
    )
    .option(
      '--batch-size <n>',
      'images in a batch (default: by preset, task and size; with --inputs, half of the images)',
      wholeNumberIn(batchSizeRange),
    )
    .addOption(optionOf('preset')!)
    .option('--batches <n>', 'batches (default: the preset’s)', wholeNumberIn(batchesRange))
    .option('--seed <n>', 'seed of the images drawn and of fresh weights', seed, 0)
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
    .option(
      '--proxies <names>',
      `scores beside ZiCo: ${proxyNames.join(', ')}, several of them, all, or none (default: none)`,
      proxyList,
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
    .option('--json', 'print JSON; of several models a line each')
    .option('--csv', 'of several models: print a line of CSV each, ranked')
    .addHelpText(
      'after',
      `
BatchNormalization runs in training mode, whatever the file says. Weights may lie in files beside the
model. Segmentation takes one output of N x classes x h x w; detection the last convolutions of heads of
the kinds of EfficientDet, RetinaNet, YOLO, SSD and FCOS (docs/detection-heads.md).

Examples:
  zico score model.onnx
  cat model.onnx | zico score -
  zico score segmenter.onnx --task segmentation --data cityscapes/ --batch-size 2
  zico score model.onnx --weights kaiming --seed 3
  zico score models/*.onnx --synthetic --csv
  zico score detector.onnx --synthetic --size 320 --constant scale_factor=1
  zico score --space nats-sss 16:24:8:32:40 --seed 7
  zico score model.onnx --inputs images.npy --targets classes.npy --batch-size 64 --json`,
    )
    .action((models: readonly string[], options: Options) => {
      const [model, ...more] = models;
      if (options.run !== undefined || options.candidate !== undefined || model === undefined) {
        return scoreOfCandidate(model, options, environment);
      }
      return more.length === 0 && !options.csv
        ? score(model, options, environment)
        : scoreSeveral(models, options, environment);
    });
}

async function score(
  model: string,
  { space: named, ...options }: Options,
  environment: CliEnvironment,
): Promise<void> {
  const network =
    named === undefined ? null : await namedSpace([model, undefined], { space: named });
  const scored = await withServices(environment, (services) =>
    whileOpening(environment, (waiting) => {
      const score = (what: Parameters<typeof scoreAsked>[1]) =>
        scoreAsked(services, what, options, asOption, waiting);
      return network === null
        ? withModelFile(model, environment, (file) => score({ model: file, space: null }))
        : score({ model: network.rest ?? '', space: network.space });
    }),
  );
  const report = withWarningsSaid(scored);
  print(environment, options, report, () => readable(report));
}

/** Computes the ZiCo of a candidate whose run ranks by other scores, and prints it. */
async function scoreOfCandidate(
  model: string | undefined,
  { run, candidate: id, data, ...options }: Options,
  environment: CliEnvironment,
): Promise<void> {
  if (options.space !== undefined && model === undefined && run === undefined) {
    throw badArguments(
      'No genotype is given.',
      `Add one: "zico sample ${options.space}" draws some, and "zico spaces" lists baselines.`,
    );
  }
  if (model !== undefined || run === undefined || id === undefined) {
    throw badArguments(
      run === undefined && id === undefined
        ? 'Nothing to score is named.'
        : 'A candidate of a run is named by --run and --candidate, and by nothing else.',
      'Name an ONNX model, or give --run with --candidate.',
    );
  }
  const { info, candidate } = await withServices(environment, (services) =>
    services.giveZico(run, id as CandidateId, environment.interrupted, data ?? null),
  );
  const { score, genotype } = candidate;
  const { zico, zicoCapped, bias, facts = null } = score;
  const { beta } = info.settings;
  const corrected = {
    zicoBc: biasCorrectedOrNull(zico, bias, beta),
    zicoBcCapped: biasCorrectedOrNull(zicoCapped, bias, beta),
  };
  const report = {
    ...{ run, candidate: id, genotype, zico, bias, beta, zicoCapped, ...corrected },
    ...{ termCap: score.termCap, facts, engine: score.engine, losses: score.losses },
  };
  const fixed = (value: number | null): string => value?.toFixed(3) ?? '-';
  print(environment, options, report, () =>
    [
      `Candidate ${id} (${genotype}): ZiCo-BC ${fixed(report.zicoBc)} = ZiCo ${fixed(zico)} - ${beta} x bias ${fixed(bias)}`,
      `with terms capped at ${score.termCap}: ZiCo ${fixed(zicoCapped)}, ZiCo-BC ${fixed(report.zicoBcCapped)}`,
    ].join('\n'),
  );
}

function readable(report: ScoreReport): string {
  const { engine, model, weights, data } = report;
  const fixed = (value: number) => value.toFixed(3);
  const seeded = weights.seed === null ? '' : `, seed ${weights.seed}`;
  return [
    `${model}: ZiCo-BC ${fixed(report.zicoBc)} = ZiCo ${fixed(report.zico)} - ${report.beta} x bias ${fixed(report.bias)}`,
    `with terms capped at ${report.termCap}: ZiCo ${fixed(report.zicoCapped)}, ZiCo-BC ${fixed(report.zicoBcCapped)}`,
    `bias over ${report.biasLayers === 'live' ? 'layers that get a gradient' : 'all layers'}, feature maps as ${report.biasSize === 'deployment' ? 'deployed' : 'scored'}`,
    ...proxyNames.flatMap((name) => {
      const reading = report.facts.proxies[proxies[name].key];
      if (reading === undefined) return [];
      return [
        `${proxies[name].label}: ${reading.value?.toPrecision(6) ?? `none, ${reading.reason}`}`,
      ];
    }),
    `preset ${report.preset}; ${report.task}, weights ${weights.scheme}${seeded}, BatchNormalization ${normInWords[report.batchNormalization]}; ${integer(report.parameters)} parameters, ${integer(report.macs)} MACs`,
    `data: ${data.description}`,
    `losses ${report.losses.map((loss) => loss.toFixed(4)).join(', ')}; ${report.batches} batches of ${report.batchSize}; ${engine.name} ${versionInWords(engine)}, ${plural(engine.threads, 'thread', 'threads')}, ${report.seconds.toFixed(2)} s`,
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
