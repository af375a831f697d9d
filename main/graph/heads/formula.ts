/** Writes a loss as nodes of a graph, so that every engine computes it and its gradients. */
import type {
  Graph,
  GraphInput,
  Initializer,
  Node,
  OperatorAttributes,
  OperatorKind,
} from '../graph.ts';
import { withoutUnused } from '../forms.ts';
import { lossOutput } from '../losses.ts';
import type { Shape } from '../shape.ts';

type Operand = string | number;

/** Every method but `input` and `constant` appends nodes. Values are batches of rows: N x places x numbers. */
export class LossFormula {
  private readonly graph: Graph;
  private readonly nodes: Node[] = [];
  private readonly inputs: GraphInput[] = [];
  private readonly constants = new Map<string, Initializer>();

  /** @param graph the network that predicts */
  constructor(graph: Graph) {
    this.graph = graph;
  }

  /** Numbers that come with each batch: N x the given shape. */
  input(name: string, shape: Shape): string {
    this.inputs.push({ name, shape: [null, ...shape], type: 'float32' });
    return name;
  }

  constant(name: string, shape: Shape, data: Float32Array): string {
    this.constants.set(name, { shape, values: { kind: 'data', data }, constant: true });
    return name;
  }

  op<K extends OperatorKind>(
    kind: K,
    inputs: readonly Operand[],
    attributes: OperatorAttributes[K],
  ): string {
    const output = `:loss${this.nodes.length}`;
    const values = inputs.map((input) => this.value(input));
    const node = { kind, name: `${kind}${output}`, inputs: values, outputs: [output], attributes };
    this.nodes.push(node as unknown as Node);
    return output;
  }

  plus = (a: Operand, b: Operand) => this.op('Add', [a, b], {});
  minus = (a: Operand, b: Operand) => this.op('Sub', [a, b], {});
  times = (a: Operand, b: Operand) => this.op('Mul', [a, b], {});
  over = (a: Operand, b: Operand) => this.op('Div', [a, b], {});
  larger = (a: Operand, b: Operand) => this.op('Max', [a, b], {});
  smaller = (a: Operand, b: Operand) => this.op('Min', [a, b], {});
  square = (x: string) => this.times(x, x);
  sigmoid = (x: string) => this.op('Sigmoid', [x], {});
  exp = (x: string) => this.op('Exp', [x], {});
  atan = (x: string) => this.op('Atan', [x], {});
  abs = (x: string) => this.op('Abs', [x], {});
  /** Not below 0. */
  positive = (x: string) => this.op('Relu', [x], {});
  /** As a number that the gradient does not reach. */
  detached = (x: string) => this.op('Detached', [x], {});

  /** Numbers `from` to `to` (exclusive) of every row. */
  columns(x: string, from: number, to: number): string {
    return this.op('Slice', [x], { axes: [2], starts: [from], ends: [to], steps: [1] });
  }

  rows(x: string, shape: Shape): string {
    return this.op('Reshape', [x], { shape });
  }

  /** Sum over the numbers of each row, as a row of one. */
  sumOfRow(x: string): string {
    return this.op('ReduceSum', [x], { axes: [2], keepDims: true });
  }

  /** Sum of everything. */
  total(x: string): string {
    return this.op('ReduceSum', [x], { axes: [0, 1, 2], keepDims: true });
  }

  /** Binary cross-entropy of sigmoid(logits), number by number: ln(1 + e^x) - t x. */
  crossEntropy(logits: string, targets: string): string {
    return this.minus(this.op('Softplus', [logits], {}), this.times(logits, targets));
  }

  /** The network with a loss: the sum of these numbers, each one number. */
  ending(terms: readonly string[]): Graph {
    const sum = terms.reduce((sofar, term) => this.plus(sofar, term));
    const { graph, inputs, nodes, constants } = this;
    const loss: Node = {
      kind: 'ScalarLoss',
      name: 'loss',
      inputs: [sum],
      outputs: [lossOutput],
      attributes: {},
    };
    return withoutUnused({
      ...graph,
      inputs: [...graph.inputs, ...inputs],
      nodes: [...graph.nodes, ...nodes, loss],
      initializers: new Map([...graph.initializers, ...constants]),
      outputs: [lossOutput],
    });
  }

  private value(of: Operand): string {
    if (typeof of === 'string') return of;
    const name = `:number${of}`;
    this.constants.set(name, {
      shape: [],
      values: { kind: 'constant', value: of },
      constant: true,
    });
    return name;
  }
}
