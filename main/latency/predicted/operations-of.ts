/** The operations of a network of which its estimated latency is composed. */
import type { Graph, Node, OperatorKind, Shape } from '../../graph/graph.ts';
import { inferShapes } from '../../graph/infer-shapes.ts';
import { elements } from '../../graph/shape.ts';
import { convolution, windowed, type Operation } from './operation.ts';
import type { NetworkContent } from './range.ts';

/** Batch statistics need two images; every count here is of one. */
const images = 2;

/** Fused into their neighbours on the phone, or costing nothing there: the measured networks have them. */
const fused: ReadonlySet<OperatorKind> = new Set<OperatorKind>([
  ...(['BatchNormalization', 'Relu', 'Clip', 'HardSwish', 'HardSigmoid', 'Sigmoid'] as const),
  ...(['Add', 'Mul', 'Identity', 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Pad'] as const),
]);
/** Operators that the measured networks have, each an operation of its own. */
const measured: ReadonlySet<OperatorKind> = new Set<OperatorKind>([
  ...(['Conv', 'Gemm', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'ReduceMean'] as const),
  ...(['GlobalMaxPool', 'Concat'] as const),
]);

/** A final Softmax over a thousand classes takes negligible time. */
const negligible = 0.01;

/** What an estimate and its error go by. Throws what shape inference throws. */
export function contentOf(graph: Graph): NetworkContent {
  const shapes = inferShapes(graph, images);
  const operations = operationsOf(graph);
  const names = new Set<string>();
  let all = 0;
  let unmeasured = 0;
  for (const node of graph.nodes) {
    if (fused.has(node.kind)) continue;
    const written = elements(shapes.get(node.outputs[0]!) ?? []);
    all += written;
    if (isMeasured(node, graph)) continue;
    names.add(node.kind);
    unmeasured += written;
  }
  const [height = 1, width = 1] = (graph.inputs[0]?.shape ?? []).slice(2).map((n) => n ?? 1);
  const share = all > 0 ? unmeasured / all : 1;
  return {
    operations,
    pixels: height * width,
    unmeasured: { names: share < negligible ? [] : [...names].sort(), share },
  };
}

/** A product of two computed matrices, as attention has them, was in no measured network. */
function isMeasured({ kind, inputs }: Node, { initializers }: Graph): boolean {
  if (kind === 'MatMul') return initializers.has(inputs[1] ?? '');
  return measured.has(kind);
}

/**
 * Operations for one image, in node order. Normalisations, activations and additions are fused into their
 * neighbours on the phone or have no measured rows of their own: the whole-network terms of the estimate
 * stand for them. Resize moves data as a concatenation does, and a transposed convolution is counted as
 * the convolution that it reverses; neither was among the measured operations.
 */
export function operationsOf(graph: Graph): readonly Operation[] {
  const shapes = inferShapes(graph, images);
  const fixed = graph.inputs[0]?.shape[0] ?? images;
  const found: Operation[] = [];
  for (const node of graph.nodes) {
    const shapeOf = (name: string): Shape => shapes.get(name) ?? [];
    const operation = operationOf(node, node.inputs.map(shapeOf), shapeOf(node.outputs[0]!), fixed);
    if (operation) found.push(operation);
  }
  return found;
}

function operationOf(
  node: Node,
  inputs: readonly Shape[],
  output: Shape,
  batch: number,
): Operation | null {
  const moved = {
    macs: 0,
    weights: 0,
    inputElements: elements(inputs[0] ?? []) / batch,
    outputElements: elements(output) / batch,
  };
  switch (node.kind) {
    case 'Conv':
      return convolution({
        inputChannels: inputs[0]![1]!,
        outputChannels: output[1]!,
        group: node.attributes.group,
        kernel: [inputs[1]![2]!, inputs[1]![3]!],
        strides: node.attributes.strides,
        output: [output[2]!, output[3]!],
      });
    case 'ConvTranspose':
      return convolution({
        inputChannels: output[1]!,
        outputChannels: inputs[0]![1]!,
        group: node.attributes.group,
        kernel: [inputs[1]![2]!, inputs[1]![3]!],
        strides: node.attributes.strides,
        output: [inputs[0]![2]!, inputs[0]![3]!],
      });
    case 'Gemm':
    case 'MatMul': {
      const inner =
        node.kind === 'Gemm' && node.attributes.transA ? inputs[0]![0] : inputs[0]!.at(-1);
      const macs = moved.outputElements * (inner ?? 1);
      return { ...moved, kind: 'fully-connected', macs, weights: elements(inputs[1]!) };
    }
    case 'MaxPool':
    case 'AveragePool': {
      const { kernel, strides } = node.attributes;
      const macs = moved.outputElements * kernel[0] * kernel[1];
      const inputElements = output[1]! * windowed([output[2]!, output[3]!], kernel, strides);
      return { ...moved, kind: 'pool', macs, inputElements };
    }
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
    case 'ReduceMean':
      return { ...moved, kind: 'mean' };
    case 'Concat':
    case 'Resize':
      return { ...moved, kind: 'concat', inputElements: moved.outputElements };
    default:
      return null;
  }
}
