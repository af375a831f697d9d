import type { Command } from 'commander';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { summarise } from '../../graph/summary.ts';
import { writeFileAtomically } from '../../export/atomic-write.ts';
import { spaceFrom } from '../../space/index.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { abbreviated, grouped, table } from '../table.ts';

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

/** `zico build SPACE GENOTYPE`: one network's layers and sizes, and its ONNX model. */
export function addBuildCommand(program: Command, environment: CliEnvironment): void {
  program
    .command('build')
    .description('show the layers of one network, and write it as an ONNX model')
    .argument('<space>', 'search space: a name such as nats-sss, or a file FILE.json')
    .argument('<genotype>', 'the network, such as 16:24:8:32:40')
    .option('--out <file>', 'write the network as ONNX: inference form, batch 1, initial weights')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  zico build nats-sss 16:24:8:32:40 --out model.onnx')
    .action(async (name: string, text: string, options: Options) => {
      const space = await spaceFrom(name);
      const genotype = space.parse(text);
      const graph = space.decode(genotype);
      const { parameters, macs, layers } = summarise(graph);
      if (options.out !== undefined) {
        await writeFileAtomically(options.out, writeDeployableOnnx(graph, 1, environment.version));
      }
      print(
        environment,
        options,
        { genotype, genes: space.toJson(genotype).genes, parameters, macs, layers },
        () =>
          [
            `${genotype}: ${grouped(parameters)} parameters, ${abbreviated(macs)} MACs`,
            table(
              [
                { title: 'layer', align: 'left' },
                { title: 'kind', align: 'left' },
                { title: 'output' },
                { title: 'parameters' },
                { title: 'MACs' },
              ],
              layers.map((layer) => [
                layer.name,
                layer.kind,
                `${layer.channels} x ${layer.height} x ${layer.width}`,
                grouped(layer.parameters),
                abbreviated(layer.macs),
              ]),
            ),
            ...(options.out === undefined ? [] : [`Written to ${options.out}.`]),
          ].join('\n\n'),
      );
    });
}
