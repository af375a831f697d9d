import type { Command } from 'commander';
import { drawDistinct } from '../../draw.ts';
import { generatorFor } from '../../graph/random.ts';
import { spaceFrom } from '../../space/index.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { badArguments } from '../errors.ts';
import { seed, wholeNumber } from '../options.ts';
import { grouped } from '../table.ts';

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly json?: boolean;
}

/** `zico sample SPACE`: different random networks of a space. */
export function addSampleCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('sample')
    .description('draw different random networks from a search space')
    .argument('<space>', 'search space: a name such as nats-sss, or a file FILE.json')
    .option('--count <n>', 'how many', wholeNumber({ min: 1 }), 10)
    .option('--seed <n>', 'the same seed draws the same networks', seed, 0)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  zico sample nats-sss --count 5 --seed 1')
    .action(async (name: string, options: Options) => {
      const space = await spaceFrom(name);
      if (options.count > space.networks) {
        throw badArguments(
          `${space.name} has only ${grouped(space.networks)} networks, fewer than the ${grouped(options.count)} asked for.`,
          `Give --count ${space.networks} or less.`,
        );
      }
      const random = generatorFor('sample', options.seed);
      const genotypes = drawDistinct(random, space.networks, options.count).map((i) => space.at(i));
      print(environment, options, { genotypes }, () => genotypes.join('\n'));
    });
}
