/**
 * A network in int8 as an ONNX model: between QuantizeLinear and DequantizeLinear, from which ONNX Runtime makes
 * operators of integers wherever its provider has them (CPU, XNNPACK, NNAPI, QNN).
 */
import { countReaders } from '../graph/deployed/norms.ts';
import type { Graph, Node, OperatorKind } from '../graph/graph.ts';
import { inferShapes } from '../graph/infer-shapes.ts';
import { OnnxBuilder } from '../graph/onnx/builder.ts';
import { definitionOf } from '../graph/operators/index.ts';
import type { Shape } from '../graph/shape.ts';
import { materialise } from '../graph/weights.ts';
import type { Quantisable } from './calibration.ts';
import { weightedLayers, type WeightedLayer } from './layers.ts';
import {
  fillsFewSteps,
  leastWeightScale,
  quantised,
  quantisedBias,
  quantisedWeights,
  scaleOf,
  scaleOfConstant,
  sigmoidScale,
  smallestWeightScale,
  type Scale,
} from './parameters.ts';

/**
 * Which scale a result has: `own` is that of its range, `same` that of the input, and a number is that of every
 * result of the operator. Operators that are not listed have no integer form and stay in float.
 */
type Rule = 'own' | 'same' | Scale;

const rules: Partial<Record<OperatorKind, Rule>> = {
  Conv: 'own',
  Gemm: 'own',
  MatMul: 'own',
  Add: 'own',
  Mul: 'own',
  Concat: 'own',
  AveragePool: 'own',
  GlobalAveragePool: 'own',
  LeakyRelu: 'own',
  Relu: 'own',
  Clip: 'own',
  Sigmoid: sigmoidScale,
  Softmax: sigmoidScale,
  MaxPool: 'same',
  Reshape: 'same',
  Flatten: 'same',
  Transpose: 'same',
  Squeeze: 'same',
  Unsqueeze: 'same',
  Slice: 'same',
  Resize: 'same',
  Identity: 'same',
};

/** A power of two, so that nothing is rounded. */
const raising = 256;

export interface OnnxInt8 {
  readonly bytes: Uint8Array;
  /** Nodes that stay in float, with their operators. */
  readonly inFloat: readonly { readonly node: string; readonly kind: string }[];
}

/**
 * Weights have one scale per channel, values a scale and a zero point; inputs and outputs are float32.
 * @param version of the product, noted in the file
 */
export function writeInt8Onnx(quantisable: Quantisable, version: string): OnnxInt8 {
  return new Writing(quantisable).run(version);
}

class Writing {
  readonly #graph: Graph;
  readonly #calibration: Quantisable['calibration'];
  readonly #builder = new OnnxBuilder();
  readonly #shapes: Map<string, Shape>;
  readonly #layers: ReadonlyMap<Node, WeightedLayer>;
  readonly #next = new Map<string, Node>();
  readonly #readers: ReadonlyMap<string, number>;
  /** The scales of values that exist in int8. */
  readonly #scales = new Map<string, Scale>();
  /** Values between an operator and the activation that is fused with it. */
  readonly #exact = new Set<string>();
  /** Values of operators that are kept in float because the scale that they prescribe is too coarse. */
  readonly #small = new Set<string>();
  readonly #inFloat: { node: string; kind: string }[] = [];

  constructor({ graph, calibration }: Quantisable) {
    this.#graph = graph;
    this.#calibration = calibration;
    this.#shapes = new Map(inferShapes(graph, 1));
    this.#layers = new Map(weightedLayers(graph).map((layer) => [layer.node, layer]));
    this.#readers = countReaders(graph);
    for (const node of graph.nodes) for (const name of node.inputs) this.#next.set(name, node);
  }

  run(version: string): OnnxInt8 {
    const { inputs, outputs, nodes, name } = this.#graph;
    const builder = this.#builder;
    for (const input of inputs) {
      builder.input(input.name, this.#shapes.get(input.name)!, input.type);
    }
    for (const node of nodes) this.#node(node);
    for (const output of outputs) builder.output(output, this.#shapes.get(output)!, 'float32');
    return { bytes: builder.encode(name, version), inFloat: this.#inFloat };
  }

  #node(node: Node): void {
    const rule = rules[node.kind];
    const scale = rule === undefined ? null : this.#scaleOfResult(node, rule);
    if (scale === null) {
      this.#inFloat.push({ node: node.name, kind: node.kind });
      this.#write(node, (name) => this.#float(name), node.outputs);
      return;
    }
    const layer = this.#layers.get(node);
    const read = (name: string) => {
      if (layer && name === layer.weight) return this.#weight(layer);
      if (layer && name === layer.bias) return this.#bias(layer);
      return this.#int8(name);
    };
    const [value] = node.outputs as readonly [string];
    if (this.#isFused(node)) {
      this.#exact.add(value);
      this.#write(node, read, [value]);
      return;
    }
    this.#write(node, read, [`${value}:exact`]);
    this.#throughInt8(`${value}:exact`, value, value, scale);
  }

  /** True if the activation behind the node works on unrounded numbers, so that runtimes fuse the two. */
  #isFused(node: Node): boolean {
    const [value] = node.outputs as readonly [string];
    const next = this.#next.get(value);
    const takes = node.kind === 'Conv' || node.kind === 'Gemm' || node.kind === 'Add';
    if (!takes || !next || this.#readers.get(value) !== 1) return false;
    return next.kind === 'Relu' || (next.kind === 'Clip' && next.attributes.min === 0);
  }

  #scaleOfResult(node: Node, rule: Rule): Scale | null {
    if (typeof rule === 'object') {
      const range = this.#calibration.ranges.get(node.outputs[0]!);
      if (!fillsFewSteps(range, rule)) return rule;
      this.#small.add(node.outputs[0]!);
      return null;
    }
    if (rule === 'same') return this.#scaleOf(node.inputs[0]!);
    return this.#ownScale(node.outputs[0]!);
  }

  #ownScale(value: string): Scale | null {
    const range = this.#calibration.ranges.get(value);
    return range ? scaleOf(range) : null;
  }

  #scaleOf(value: string): Scale | null {
    return this.#scales.get(value) ?? this.#ownScale(value);
  }

  #write(node: Node, read: (name: string) => string, outputs: readonly string[]): void {
    const inputs = node.inputs.map((name) => (name === '' ? '' : read(name)));
    node.outputs.forEach((name, i) => this.#shapes.set(outputs[i]!, this.#shapes.get(name)!));
    const { write } = definitionOf(node.kind);
    if (!write) throw new RangeError(`${node.kind} exists only after differentiation`);
    write({ ...node, inputs, outputs }, this.#builder, (name) => this.#shapes.get(name) ?? []);
  }

  /** What an operator in float reads. */
  #float(name: string): string {
    const initializer = this.#graph.initializers.get(name);
    if (!initializer) return name;
    return this.#builder.floats(name, initializer.shape, () => materialise(initializer));
  }

  /** What an integer operator reads: the value as int8 has it. */
  #int8(name: string): string {
    const initializer = this.#graph.initializers.get(name);
    if (initializer) return this.#constant(name, materialise(initializer), initializer.shape);
    if (this.#exact.has(name)) return name;
    if (this.#scales.has(name)) return this.#rounded.get(name) ?? name;
    const scale = this.#ownScale(name);
    if (scale === null) return name;
    const rounded = `${name}:rounded`;
    this.#throughInt8(name, rounded, name, scale);
    this.#rounded.set(name, rounded);
    return rounded;
  }
  /** The int8 form of images and of values that a float operator made. */
  readonly #rounded = new Map<string, string>();

  #throughInt8(from: string, to: string, value: string, scale: Scale): void {
    const zero = this.#zeroPoint(scale.zeroPoint);
    const integers = `${value}:uint8`;
    if (this.#small.has(value)) {
      // A factor in between keeps onnxruntime from a Softmax of integers, which is wrong for small scales (1.30).
      const raised = `${value}:raised`;
      this.#builder.node('Mul', [from, this.#scalar(raising)], [raised]);
      this.#builder.node(
        'QuantizeLinear',
        [raised, this.#scalar(scale.scale * raising), zero],
        [integers],
      );
    } else {
      this.#builder.node('QuantizeLinear', [from, this.#scalar(scale.scale), zero], [integers]);
    }
    this.#builder.node('DequantizeLinear', [integers, this.#scalar(scale.scale), zero], [to]);
    this.#scales.set(value, scale);
    this.#shapes.set(to, this.#shapes.get(value)!);
  }

  #constant(name: string, data: Float32Array, shape: Shape): string {
    const scale = scaleOfConstant(data);
    const to = `${name}:rounded`;
    if (this.#scales.has(to)) return to;
    const integers = this.#builder.numbers(
      `${name}:uint8`,
      shape,
      unsigned(quantised(data, scale)),
    );
    this.#builder.node(
      'DequantizeLinear',
      [integers, this.#scalar(scale.scale), this.#zeroPoint(scale.zeroPoint)],
      [to],
    );
    this.#scales.set(to, scale);
    this.#shapes.set(to, shape);
    return to;
  }

  #weight(layer: WeightedLayer): string {
    const { weight, outputs, outputOf, axis, shape, input } = layer;
    const exact = materialise(this.#graph.initializers.get(weight)!);
    const scale = this.#scaleOf(input);
    const bias = this.#hasBiasInIntegers(layer)
      ? materialise(this.#graph.initializers.get(layer.bias!)!)
      : null;
    const least = leastWeightScale(bias, scale?.scale ?? 1, smallestWeightScale);
    const { data, scales } = quantisedWeights(exact, outputs, outputOf, least);
    const builder = this.#builder;
    const to = `${weight}:rounded`;
    builder.node(
      'DequantizeLinear',
      [
        builder.numbers(`${weight}:int8`, shape, data),
        builder.floats(`${weight}:scales`, [outputs], () => scales),
        builder.numbers(`${weight}:zero points`, [outputs], new Int8Array(outputs)),
      ],
      [to],
      { axis: { int: axis } },
    );
    this.#shapes.set(to, shape);
    this.#weightScales.set(weight, scales);
    return to;
  }
  readonly #weightScales = new Map<string, Float32Array>();

  /** False unless it has one number per channel. */
  #hasBiasInIntegers({ bias, input, outputs, node }: WeightedLayer): boolean {
    const initializer = bias === null ? undefined : this.#graph.initializers.get(bias);
    const plain = node.kind !== 'Gemm' || node.attributes.beta === 1;
    return plain && initializer?.shape.join() === `${outputs}` && this.#scaleOf(input) !== null;
  }

  #bias(layer: WeightedLayer): string {
    const { bias, weight, input, outputs, node } = layer;
    const name = bias!;
    if (!this.#hasBiasInIntegers(layer)) return this.#float(name);
    const scale = this.#scaleOf(input)!;
    const ofWeights = this.#weightScales.get(weight)!;
    const exact = materialise(this.#graph.initializers.get(name)!);
    const data = quantisedBias(exact, scale.scale, ofWeights);
    const scales = ofWeights.map((one) => one * scale.scale);
    const own = `${node.outputs[0]!}:bias`;
    this.#builder.node(
      'DequantizeLinear',
      [
        this.#builder.numbers(`${own} int32`, [outputs], data),
        this.#builder.floats(`${own} scales`, [outputs], () => scales),
      ],
      [own],
      { axis: { int: 0 } },
    );
    this.#shapes.set(own, [outputs]);
    return own;
  }

  #scalar(scale: number): string {
    return this.#builder.scalar(Math.fround(scale));
  }

  #zeroPoint(value: number): string {
    return this.#builder.numbers(`:zero point ${value}`, [], unsigned(Int8Array.of(value)));
  }
}

/** The same numbers counted from 0: on x64 the CPU provider has hardly an operator for signed ones. */
const unsigned = (data: Int8Array): Uint8Array => Uint8Array.from(data, (value) => value + 128);
