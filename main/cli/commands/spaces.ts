import type { Command } from 'commander';
import { summarise } from '../../graph/summary.ts';
import { spaces } from '../../space/index.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { abbreviated, grouped, table } from '../table.ts';

/** `zico spaces`: the search spaces, their genes and the networks to compare with. */
export function addSpacesCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('spaces')
    .description('list the search spaces, their genes and baseline networks')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => {
      const described = spaces.map((space) => ({
        name: space.name,
        title: space.title,
        task: space.task,
        networks: space.networks,
        genes: space.genes,
        baselines: space.baselines.map(({ name, genotype }) => {
          const { parameters, macs } = summarise(space.decode(genotype));
          return { name, genotype, parameters, macs };
        }),
      }));
      print(environment, options, described, () =>
        described
          .map((space) =>
            [
              `${space.name}: ${space.title}, ${space.task}, ${grouped(space.networks)} networks`,
              table(
                [
                  { title: 'gene', align: 'left' },
                  { title: 'choices', align: 'left' },
                ],
                space.genes.map((gene) => [gene.name, gene.choices.join(', ')]),
              ),
              table(
                [
                  { title: 'baseline', align: 'left' },
                  { title: 'genotype', align: 'left' },
                  { title: 'parameters' },
                  { title: 'MACs' },
                ],
                space.baselines.map((baseline) => [
                  baseline.name,
                  baseline.genotype,
                  grouped(baseline.parameters),
                  abbreviated(baseline.macs),
                ]),
              ),
            ].join('\n\n'),
          )
          .join('\n\n\n'),
      );
    });
}
