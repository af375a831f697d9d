import type { Command } from 'commander';
import { integer, plural } from '../../common/figures.ts';
import { drawDistinct } from '../../draw.ts';
import { generatorFor, type RandomGenerator } from '../../random.ts';
import { summarise } from '../../graph/summary.ts';
import { proposeGeneration } from '../../search/proposals.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import type { Space } from '../../space/space.ts';
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
            withSizes(space, genotypes),
            `${plural(rejected, 'network', 'networks')} beyond the limits passed over`,
          ].join('\n'),
        );
        return;
      }
      const random = generatorFor('sample', options.seed);
      const genotypes = drawn(space, random, options.count);
      print(environment, options, { genotypes }, () => withSizes(space, genotypes));
    });
}

/** Beyond that many nobody reads sizes, and working them out takes longer than drawing. */
const mostWithSizes = 1000;

/** A line each, for people: whether the space holds networks of the sizes that are wanted shows at once. */
function withSizes(space: Space, genotypes: readonly string[]): string {
  if (genotypes.length > mostWithSizes) return genotypes.join('\n');
  return table(
    [{ title: 'genotype', align: 'left' }, { title: 'parameters' }, { title: 'MACs' }],
    genotypes.map((genotype) => {
      const { parameters, macs } = summarise(space.decode(genotype));
      return [genotype, integer(parameters), abbreviated(macs)];
    }),
  );
}

/** Draws distinct networks. In spaces too large for exact numbers, a network is hardly ever drawn twice. */
function drawn(space: DescribedSpace, random: RandomGenerator, count: number): readonly string[] {
  if (space.networks <= Number.MAX_SAFE_INTEGER)
    return drawDistinct(random, space.networks, count).map((i) => space.at(i));
  const genotypes = new Set<string>();
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
