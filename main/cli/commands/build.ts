import type { Command } from 'commander';
import { integer } from '../../common/figures.ts';
import { writeDeployableOnnx } from '../../graph/onnx/write.ts';
import { summarise } from '../../graph/summary.ts';
import { writeFileAtomically } from '../../atomic-write.ts';
import { print, type CliEnvironment } from '../environment.ts';
import { badArguments } from '../../asked/bad-arguments.ts';
import { addSpaceOption, namedSpace, type SpaceOption } from '../space-option.ts';
import { abbreviated, table } from '../table.ts';

interface Options extends SpaceOption {
  readonly out?: string;
  readonly json?: boolean;
}

/** `zico build SPACE GENOTYPE`: one network's layers and sizes, and its ONNX model. */
export function addBuildCommand(program: Command, environment: CliEnvironment): void {
  const command = program
    .command('build')
    .description('show the layers of one network, and write it as an ONNX model')
    .usage('[options] <space> <genotype>')
    .argument('[space]', 'the same as --space')
    .argument('[genotype]', 'the network, such as 16:24:8:32:40');
  addSpaceOption(command)
    .option('--out <file>', 'write the network as ONNX: inference form, batch 1, initial weights')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  zico build nats-sss 16:24:8:32:40 --out model.onnx\n  zico build --space mine.json 64:4/128:g64:3',
    )
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const { space, rest: text } = await namedSpace([first, second], options);
      if (text === undefined) {
        throw badArguments('No genotype is given.', `Add one, such as ${space.at(0)}.`);
      }
      if (options.out?.toLowerCase().endsWith('.tflite')) {
        throw badArguments(
          `The network is written as ONNX, but ${options.out} ends like a file of TensorFlow Lite.`,
          'Name a file that ends in .onnx; zico convert makes a .tflite of it.',
        );
      }
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
            `${genotype}: ${integer(parameters)} parameters, ${abbreviated(macs)} MACs`,
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
                integer(layer.parameters),
                abbreviated(layer.macs),
              ]),
            ),
            ...(options.out === undefined ? [] : [`Written to ${options.out}.`]),
          ].join('\n\n'),
      );
    });
}
