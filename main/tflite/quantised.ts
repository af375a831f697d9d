/**
 * Makes an int8 TensorFlow Lite network from a float one and the ranges of its values. Operators without an int8
 * form stay in float, between DEQUANTIZE and QUANTIZE.
 */
import type { Calibration } from '../quantise/calibration.ts';
import {
  atLeast,
  fillsFewSteps,
  leastWeightScale,
  quantised,
  quantisedBias,
  quantisedWeights,
  scaleOf,
  scaleOfConstant,
  sigmoidScale,
  type Scale,
} from '../quantise/parameters.ts';
import type { Range } from '../quantise/ranges.ts';
import { elements } from '../graph/shape.ts';
import type { Operator, Quantisation, Tensor, TensorIndex, TfliteModel } from './model.ts';
import { anyFactor, convolutionFactors, factors, hasRoom } from './scale-limits.ts';
import type { Builtin } from './schema.ts';

/**
 * What an int8 operator requires of scales: `free` allows any for its output, `same` takes its input's, `joined` needs
 * all inputs to have its output's, and `weighted` has weights with a scale per channel. Where the specification
 * fixes the scale of the output, the rule is that scale.
 */
type Rule =
  'free' | 'same' | 'joined' | 'weighted' | { readonly scale: number; readonly zeroPoint: number };

const rules: Partial<Record<Builtin, Rule>> = {
  CONV_2D: 'weighted',
  DEPTHWISE_CONV_2D: 'weighted',
  TRANSPOSE_CONV: 'weighted',
  ADD: 'free',
  SUB: 'free',
  MUL: 'free',
  MEAN: 'free',
  LEAKY_RELU: 'free',
  PRELU: 'free',
  RELU: 'free',
  RELU6: 'free',
  RELU_N1_TO_1: 'free',
  BATCH_MATMUL: 'free',
  CONCATENATION: 'joined',
  RESHAPE: 'same',
  TRANSPOSE: 'same',
  PAD: 'same',
  PADV2: 'same',
  MAX_POOL_2D: 'same',
  AVERAGE_POOL_2D: 'same',
  SPLIT: 'same',
  SLICE: 'same',
  STRIDED_SLICE: 'same',
  GATHER: 'same',
  RESIZE_BILINEAR: 'same',
  RESIZE_NEAREST_NEIGHBOR: 'same',
  LOGISTIC: sigmoidScale,
  SOFTMAX: sigmoidScale,
  TANH: { scale: 1 / 128, zeroPoint: 0 },
};

/** Tells numeric inputs from shapes, axes and indices. */
const isNumbers = ({ type }: Tensor) => type === 'float32';

export interface QuantisedModel {
  readonly model: TfliteModel;
  /** Nodes of the network that stay in float, with their operators. */
  readonly inFloat: readonly { readonly node: string; readonly kind: Builtin }[];
}

/** @param io type of inputs and outputs; with float32 the network converts them itself */
export function withInt8(
  model: TfliteModel,
  calibration: Calibration,
  io: 'float32' | 'int8',
): QuantisedModel {
  const work = new Quantising(model, calibration);
  return work.run(io);
}

class Quantising {
  readonly #from: TfliteModel;
  readonly #calibration: Calibration;
  readonly #tensors: Tensor[] = [];
  readonly #operators: Operator[] = [];
  /** For tensors of the source, where their float and int8 forms are now. */
  readonly #float = new Map<TensorIndex, TensorIndex>();
  readonly #int8 = new Map<TensorIndex, TensorIndex>();
  /** Scales imposed on tensors by the concatenation that alone reads them. */
  readonly #wished = new Map<TensorIndex, Scale>();
  readonly #inFloat: { node: string; kind: Builtin }[] = [];

  constructor(model: TfliteModel, calibration: Calibration) {
    this.#from = model;
    this.#calibration = calibration;
  }

  run(io: 'float32' | 'int8'): QuantisedModel {
    const { inputs, outputs, operators, name } = this.#from;
    this.#wish();
    const taken = inputs.map((input) => {
      const scale = this.#scaleFor(input)!;
      if (io === 'int8') {
        const made = this.#addInt8(this.#from.tensors[input]!, scale);
        this.#int8.set(input, made);
        return made;
      }
      return this.#floatOf(input);
    });
    for (const operator of operators) this.#operator(operator);
    const given = outputs.map((output) =>
      io === 'int8' ? this.#int8Of(output, operators.at(-1)!.node) : this.#floatOf(output),
    );
    return {
      model: {
        name,
        tensors: this.#tensors,
        operators: this.#operators,
        inputs: taken,
        outputs: given,
      },
      inFloat: this.#inFloat,
    };
  }

  /** Gives a tensor the concatenation's scale if only that reads it and its maker allows any scale. */
  #wish(): void {
    const { operators, outputs } = this.#from;
    const readers = new Map<TensorIndex, number>();
    const makers = new Map<TensorIndex, Operator>();
    for (const operator of operators) {
      for (const input of operator.inputs) readers.set(input, (readers.get(input) ?? 0) + 1);
      for (const output of operator.outputs) makers.set(output, operator);
    }
    for (const output of outputs) readers.set(output, (readers.get(output) ?? 0) + 1);
    const wish = (tensor: TensorIndex, scale: Scale): void => {
      const maker = makers.get(tensor);
      if (!maker || readers.get(tensor) !== 1 || this.#isInFloat(maker)) return;
      const rule = rules[maker.kind];
      if (rule === 'free' || rule === 'weighted') {
        if (hasRoom(maker, scale)) this.#wished.set(tensor, scale);
      } else if (rule === 'joined') {
        this.#wished.set(tensor, scale);
        for (const input of maker.inputs) wish(input, scale);
      } else if (rule === 'same' && maker.outputs.length === 1) wish(maker.inputs[0]!, scale);
    };
    for (const operator of operators.toReversed()) {
      if (operator.kind !== 'CONCATENATION' || this.#isInFloat(operator)) continue;
      const scale = this.#scaleFor(operator.outputs[0]!);
      if (scale) for (const input of operator.inputs) wish(input, scale);
    }
  }

  #operator(operator: Operator): void {
    if (this.#isInFloat(operator)) {
      this.#keepInFloat(operator);
      return;
    }
    const rule = rules[operator.kind]!;
    if (rule === 'weighted') this.#weighted(operator);
    else if (rule === 'same' || rule === 'joined') {
      const [first] = numbersOf(operator, this.#from) as [TensorIndex];
      const scale =
        rule === 'same'
          ? this.#scaleAt(this.#int8Of(first, operator.node))
          : this.#scaleFor(operator.outputs[0]!)!;
      this.#write(
        operator,
        (input) => this.#int8As(input, scale, operator),
        () => scale,
      );
    } else if (typeof rule === 'object') {
      this.#write(
        operator,
        (input) => this.#int8Of(input, operator.node),
        () => rule,
      );
    } else this.#free(operator);
  }

  /** An operator of whatever scales, brought near enough to each other for runtimes. */
  #free(operator: Operator): void {
    const { node, kind } = operator;
    const { least, most } = factors[kind] ?? anyFactor;
    const read = numbersOf(operator, this.#from);
    const scales = read.map((input) => this.#ownScale(input, node).scale);
    // A product's scale is that of both operands together.
    const factorOf = (place: number) =>
      kind === 'MUL' ? scales.reduce((product, scale) => product * scale, 1) : scales[place]!;
    const largest = Math.max(...scales.map((_, place) => factorOf(place)));
    const scale = atLeast(this.#scaleFor(operator.outputs[0]!)!, largest / most);
    if (!hasRoom(operator, scale)) {
      this.#keepInFloat(operator);
      return;
    }
    const smallest = kind === 'MUL' ? Math.min(...scales) : 0;
    const wanted = (input: TensorIndex): TensorIndex => {
      const place = read.indexOf(input);
      const lacks = (scale.scale * least) / factorOf(place);
      const raises = kind === 'MUL' ? scales[place] === smallest : true;
      const own = this.#ownScale(input, node);
      return lacks > 1 && raises
        ? this.#int8As(input, atLeast(own, own.scale * lacks), operator)
        : this.#int8Of(input, node);
    };
    this.#write(operator, wanted, () => scale);
  }

  /** Of what an operator reads, computed or constant. */
  #ownScale(input: TensorIndex, node: string): Scale {
    const { data } = this.#from.tensors[input]!;
    return data instanceof Float32Array
      ? scaleOfConstant(data)
      : this.#scaleAt(this.#int8Of(input, node));
  }

  /** Steps inside a formula have no calibrated range, so the whole formula stays in float. */
  #isInFloat(operator: Operator): boolean {
    const rule = rules[operator.kind];
    if (rule === undefined) return true;
    if (rule === 'same') return false;
    if (typeof rule === 'object') {
      return operator.outputs.some((output) => fillsFewSteps(this.#rangeOf(output), rule));
    }
    return operator.outputs.some((output) => this.#scaleFor(output) === null);
  }

  #keepInFloat(operator: Operator): void {
    const { tensors } = this.#from;
    this.#inFloat.push({ node: operator.node, kind: operator.kind });
    const inputs = operator.inputs.map((input) => this.#floatOf(input));
    const outputs = operator.outputs.map((output) => {
      const made = this.#add(tensors[output]!);
      this.#float.set(output, made);
      return made;
    });
    this.#operators.push({ ...operator, inputs, outputs });
  }

  #write(
    operator: Operator,
    input: (of: TensorIndex) => TensorIndex,
    scale: (of: TensorIndex) => Scale,
  ): void {
    const { tensors } = this.#from;
    const inputs = operator.inputs.map((one) =>
      isNumbers(tensors[one]!) ? input(one) : this.#floatOf(one),
    );
    const outputs = operator.outputs.map((output) => {
      const made = this.#addInt8(tensors[output]!, scale(output));
      this.#int8.set(output, made);
      return made;
    });
    this.#operators.push({ ...operator, inputs, outputs });
  }

  #weighted(operator: Operator): void {
    const { tensors } = this.#from;
    const transposed = operator.kind === 'TRANSPOSE_CONV';
    const depthwise = operator.kind === 'DEPTHWISE_CONV_2D';
    const [x, weightIndex, biasIndex] = (
      transposed ? [operator.inputs[2], operator.inputs[1], undefined] : operator.inputs
    ) as [TensorIndex, TensorIndex, TensorIndex | undefined];
    const source = this.#int8Of(x, operator.node);
    const inputScale = this.#scaleAt(source).scale;
    const wanted = this.#scaleFor(operator.outputs[0]!)!;
    const weight = tensors[weightIndex]!;
    const data = weight.data as Float32Array;
    const axis = depthwise ? 3 : 0;
    const channels = weight.shape[axis]!;
    const size = data.length / channels;
    const channelOf = depthwise ? (i: number) => i % channels : (i: number) => Math.floor(i / size);
    const bias = biasIndex === undefined ? null : tensors[biasIndex]!;
    const exact = bias && (bias.data as Float32Array);
    const factor = (wanted.scale / inputScale) * convolutionFactors.least;
    const least = leastWeightScale(exact, inputScale, factor);
    const own = quantisedWeights(data, channels, channelOf, least);
    const largest = own.scales.reduce((most, scale) => Math.max(most, scale), 0);
    const output = atLeast(wanted, (inputScale * largest) / convolutionFactors.most);
    if (!hasRoom(operator, output)) {
      this.#keepInFloat(operator);
      return;
    }
    const zero = { zeroPoint: 0, axis };
    const weights = this.#add({
      ...bare(weight),
      type: 'int8',
      data: own.data,
      quantisation: { scales: own.scales, ...zero },
    });
    let inputs: TensorIndex[];
    if (bias === null || exact === null) {
      inputs = [this.#floatOf(operator.inputs[0]!), weights, source];
    } else {
      const scales = own.scales.map((scale) => scale * inputScale);
      const biases = this.#add({
        ...bare(bias),
        type: 'int32',
        data: quantisedBias(exact, inputScale, own.scales),
        quantisation: { scales, zeroPoint: 0, axis: 0 },
      });
      inputs = [source, weights, biases];
    }
    const made = this.#addInt8(tensors[operator.outputs[0]!]!, output);
    this.#int8.set(operator.outputs[0]!, made);
    this.#operators.push({ ...operator, inputs, outputs: [made] });
  }

  /** Null where nothing is known of what a tensor holds. */
  #scaleFor(tensor: TensorIndex): Scale | null {
    const wished = this.#wished.get(tensor);
    if (wished) return wished;
    const range = this.#rangeOf(tensor);
    return range ? scaleOf(range) : null;
  }

  #rangeOf(tensor: TensorIndex): Range | undefined {
    const { value } = this.#from.tensors[tensor]!;
    return value === undefined ? undefined : this.#calibration.ranges.get(value);
  }

  #scaleAt(tensor: TensorIndex): Scale {
    const { quantisation } = this.#tensors[tensor]!;
    return { scale: quantisation!.scales[0]!, zeroPoint: quantisation!.zeroPoint };
  }

  /** The float form of a tensor of the source: itself, or dequantised once. */
  #floatOf(source: TensorIndex): TensorIndex {
    const ready = this.#float.get(source);
    if (ready !== undefined) return ready;
    const int8 = this.#int8.get(source);
    const tensor = this.#from.tensors[source]!;
    const made = this.#add(tensor);
    if (int8 !== undefined) this.#convert('DEQUANTIZE', int8, made, tensor.name);
    this.#float.set(source, made);
    return made;
  }

  /** The int8 form: itself, or quantised once by its own range. */
  #int8Of(source: TensorIndex, node: string): TensorIndex {
    const ready = this.#int8.get(source);
    if (ready !== undefined) return ready;
    const tensor = this.#from.tensors[source]!;
    if (tensor.data instanceof Float32Array)
      return this.#constant(source, scaleOfConstant(tensor.data));
    const scale = this.#scaleFor(source) ?? { scale: 1 / 16, zeroPoint: 0 };
    const made = this.#addInt8(tensor, scale);
    this.#convert('QUANTIZE', this.#floatOf(source), made, node);
    this.#int8.set(source, made);
    return made;
  }

  /** The int8 form with a given scale, for operators whose inputs have to agree. */
  #int8As(source: TensorIndex, scale: Scale, { node }: Operator): TensorIndex {
    const tensor = this.#from.tensors[source]!;
    if (tensor.data instanceof Float32Array) return this.#constant(source, scale);
    const own = this.#int8Of(source, node);
    const has = this.#scaleAt(own);
    if (has.scale === Math.fround(scale.scale) && has.zeroPoint === scale.zeroPoint) return own;
    const made = this.#addInt8(tensor, scale);
    this.#convert('QUANTIZE', own, made, node);
    return made;
  }

  #constant(source: TensorIndex, scale: Scale): TensorIndex {
    const tensor = this.#from.tensors[source]!;
    const data = quantised(tensor.data as Float32Array, scale);
    return this.#add({ ...bare(tensor), type: 'int8', data, quantisation: one(scale) });
  }

  #convert(
    kind: 'QUANTIZE' | 'DEQUANTIZE',
    from: TensorIndex,
    to: TensorIndex,
    node: string,
  ): void {
    this.#operators.push({ kind, inputs: [from], outputs: [to], node });
  }

  #addInt8(tensor: Tensor, scale: Scale): TensorIndex {
    return this.#add({ ...bare(tensor), type: 'int8', quantisation: one(scale) });
  }

  #add(tensor: Tensor): TensorIndex {
    return this.#tensors.push(tensor) - 1;
  }
}

const bare = ({ name, shape, value }: Tensor) => ({
  name,
  shape,
  ...(value !== undefined && { value }),
});

const one = ({ scale, zeroPoint }: Scale): Quantisation => ({
  scales: Float32Array.of(scale),
  zeroPoint,
  axis: 0,
});

/** The computed inputs of an operator. */
function numbersOf({ inputs }: Operator, { tensors }: TfliteModel): TensorIndex[] {
  return inputs.filter(
    (input) => isNumbers(tensors[input]!) && elements(tensors[input]!.shape) > 0,
  );
}
