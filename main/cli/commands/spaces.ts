import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { networkCount, networkCountText } from '../../common/network-count.ts';
import { integer } from '../../common/figures.ts';
import { summarise } from '../../graph/summary.ts';
import type { DescribedSpace } from '../../space/described-space.ts';
import { builtInSpaces } from '../../space/index.ts';
import { isSpaceFile, spaceAsked } from '../../asked/space-asked.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { nearest } from '../../asked/nearest.ts';
import type { SpaceOption } from '../space-option.ts';
import { abbreviated, table } from '../table.ts';

interface Options {
  readonly json?: boolean;
}

/** `zico spaces`: lists the search spaces, their genes and their baselines. */
export function addSpacesCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('spaces')
    .description('list the search spaces, their genes and baseline networks')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  zico spaces\n  zico spaces check mine.json')
    .allowExcessArguments()
    .action((options: Options, { args: [word] }: Command) => {
      if (word !== undefined) {
        const meant = nearest(
          word,
          command.commands.map((known) => known.name()),
        );
        throw badArguments(
          `Unknown command '${word}'.`,
          `${meant === null ? '' : `Did you mean ${meant}? `}"zico spaces" lists the spaces, "zico spaces check FILE" reads the description of one.`,
        );
      }
      const described = builtInSpaces().map(describe);
      print(environment, options, described, () => described.map(readable).join('\n\n\n'));
    });
  command
    .command('check')
    .description('check a file that describes a space, and show the space')
    .argument('[file]', 'the description, JSON: see docs/spaces.md')
    .option('--space <file>', 'the same as FILE')
    .option('--json', 'print JSON')
    .action(async (word: string | undefined, options: SpaceOption, invoked: Command) => {
      const file = word ?? options.space;
      if (file === undefined) {
        throw badArguments('No file is given.', 'Add the file that describes the space.');
      }
      const described = describe(await spaceAsked(await descriptionFile(file)));
      print(environment, invoked.optsWithGlobals<Options>(), described, () => readable(described));
    });
}

/** The extension may be left out. Throws `bad-arguments` for what is there under its own name alone. */
async function descriptionFile(named: string): Promise<string> {
  if (isSpaceFile(named)) return named;
  const there = async (name: string) => (await stat(name).catch(() => null)) !== null;
  if ((await there(named)) && !(await there(`${named}.json`))) {
    throw badArguments(
      `${named} is no description of a space: its name would end in .json, or in .js for one of code.`,
      'Name such a file. docs/spaces.md shows what a space looks like.',
    );
  }
  return `${named}.json`;
}

type Described = ReturnType<typeof describe>;

function describe(space: DescribedSpace) {
  return {
    name: space.name,
    title: space.title,
    task: space.task,
    /** A number up to 2^53, above that a string of its decimal digits; null of code that does not count. */
    networks: space.count === null ? null : networkCount(space.count),
    resolution: space.description.resolution,
    ...(space.sizes && { sizes: space.sizes }),
    classes: space.classes,
    genes: space.genes,
    baselines: space.baselines.map(({ name, genotype, decode }) => {
      const { parameters, macs } = summarise(decode());
      return { name, genotype, parameters, macs };
    }),
  };
}

function readable(space: Described): string {
  return [
    `${space.name}: ${space.title}, ${space.task}, ${space.networks === null ? 'uncounted' : networkCountText(space.networks, true)} networks`,
    table(
      [
        { title: 'gene', align: 'left' },
        { title: 'choices', align: 'left' },
      ],
      space.genes.map(({ name, choices, labels }) => [name, (labels ?? choices).join(', ')]),
    ),
    space.baselines.length > 0 &&
      table(
        [
          { title: 'baseline', align: 'left' },
          { title: 'genotype', align: 'left' },
          { title: 'parameters' },
          { title: 'MACs' },
        ],
        space.baselines.map((baseline) => [
          baseline.name,
          baseline.genotype ?? 'beside the space',
          integer(baseline.parameters),
          abbreviated(baseline.macs),
        ]),
      ),
  ]
    .filter((part) => part !== false)
    .join('\n\n');
}
