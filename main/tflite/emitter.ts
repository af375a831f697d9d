/**
 * Assembles a TensorFlow Lite network. TensorFlow Lite stores images with channels last; the network
 * names axes in ONNX's order. So every value knows in which order its axes are stored, a node asks for the
 * order that its operator wants, and axes are moved only where two orders meet.
 */
import type { Graph, Node } from '../graph/graph.ts';
import { permuted } from '../graph/deployed/constants.ts';
import { countReaders } from '../graph/deployed/norms.ts';
import { elements, sameShape, type Shape } from '../graph/shape.ts';
import { materialise } from '../graph/weights.ts';
import { notConvertible } from './refusals.ts';
import type { Operator, Tensor, TensorIndex, TfliteModel } from './model.ts';
import { options, type Builtin, type FusedActivation, type Options } from './schema.ts';

/** An order of axes: stored axis i is axis `order[i]` of the network's value. */
export type Order = readonly number[];

/** Images with channels last: N, C, H, W stored as N, H, W, C. */
export const channelsLast: Order = [0, 2, 3, 1];

export const plainOrder = (rank: number): Order => Array.from({ length: rank }, (_, i) => i);

interface Stored {
  readonly tensor: TensorIndex;
  readonly order: Order;
}

/** Axes that TensorFlow Lite's TRANSPOSE takes. */
const mostTransposed = 5;

export interface EmitOptions {
  /**
   * Whether fully connected layers are written as 1 x 1 convolutions: with one scale per channel, TensorFlow Lite
   * 2.9 computes FULLY_CONNECTED wrongly.
   */
  readonly linearAsConv: boolean;
  /** Whether hard swish is written as a formula: its own operator is slow in int8. */
  readonly spellOut: boolean;
}

export class Emitter {
  readonly graph: Graph;
  readonly options: EmitOptions;
  readonly tensors: Tensor[] = [];
  readonly operators: Operator[] = [];
  readonly #shapes: ReadonlyMap<string, Shape>;
  readonly #stored = new Map<string, Stored[]>();
  readonly #readers: ReadonlyMap<string, number>;
  readonly #makers: ReadonlyMap<string, Node>;
  readonly #next = new Map<string, Node>();
  /** Activations that the operator before them applies. */
  readonly #fused = new Set<Node>();
  readonly #constants = new Map<string, TensorIndex>();
  readonly #inputs: TensorIndex[] = [];
  #node = '';

  constructor(graph: Graph, shapes: ReadonlyMap<string, Shape>, emit: EmitOptions) {
    this.graph = graph;
    this.options = emit;
    this.#shapes = shapes;
    this.#readers = countReaders(graph);
    this.#makers = new Map(graph.nodes.map((node) => [node.outputs[0]!, node]));
    for (const node of graph.nodes) {
      for (const name of node.inputs) if (!this.#next.has(name)) this.#next.set(name, node);
    }
  }

  shapeOf(value: string): Shape {
    const shape = this.#shapes.get(value);
    if (!shape) throw new RangeError(`no shape of ${value}`);
    return shape;
  }

  /** Starts a node, to which all that follows belongs; false if an earlier operator has already done its work. */
  begin(node: Node): boolean {
    this.#node = node.name;
    return !this.#fused.has(node);
  }

  input(name: string): void {
    const shape = this.shapeOf(name);
    const order = shape.length === 4 ? channelsLast : plainOrder(shape.length);
    const tensor = this.#add({
      name,
      type: 'float32',
      shape: shapeInOrder(shape, order),
      value: name,
    });
    this.#stored.set(name, [{ tensor, order }]);
    this.#inputs.push(tensor);
  }

  isConstant(value: string): boolean {
    return this.graph.initializers.has(value);
  }

  /** The numbers of a weight. Throws `not-convertible` if they are computed from images. */
  weights(node: Node, value: string): { readonly shape: Shape; readonly data: Float32Array } {
    const initializer = this.graph.initializers.get(value);
    if (!initializer) throw notConvertible(node, 'has weights that the network computes');
    return { shape: initializer.shape, data: materialise(initializer) };
  }

  /** Whether a value is known to hold no negative number. */
  isNonNegative(value: string): boolean {
    const maker = this.#makers.get(value);
    if (!maker) return false;
    if (maker.kind === 'Clip') return maker.attributes.min >= 0;
    if (maker.kind === 'MaxPool' || maker.kind === 'Identity') {
      return this.isNonNegative(maker.inputs[0]!);
    }
    return ['Relu', 'Sigmoid', 'HardSigmoid', 'Softmax', 'Abs', 'Exp'].includes(maker.kind);
  }

  /** The order in which a value is stored; constants are available in any. */
  orderOf(value: string): Order {
    const stored = this.#stored.get(value);
    return stored ? stored[0]!.order : plainOrder(this.shapeOf(value).length);
  }

  /** The tensor that holds a value with its axes in the given order; they are moved if there is none yet. */
  get(value: string, order: Order): TensorIndex {
    if (this.isConstant(value)) return this.#constantIn(value, order);
    const all = this.#stored.get(value);
    if (!all) throw new RangeError(`nothing has made ${value}`);
    const ready = all.find((stored) => stored.order.join() === order.join());
    if (ready) return ready.tensor;
    const from = all[0]!;
    const permutation = order.map((axis) => from.order.indexOf(axis));
    const tensor = this.transposed(from.tensor, permutation, value);
    all.push({ tensor, order });
    return tensor;
  }

  plain(value: string): TensorIndex {
    return this.get(value, plainOrder(this.shapeOf(value).length));
  }

  /** The tensor that holds an image as N, H, W, C. */
  image(value: string): TensorIndex {
    return this.get(value, channelsLast);
  }

  /** Records which tensor holds a value. */
  set(value: string, tensor: TensorIndex, order: Order): void {
    this.#stored.set(value, [{ tensor, order }]);
    if (this.tensors[tensor]!.value === undefined && this.tensors[tensor]!.data === undefined) {
      this.tensors[tensor] = { ...this.tensors[tensor]!, value };
    }
  }

  /** As `set`, for a value that equals another one already stored: nothing is computed. */
  alias(value: string, source: string, order: (own: Order) => Order): void {
    if (this.isConstant(source)) {
      const own = plainOrder(this.shapeOf(source).length);
      this.set(value, this.#constantIn(source, own), order(own));
      return;
    }
    const stored = this.#stored.get(source)!;
    this.#stored.set(
      value,
      stored.map(({ tensor, order: own }) => ({ tensor, order: order(own) })),
    );
  }

  floats(shape: Shape, data: Float32Array, name = 'constant'): TensorIndex {
    return this.#add({ name, type: 'float32', shape, data });
  }

  /** A constant scalar, which broadcasts. */
  number(value: number): TensorIndex {
    const key = `:number ${value}`;
    let tensor = this.#constants.get(key);
    if (tensor === undefined) {
      tensor = this.floats([], Float32Array.of(value), `${value}`);
      this.#constants.set(key, tensor);
    }
    return tensor;
  }

  integers(values: readonly number[], shape: Shape = [values.length]): TensorIndex {
    const key = `:integers ${shape.join('x')}: ${values.join(' ')}`;
    let tensor = this.#constants.get(key);
    if (tensor === undefined) {
      const data = Int32Array.from(values);
      tensor = this.#add({ name: values.join(' '), type: 'int32', shape, data });
      this.#constants.set(key, tensor);
    }
    return tensor;
  }

  /**
   * Appends an operator and returns its output.
   * @param value the network's value that the output holds, or whose numbers it holds
   */
  op(
    kind: Builtin,
    inputs: readonly TensorIndex[],
    shape: Shape,
    value?: string,
    with_?: Options,
    type: Tensor['type'] = 'float32',
  ): TensorIndex {
    const name = value ?? `${kind} of ${this.#node}`;
    const output = this.#add({ name, type, shape, ...(value !== undefined && { value }) });
    this.operators.push({
      kind,
      inputs,
      outputs: [output],
      node: this.#node,
      ...(with_ && { options: with_ }),
    });
    return output;
  }

  /** Equal parts of a tensor along one axis. */
  split(tensor: TensorIndex, axis: number, count: number): TensorIndex[] {
    const { shape, value, name } = this.tensors[tensor]!;
    const part = shape.map((size, i) => (i === axis ? size / count : size));
    const outputs = Array.from({ length: count }, (_, i) =>
      this.#add({
        name: `${name}:${i}`,
        type: 'float32',
        shape: part,
        ...(value !== undefined && { value }),
      }),
    );
    const inputs = [this.integers([axis], []), tensor];
    this.operators.push({
      kind: 'SPLIT',
      inputs,
      outputs,
      options: options.split(count),
      node: this.#node,
    });
    return outputs;
  }

  reshaped(tensor: TensorIndex, shape: Shape, value?: string): TensorIndex {
    const own = this.tensors[tensor]!;
    if (sameShape(own.shape, shape)) return tensor;
    if (own.data) return this.#add({ ...own, shape });
    const inputs = [tensor, this.integers(shape)];
    return this.op('RESHAPE', inputs, shape, value ?? own.value, options.reshape(shape));
  }

  /** Moves axes: by a reshape if only axes of size 1 move, else by a transpose of as few axes as possible. */
  transposed(tensor: TensorIndex, permutation: readonly number[], value?: string): TensorIndex {
    const { shape } = this.tensors[tensor]!;
    const target = permutation.map((axis) => shape[axis]!);
    if (permutation.every((axis, i) => axis === i)) return tensor;
    const long = permutation.filter((axis) => shape[axis] !== 1);
    if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) {
      return this.reshaped(tensor, target, value);
    }
    if (permutation.length <= 4) return this.#transpose(tensor, permutation, target, value);
    // Axes that stay neighbours are merged into one.
    const groups: number[][] = [];
    for (const axis of long) {
      const last = groups.at(-1);
      const previous = last?.at(-1);
      const between = previous === undefined ? [] : shape.slice(previous + 1, axis);
      const follows = previous !== undefined && previous < axis && between.every((n) => n === 1);
      if (follows) last!.push(axis);
      else groups.push([axis]);
    }
    const sorted = [...groups].sort((a, b) => a[0]! - b[0]!);
    const size = (group: readonly number[]) => elements(group.map((axis) => shape[axis]!));
    const merged = this.reshaped(tensor, sorted.map(size), value);
    const order = groups.map((group) => sorted.indexOf(group));
    const moved =
      order.length > mostTransposed
        ? this.#transposedInTurn(merged, order, value)
        : this.#transpose(merged, order, groups.map(size), value);
    return this.reshaped(moved, target, value);
  }

  /** More axes than it can move at once: the first two go to their place, and are one axis from then on. */
  #transposedInTurn(tensor: TensorIndex, order: readonly number[], value?: string): TensorIndex {
    const { shape } = this.tensors[tensor]!;
    const [one = 0, two = 0, ...rest] = order;
    const others = [...rest].sort((a, b) => a - b);
    const first = this.transposed(tensor, [one, two, ...others], value);
    const sizes = [shape[one]! * shape[two]!, ...others.map((axis) => shape[axis]!)];
    const last = [0, ...rest.map((axis) => others.indexOf(axis) + 1)];
    return this.transposed(this.reshaped(first, sizes, value), last, value);
  }

  /**
   * The activation that follows a node, if the operator can apply it itself: the activation's output is then made by
   * the operator.
   * @returns the activation, and the value that the operator then makes
   */
  fuse(value: string): { readonly activation: FusedActivation; readonly made: string } {
    const next = this.#next.get(value);
    const activation = next && activationOf(next);
    if (!next || !activation || this.#readers.get(value) !== 1) {
      return { activation: 'NONE', made: value };
    }
    this.#fused.add(next);
    return { activation, made: next.outputs[0]! };
  }

  finish(name: string): TfliteModel {
    const outputs = this.graph.outputs.map((value) => {
      const { length } = this.shapeOf(value);
      const isTurned = length === 4 && !this.graph.channelsLast?.includes(value);
      const tensor = this.get(value, isTurned ? channelsLast : plainOrder(length));
      // Every output has to be made by an operator.
      const isInput = this.#inputs.includes(tensor);
      if (!isInput && this.tensors[tensor]!.data === undefined) return tensor;
      const { shape } = this.tensors[tensor]!;
      return this.op(
        'RESHAPE',
        [tensor, this.integers(shape)],
        shape,
        value,
        options.reshape(shape),
      );
    });
    const { tensors, operators } = this;
    return withoutUnusedTensors({ name, tensors, operators, inputs: this.#inputs, outputs });
  }

  #transpose(
    tensor: TensorIndex,
    permutation: readonly number[],
    shape: Shape,
    value?: string,
  ): TensorIndex {
    const inputs = [tensor, this.integers(permutation)];
    const held = value ?? this.tensors[tensor]!.value;
    return this.op('TRANSPOSE', inputs, shape, held, options.transpose());
  }

  #constantIn(value: string, order: Order): TensorIndex {
    const key = `${value}\0${order.join()}`;
    let tensor = this.#constants.get(key);
    if (tensor === undefined) {
      const { shape, values } = this.graph.initializers.get(value)!;
      const data = materialise({ shape, values });
      const stored = permuted({ shape, data }, order);
      tensor = this.floats(stored.shape, stored.data, value);
      this.#constants.set(key, tensor);
    }
    return tensor;
  }

  #add(tensor: Tensor): TensorIndex {
    this.tensors.push(tensor);
    return this.tensors.length - 1;
  }
}

export const shapeInOrder = (shape: Shape, order: Order): Shape =>
  order.map((axis) => shape[axis]!);

function activationOf(node: Node): FusedActivation | null {
  if (node.kind === 'Relu') return 'RELU';
  if (node.kind !== 'Clip') return null;
  const { min, max } = node.attributes;
  if (min === 0 && max === 6) return 'RELU6';
  if (min === 0 && max >= 3e38) return 'RELU';
  return min === -1 && max === 1 ? 'RELU_N1_TO_1' : null;
}

/** The fused activation that an operator kind corresponds to, if any. */
export const activationKind = activationOf;

/** Removes tensors and operators that no output depends on. */
export function withoutUnusedTensors(model: TfliteModel): TfliteModel {
  const needed = new Set<TensorIndex>(model.outputs);
  const operators = model.operators
    .toReversed()
    .filter(({ inputs, outputs }) => {
      if (!outputs.some((tensor) => needed.has(tensor))) return false;
      for (const tensor of [...inputs, ...outputs]) needed.add(tensor);
      return true;
    })
    .reverse();
  for (const tensor of model.inputs) needed.add(tensor);
  const kept = model.tensors.flatMap((_, i) => (needed.has(i) ? [i] : []));
  const place = new Map(kept.map((old, i) => [old, i]));
  const moved = (list: readonly TensorIndex[]) => list.map((old) => place.get(old)!);
  return {
    ...model,
    tensors: kept.map((old) => model.tensors[old]!),
    operators: operators.map((operator) => ({
      ...operator,
      inputs: moved(operator.inputs),
      outputs: moved(operator.outputs),
    })),
    inputs: moved(model.inputs),
    outputs: moved(model.outputs),
  };
}
