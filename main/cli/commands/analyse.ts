import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Command, Option } from 'commander';
import { analyseBias, type BiasAnalysis } from '../../analysis/bias.ts';
import { againstTruth, type TrainedGroup } from '../../analysis/trained-scores.ts';
import type { MeanShape } from '../../common/network-shape.ts';
import { estimatesOf } from '../../search/guided/estimates.ts';
import { knowledgeOf, type Knowledge } from '../../search/guided/knowledge.ts';
import { runInSlices, type Sliced } from '../../search/guided/slices.ts';
import { periodsOf, type Periods } from '../../common/periods.ts';
import type { BiasChoice } from '../../common/zico-bc.ts';
import { withBias } from '../../run/counted-bias.ts';
import { spaceOfRun } from '../../space/index.ts';
import { countsOf } from '../../workbench/size-of.ts';
import { assertSearched } from '../../asked/same-networks.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { decimal } from '../options.ts';
import type { Genotype } from '../../space/space.ts';
import { addSpaceOption, type SpaceOption } from '../space-option.ts';
import { optionOf } from '../setting-option.ts';
import { withoutDigestInWords } from '../digest-warning.ts';
import { table } from '../table.ts';

interface Options extends SpaceOption, Partial<BiasChoice> {
  readonly beta?: number;
  readonly json?: boolean;
}

/** `zico analyse RUN`: how deep and wide a run's networks are, and how the bias correction changes that. */
export function addAnalyseCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('analyse')
    .description('show how deep and wide the networks of a run are, with ZiCo and with ZiCo-BC')
    .argument('<run>', 'run file of a search');
  addSpaceOption(command, 'refuse a run of another search space')
    .option(
      '--beta <number>',
      "rank by this beta instead of the run's own",
      decimal({ min: 0, max: 10 }),
    )
    .addOption(optionalBias('biasSize'))
    .addOption(optionalBias('biasLayers'))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Candidates are ranked again, nothing is scored. Depth and width are given as a share of the range of the search space:
0 % is its minimum, 100 % its maximum. A network in the last 5 % of the depths counts as one at maximum depth.

A model of the score is fitted to the candidates: how well it predicted scores that were computed later, what
the choices of each gene are worth relative to the mean of the space, and how many networks its front has.

Where trained models are attached (zico attach), the scores are held against their accuracies, from three of equal
metric and images on.

Example:
  zico analyse runs/a.zico`,
    )
    .action(async (file: string, options: Options) => {
      const { periods, ...analysis } = await withServices(environment, async (services) => {
        const run = services.openRunReadOnly(file);
        try {
          const info = run.info();
          await assertSearched(info, options.space);
          const stored = run.candidates();
          const withoutDigest = run.withoutDigest();
          const { beta, biasSize, biasLayers } = { ...info.settings, ...ranking(options) };
          const choice = { biasSize, biasLayers };
          const candidates = withBias(stored, info.settings, choice);
          const space = spaceOfRun(info);
          const settings = { ...info.settings, ...choice, beta };
          const analysis = analyseBias(candidates, space, settings);
          const count = (genotype: Genotype) => countsOf(space, genotype);
          const asked = { space, settings, candidates, count };
          const estimates = await inTurns(
            estimatesOf({ ...asked, candidates: [...candidates, ...run.extras()] }),
          );
          const model = await inTurns(knowledgeOf(asked));
          const scored = estimates?.front.filter((one) => one.candidate !== null).length ?? 0;
          const offered = { networks: estimates?.front.length ?? 0, scored };
          return {
            ...{ ...analysis, ...choice, withoutDigest, periods: periodsOf(settings) },
            model: model && { ...model, front: offered },
            trained: againstTruth(candidates, run.trained(), settings),
          };
        } finally {
          run.close();
        }
      });
      print(environment, options, { run: file, ...analysis }, () => readable(analysis, periods));
    });
}

/** Computes in slices, so that Ctrl-C is noticed. */
const inTurns = <T>(computing: Sliced<T>): Promise<T> => runInSlices(computing, () => nextTurn());

type ModelInWords = Knowledge & { readonly front: { networks: number; scored: number } };

/** The search's option, except that leaving it out means the run's own choice. */
function optionalBias(key: 'biasSize' | 'biasLayers'): Option {
  return optionOf(key, "the run's own")!;
}

/** The ranking options that were typed. */
function ranking({ beta, biasSize, biasLayers }: Options): Partial<BiasChoice & { beta: number }> {
  return {
    ...(beta !== undefined && { beta }),
    ...(biasSize && { biasSize }),
    ...(biasLayers && { biasLayers }),
  };
}

const share = (value: number | null) => (value === null ? '-' : `${Math.round(value * 100)} %`);
const shapeColumns = [
  { title: 'networks' },
  { title: 'depth' },
  { title: 'width' },
  { title: 'at max. depth' },
];
const shapeCells = (shape: MeanShape) => [
  String(shape.networks),
  share(shape.depth),
  share(shape.width),
  share(shape.atMaximumDepth),
];

function readable(
  analysis: BiasAnalysis &
    BiasChoice & {
      readonly withoutDigest: number;
      readonly model: ModelInWords | null;
      readonly trained: readonly TrainedGroup[];
    },
  periods: Periods,
): string {
  const { withoutDigest, candidates, front, plain, generations, curve, suggestion, kept } =
    analysis;
  const range = (name: string, extent: BiasAnalysis['depth']) =>
    extent === null
      ? `${name}: the space has no such measure`
      : extent.fixed
        ? `${name}: every network has ${extent.most} ${extent.unit}`
        : `${name}: ${extent.least} to ${extent.most} ${extent.unit}`;
  return [
    [
      `${analysis.space}: ${analysis.candidates.evaluated} networks scored, ${analysis.candidates.failed} failed`,
      `bias: feature maps as ${analysis.biasSize === 'deployment' ? 'deployed' : 'scored'}, ${analysis.biasLayers === 'live' ? 'layers that get a gradient' : 'all layers'}`,
      range('depth', analysis.depth),
      range('width', analysis.width),
    ].join('\n'),
    table(
      [{ title: 'front', align: 'left' }, ...shapeColumns],
      [
        ['ZiCo', ...shapeCells(plain.shape)],
        [`ZiCo-BC, beta ${front.beta}`, ...shapeCells(front.shape)],
      ],
    ),
    `${kept} of the ${plain.networks.length} networks on ZiCo's front stay on it.`,
    table(
      [{ title: 'beta' }, ...shapeColumns],
      curve.map((at) => [String(at.beta), ...shapeCells(at)]),
    ),
    table(
      [{ title: periods.title.toLowerCase() }, ...shapeColumns],
      generations.map((at) => [periods.of(at.generation), ...shapeCells(at)]),
    ),
    `Suggested beta: ${suggestion.beta ?? 'none'}. ${suggestion.evidence}`,
    ...(analysis.model === null ? [] : modelInWords(analysis.model)),
    ...analysis.trained.flatMap(trainedInWords),
    ...withoutDigestInWords(withoutDigest, candidates.evaluated + candidates.failed),
  ].join('\n\n');
}

function trainedInWords({ metric, data, candidates, scores }: TrainedGroup): string[] {
  const networks = candidates.length === 1 ? 'One network' : `${candidates.length} networks`;
  const trained = `${networks} trained on ${data}, by ${metric} from best to worst: ${candidates.join(', ')}.`;
  if (scores.length === 0) return [`${trained} From three on, the scores are held against them.`];
  const correlation = (value: number | null) => value?.toFixed(3) ?? '-';
  return [
    `${trained} How the scores order them:`,
    table(
      [
        { title: 'score', align: 'left' },
        ...[{ title: 'networks' }, { title: 'Kendall tau-b' }, { title: 'Spearman' }],
      ],
      scores.map((one) => [
        one.score === 'score' ? `${one.label} (ranks the run)` : one.label,
        ...[String(one.networks), correlation(one.kendall), correlation(one.spearman)],
      ]),
    ),
  ];
}

function modelInWords({ foretold, rankCorrelation, genes, front }: ModelInWords): string[] {
  const signed = (value: number, digits: number) =>
    `${value >= 0 ? '+' : ''}${value.toFixed(digits)}`;
  return [
    `The model predicted ${foretold} scores before they were computed: Kendall tau-b ${rankCorrelation?.toFixed(3) ?? '-'}. Its front has ${front.networks} networks, ${front.scored} of them scored.`,
    table(
      [
        { title: 'gene', align: 'left' },
        { title: 'choice' },
        { title: 'score' },
        { title: 'cost' },
      ],
      genes.flatMap(({ gene, choices }) =>
        choices.map(({ choice, score, logCost }, i) => [
          i === 0 ? gene : '',
          choice,
          signed(score, 2),
          `${signed(100 * Math.expm1(logCost), 0)} %`,
        ]),
      ),
    ),
  ];
}
