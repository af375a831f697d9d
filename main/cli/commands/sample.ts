import type { Command } from 'commander';
import { integer, plural } from '../../common/figures.ts';
import { drawDistinct } from '../../draw.ts';
import { generatorFor, type RandomGenerator } from '../../random.ts';
import { summarise } from '../../graph/summary.ts';
import { proposeGeneration } from '../../search/proposals.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import type { Genotype, Space } from '../../space/space.ts';
import { countsOf } from '../../workbench/size-of.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { seed, wholeNumber } from '../options.ts';
import { abbreviated, table } from '../table.ts';
import { addSpaceOption, namedSpace, type SpaceOption } from '../space-option.ts';

interface Options extends SpaceOption {
  readonly count: number;
  readonly seed: number;
  readonly maxParameters?: number;
  readonly maxMacs?: number;
  readonly sizes?: boolean;
  readonly json?: boolean;
}

const size = wholeNumber({ min: 1 }, true);

/** `zico sample SPACE`: different random networks of a space. */
export function addSampleCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('sample')
    .description('draw different random networks from a search space')
    .argument('[space]', 'the same as --space');
  addSpaceOption(command)
    .option('--count <n>', 'how many', wholeNumber({ min: 1 }), 10)
    .option('--seed <n>', 'the same seed draws the same networks', seed, 0)
    .option('--max-parameters <n>', 'only networks with at most this many parameters', size)
    .option('--max-macs <n>', 'only networks with at most this many MACs, such as 90G', size)
    .option('--sizes', 'print parameters and MACs beside each genotype')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  zico sample nats-sss --count 5 --seed 1\n  zico sample --space mine.json --max-macs 2G',
    )
    .action(async (name: string | undefined, options: Options) => {
      const { space } = await namedSpace([name], options);
      if (options.count > space.networks) {
        throw badArguments(
          `${space.name} has only ${integer(space.networks)} networks, fewer than the ${integer(options.count)} asked for.`,
          `Give --count ${space.networks} or less.`,
        );
      }
      if (options.maxParameters !== undefined || options.maxMacs !== undefined) {
        const { genotypes, rejected } = await feasible(space, options);
        print(environment, options, { genotypes, rejected }, () =>
          [
            lines(space, genotypes, options),
            `${plural(rejected, 'network', 'networks')} beyond the limits passed over`,
          ].join('\n'),
        );
        return;
      }
      const random = generatorFor('sample', options.seed);
      const genotypes = drawn(space, random, options.count);
      print(environment, options, { genotypes }, () => lines(space, genotypes, options));
    });
}

/** A line each: genotypes alone for other programs, and with sizes for people who ask for them. */
function lines(space: DescribedSpace, genotypes: readonly Genotype[], { sizes }: Options): string {
  if (!sizes) return genotypes.join('\n');
  return table(
    [{ title: 'genotype', align: 'left' }, { title: 'parameters' }, { title: 'MACs' }],
    genotypes.map((genotype) => {
      const { parameters, macs } = countsOf(space, genotype);
      return [genotype, integer(parameters), abbreviated(macs)];
    }),
  );
}

/** Draws distinct networks. In spaces too large for exact numbers, a network is hardly ever drawn twice. */
function drawn(space: DescribedSpace, random: RandomGenerator, count: number): readonly Genotype[] {
  if (space.networks <= Number.MAX_SAFE_INTEGER)
    return drawDistinct(random, space.networks, count).map((i) => space.at(i));
  const genotypes = new Set<Genotype>();
  while (genotypes.size < count) genotypes.add(space.sample(random));
  return [...genotypes];
}

/** Draws them as a search draws its first generation; may return fewer than asked for. */
async function feasible(space: Space, { count, seed: chosen, maxParameters, maxMacs }: Options) {
  const { proposals, rejected } = await proposeGeneration({
    space,
    seed: chosen,
    generation: 0,
    count,
    firstId: 1,
    parents: [],
    seen: new Set(),
    constraints: { maxParameters: maxParameters ?? null, maxMacs: maxMacs ?? null },
    summarise: (genotype) => summarise(space.decode(genotype)),
  });
  return { genotypes: proposals.map(({ genotype }) => genotype), rejected };
}
