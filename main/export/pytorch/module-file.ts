/** A network as one Python file that needs nothing but PyTorch. */
import { toInference, withoutUnused } from '../../graph/forms.ts';
import type { Graph } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { summarise } from '../../graph/summary.ts';
import { classesOf } from './classes.ts';
import { blocksOf, type Block, type Item } from './scopes.ts';
import { forwardSteps } from './steps.ts';

export interface PyTorchModule {
  /** The file's text. */
  readonly source: string;
  readonly className: string;
  /** Key of the module's state_dict -> initialiser of the graph. */
  readonly state: ReadonlyMap<string, string>;
}

export interface ModuleWords {
  /** Name of the network, such as `nats-sss`, from which the class takes its name. */
  readonly title: string;
  /** Sentences for the top of the file. */
  readonly about: readonly string[];
  /** File with the weights, beside the Python file. */
  readonly weights: string;
}

/** Throws `not-exportable` for an operator without a counterpart in PyTorch. */
export function pytorchModule(graph: Graph, words: ModuleWords): PyTorchModule {
  const network = withoutUnused(toInference(graph));
  const shapes = inferShapes(network, 1);
  const steps = forwardSteps(network, (value) => shapes.get(value) ?? []);
  const inputs = network.inputs.map(({ name }) => name);
  const block = blocksOf(steps, inputs, network.outputs);
  const { text, name } = classesOf(block, words.title);
  const { parameters, macs } = summarise(graph);
  const images = network.inputs.map((input) => (shapes.get(input.name) ?? []).join(', '));
  const source = [
    `"""${docstring(words.about)}`,
    '',
    `${parameters} parameters, ${macs} multiply-accumulates for one image of ${images.join(' and ')}.`,
    '',
    `    model = build()                    # with the weights of ${words.weights}`,
    '    model.eval()',
    '    y = model(torch.rand(1, 3, ...))',
    '"""',
    'import json',
    'import struct',
    'import sys',
    'from pathlib import Path',
    '',
    'import torch',
    'import torch.nn.functional as F',
    'from torch import nn',
    '',
    '',
    text.join('\n\n\n'),
    '',
    '',
    loader(name, words.weights, images),
  ].join('\n');
  return {
    source: source.replace('torch.rand(1, 3, ...)', `torch.rand(${images[0]})`),
    className: name,
    state: stateOf(block),
  };
}

/** Keys of all tensors, as PyTorch makes them from the classes. */
function stateOf(block: Block): Map<string, string> {
  const state = new Map<string, string>();
  const visit = (item: Item, owner: Block): void => {
    if (item.kind === 'block') item.block.items.forEach((inner) => visit(inner, item.block));
    if (item.kind === 'chain') item.members.forEach((inner) => visit(inner, owner));
    if (item.kind !== 'step') return;
    for (const { path, leaf } of item.step.leaves) {
      // Parameters inside a list or dictionary are held by a module of their own (members.ts).
      const held = path.length - owner.path.length > 1;
      for (const [key, initializer] of leaf.tensors) {
        const last = leaf.kind === 'module' ? [key] : held ? ['value'] : [];
        state.set([...path, ...last].join('.'), initializer);
      }
    }
  };
  block.items.forEach((item) => visit(item, block));
  return state;
}

/** A docstring, in which nothing ends the string or starts an escape. */
const docstring = (lines: readonly string[]) =>
  lines.join('\n').replaceAll('\\', '\\\\').replaceAll('"', "'");

const loader = (
  name: string,
  weights: string,
  images: readonly string[],
) => `def read_safetensors(path):
    """The tensors of a .safetensors file by name (float32), without the safetensors package."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for key, entry in json.loads(data[8 : 8 + length]).items():
        if key == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        tensors[key] = values.reshape(entry["shape"])
    return tensors


def build(weights=Path(__file__).with_name("${weights}")):
    """The network; weights=None leaves PyTorch's own initial weights."""
    model = ${name}()
    if weights is not None:
        model.load_state_dict(read_safetensors(weights))
    return model


if __name__ == "__main__":
    network = build(*sys.argv[1:2]).eval()
    print(sum(parameter.numel() for parameter in network.parameters()), "parameters")
    with torch.no_grad():
        outputs = network(${images.map((shape) => `torch.zeros(${shape})`).join(', ')})
    for output in outputs if isinstance(outputs, tuple) else (outputs,):
        print(tuple(output.shape))
`;
