import type { Command } from 'commander';
import { engineNames, type EngineName, type Statistics } from '../../engine/engine.ts';
import { readInputFile } from '../../files.ts';
import { readOnnx } from '../../graph/onnx/read.ts';
import { biasCorrected, biasTerm, logTerm, scoreOf } from '../../proxy/zico.ts';
import { defaultSearchSettings, defaultTermCap } from '../../search/settings.ts';
import { batchesForNetwork } from '../../task/network-batches.ts';
import { readNpy } from '../../task/npy.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { decimal, oneOf, positive, threads, wholeNumber } from '../options.ts';
import { table } from '../table.ts';

interface Options {
  readonly inputs: string;
  readonly targets: string;
  readonly batchSize?: number;
  readonly beta: number;
  readonly termCap?: number;
  readonly threads?: number;
  readonly engine?: EngineName;
  readonly json?: boolean;
}

/** `zico score MODEL.onnx`: the score of a model with its own weights on given batches. */
export function addScoreCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('score')
    .description('score an ONNX model with its own weights on your batches')
    .argument('<model>', 'ONNX model that takes images and gives one logit for each class')
    .requiredOption('--inputs <file>', 'images as .npy, float32, N x C x H x W, normalised')
    .requiredOption('--targets <file>', 'class of each image as .npy, int64, N')
    .option(
      '--batch-size <n>',
      'images in a batch; batches lie one after the other (default: half of the images)',
      wholeNumber({ min: 1 }),
    )
    .option('--task <task>', 'what the network does', oneOf(['classification']), 'classification')
    .option(
      '--beta <number>',
      'strength of the bias correction; 0 is plain ZiCo',
      decimal({ min: 0 }),
      defaultSearchSettings.beta,
    )
    .option('--term-cap <number>', 'also score with every term capped at this', positive)
    .option(
      '--threads <n>',
      'threads of the engine; scores of onnxruntime do not depend on it',
      threads,
    )
    .option(
      '--engine <name>',
      'what computes: onnxruntime (default) or onednn, where it was built',
      oneOf(engineNames),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
BatchNormalization runs in training mode, whatever the file says.

Example:
  zico score model.onnx --inputs images.npy --targets classes.npy --batch-size 64 --json`,
    )
    .action((model: string, options: Options) => score(model, options, environment));
}

async function score(model: string, options: Options, environment: CliEnvironment): Promise<void> {
  const { inputs, targets, batchSize = null } = options;
  const graph = readOnnx(await readInputFile(model), model);
  const batches = batchesForNetwork(graph, {
    inputs: await readNpy(inputs),
    targets: await readNpy(targets),
    batchSize,
    names: { inputs, targets },
  });
  const statistics = await withServices(environment, async (services) => {
    const engine = services.openEngine({
      threads: options.threads ?? null,
      ...(options.engine && { engine: options.engine }),
    });
    try {
      await engine.useBatches(batches);
      const termCap = options.termCap ?? defaultTermCap;
      return await engine.statistics({ graph, termCap }, environment.interrupted);
    } finally {
      await engine.close();
    }
  });
  const report = scoreReport(statistics, options.beta, options.termCap ?? null);
  print(environment, options, report, () => readable(model, report));
}

/** The command's JSON; capped figures appear where a cap was asked for. */
function scoreReport(statistics: Statistics, beta: number, termCap: number | null) {
  const { zico, zicoCapped, bias } = scoreOf(statistics.layers);
  const capped =
    termCap === null
      ? {}
      : { termCap, zicoCapped, zicoBcCapped: biasCorrected(zicoCapped, bias, beta) };
  return {
    zico,
    bias,
    zicoBc: biasCorrected(zico, bias, beta),
    beta,
    ...capped,
    engine: statistics.engine,
    batches: statistics.batches,
    batchSize: statistics.batchSize,
    losses: statistics.losses,
    layers: statistics.layers.map((layer) => ({
      name: layer.name,
      kind: layer.kind,
      weights: layer.weights,
      height: layer.height,
      width: layer.width,
      channels: layer.channels,
      sum: layer.sum,
      ...(termCap === null ? {} : { sumCapped: layer.sumCapped }),
      log: logTerm(layer.sum),
      bias: biasTerm(layer),
      gradientNorms: layer.gradientNorms,
    })),
    seconds: statistics.seconds,
  };
}

function readable(model: string, report: ReturnType<typeof scoreReport>): string {
  const { engine } = report;
  const capped =
    report.zicoCapped === undefined || report.zicoBcCapped === undefined
      ? []
      : [
          `with terms capped at ${report.termCap}: ZiCo ${report.zicoCapped.toFixed(3)}, ZiCo-BC ${report.zicoBcCapped.toFixed(3)}`,
        ];
  return [
    `${model}: ZiCo-BC ${report.zicoBc.toFixed(3)} = ZiCo ${report.zico.toFixed(3)} - ${report.beta} x bias ${report.bias.toFixed(3)}`,
    ...capped,
    `losses ${report.losses.map((loss) => loss.toFixed(4)).join(', ')}; ${report.batches} batches of ${report.batchSize}; ${engine.name} ${engine.version}, ${engine.threads} threads, ${report.seconds.toFixed(2)} s`,
    '',
    table(
      [
        { title: 'layer', align: 'left' },
        { title: 'output' },
        { title: 'weights' },
        { title: 'ln sum' },
        { title: 'bias' },
      ],
      report.layers.map((layer) => [
        layer.name,
        `${layer.channels} x ${layer.height} x ${layer.width}`,
        String(layer.weights),
        layer.log.toFixed(3),
        layer.bias.toFixed(3),
      ]),
    ),
  ].join('\n');
}
