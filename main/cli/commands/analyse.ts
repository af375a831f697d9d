import type { Command } from 'commander';
import { analyseBias, type BiasAnalysis } from '../../analysis/bias.ts';
import type { Shape } from '../../common/network-shape.ts';
import { spaceOfRun } from '../../space/index.ts';
import { print, withServices, type CliEnvironment } from '../environment.ts';
import { decimal } from '../options.ts';
import { addSpaceOption, assertSearched, type SpaceOption } from '../space-option.ts';
import { withoutDigestInWords } from '../digest-warning.ts';
import { table } from '../table.ts';

interface Options extends SpaceOption {
  readonly beta?: number;
  readonly json?: boolean;
}

/** `zico analyse RUN`: how deep and wide a run's networks are, and what the correction makes of that. */
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
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Candidates are ranked again, nothing is scored. Depth and width are places in the range of the search space:
0 % its least, 100 % its most. A network in the last 5 % of the depths counts as one at maximum depth.

Example:
  zico analyse runs/a.zico`,
    )
    .action(async (file: string, options: Options) => {
      const analysis = await withServices(environment, async (services) => {
        const run = services.openRunReadOnly(file);
        try {
          const info = run.info();
          await assertSearched(info, options);
          const candidates = run.candidates();
          const withoutDigest = run.withoutDigest();
          const { beta } = options;
          const analysis = analyseBias(candidates, spaceOfRun(info), info.settings, { beta });
          return { ...analysis, withoutDigest };
        } finally {
          run.close();
        }
      });
      print(environment, options, { run: file, ...analysis }, () => readable(analysis));
    });
}

const share = (value: number | null) => (value === null ? '-' : `${Math.round(value * 100)} %`);
const shapeColumns = [
  { title: 'networks' },
  { title: 'depth' },
  { title: 'width' },
  { title: 'at max. depth' },
];
const shapeCells = (shape: Shape) => [
  String(shape.networks),
  share(shape.depth),
  share(shape.width),
  share(shape.atMaximumDepth),
];

function readable(analysis: BiasAnalysis & { readonly withoutDigest: number }): string {
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
      [{ title: 'generation' }, ...shapeColumns],
      generations.map((at) => [String(at.generation), ...shapeCells(at)]),
    ),
    `Suggested beta: ${suggestion.beta ?? 'none'}. ${suggestion.evidence}`,
    ...withoutDigestInWords(withoutDigest, candidates.evaluated + candidates.failed),
  ].join('\n\n');
}
