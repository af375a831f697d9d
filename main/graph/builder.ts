/** Builds a network node by node; names follow PyTorch modules (`stem.0.weight`). */
import type {
  Graph,
  GraphInput,
  Initializer,
  InitialValues,
  Node,
  OperatorAttributes,
  OperatorKind,
  Shape,
} from './graph.ts';
import type { Pair } from './operators/attributes.ts';

const untouched: InitialValues = { kind: 'random', scheme: 'pytorch-default', seed: 0 };

export interface ConvOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Zero padding on all four sides; half the kernel by default, which keeps the size at stride 1. */
  readonly padding?: number;
  readonly group?: number;
  readonly bias?: boolean;
  /** The node's name, where several nodes use the weights named here. */
  readonly node?: string;
}

/** Every method appends one node and returns the name of its output. */
export class GraphBuilder {
  private readonly inputs: GraphInput[] = [];
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, Initializer>();
  private nextId = 0;

  /** A batch of images of any size: channels, height, width. */
  image(name: string, [channels, height, width]: readonly [number, number, number]): string {
    this.inputs.push({ name, shape: [null, channels, height, width], type: 'float32' });
    return name;
  }

  conv(name: string, x: string, options: ConvOptions): string {
    const { inChannels, outChannels, kernel } = options;
    const { stride = 1, padding = Math.floor(kernel / 2), group = 1, bias = false } = options;
    const { node = null } = options;
    const shape = [outChannels, inChannels / group, kernel, kernel];
    const inputs = [x, this.initializer(`${name}.weight`, shape, untouched, node !== null)];
    if (bias) {
      const start: InitialValues = { kind: 'constant', value: 0 };
      inputs.push(this.initializer(`${name}.bias`, [outChannels], start, node !== null));
    }
    return this.append('Conv', node ?? name, inputs, {
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      dilations: [1, 1],
      group,
    });
  }

  /** Training mode: batch statistics; `toInference` makes the deployable form. */
  batchNormalization(name: string, x: string, channels: number, epsilon = 1e-5): string {
    const inputs = [
      x,
      this.constant(`${name}.weight`, [channels], 1),
      this.constant(`${name}.bias`, [channels], 0),
      this.constant(`${name}.running_mean`, [channels], 0),
      this.constant(`${name}.running_var`, [channels], 1),
    ];
    return this.append('BatchNormalization', name, inputs, { epsilon, training: true }, 3);
  }

  relu(x: string): string {
    return this.append('Relu', `relu_${this.nextId}`, [x], {});
  }

  sigmoid(x: string): string {
    return this.append('Sigmoid', `sigmoid_${this.nextId}`, [x], {});
  }

  hardSwish(x: string): string {
    return this.append('HardSwish', `hardswish_${this.nextId}`, [x], {});
  }

  /** Slope 1/6 about 1/2. */
  hardSigmoid(x: string): string {
    const attributes = { alpha: 1 / 6, beta: 0.5 };
    return this.append('HardSigmoid', `hardsigmoid_${this.nextId}`, [x], attributes);
  }

  /** x Phi(x), exactly. */
  gelu(x: string): string {
    return this.append('Gelu', `gelu_${this.nextId}`, [x], { approximate: 'none' });
  }

  add(a: string, b: string): string {
    return this.append('Add', `add_${this.nextId}`, [a, b], {});
  }

  multiply(a: string, b: string): string {
    return this.append('Mul', `mul_${this.nextId}`, [a, b], {});
  }

  divide(a: string, b: string): string {
    return this.append('Div', `div_${this.nextId}`, [a, b], {});
  }

  /** Sum of a vector, as a vector of one. */
  total(vector: string): string {
    const attributes = { axes: [0], keepDims: true };
    return this.append('ReduceSum', `sum_${this.nextId}`, [vector], attributes);
  }

  /** Element `index` of a vector, as a vector of one. */
  element(vector: string, index: number): string {
    const attributes = { axes: [0], starts: [index], ends: [index + 1], steps: [1] };
    return this.append('Slice', `element_${this.nextId}`, [vector], attributes);
  }

  /** The top left of feature maps. */
  crop(x: string, [height, width]: Pair): string {
    const attributes = { axes: [2, 3], starts: [0, 0], ends: [height, width], steps: [1, 1] };
    return this.append('Slice', `crop_${this.nextId}`, [x], attributes);
  }

  /** Joins feature maps along their channels. */
  concat(values: readonly string[]): string {
    return this.append('Concat', `concat_${this.nextId}`, values, { axis: 1 });
  }

  /** Enlarges feature maps by whole factors, the way PyTorch's interpolate does. */
  enlarge(x: string, factor: number, mode: 'nearest' | 'linear'): string {
    return this.append('Resize', `resize_${this.nextId}`, [x], {
      mode,
      coordinates: mode === 'nearest' ? 'asymmetric' : 'half_pixel',
      nearestMode: 'floor',
      target: { kind: 'scales', scales: [factor, factor] },
    });
  }

  maxPool(x: string, kernel: number, stride: number, padding: number): string {
    return this.append('MaxPool', `pool_${this.nextId}`, [x], {
      kernel: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      dilations: [1, 1],
      ceilMode: false,
    });
  }

  /** A trained vector in addition to the layers' weights; all of it starts at one value. */
  vector(name: string, length: number, value: number): string {
    return this.constant(name, [length], value);
  }

  /** A constant of a formula, as a vector of one; the same name always has the same value. */
  number(name: string, value: number): string {
    this.initializers.set(name, {
      shape: [1],
      values: { kind: 'constant', value },
      constant: true,
    });
    return name;
  }

  /** @param padding on all four sides, which the average leaves out */
  averagePool(x: string, kernel: Pair, strides: Pair, padding = 0): string {
    const attributes = {
      kernel,
      strides,
      pads: [padding, padding, padding, padding],
      dilations: [1, 1],
      ceilMode: false,
      countIncludePad: false,
    } as const;
    return this.append('AveragePool', `pool_${this.nextId}`, [x], attributes);
  }

  globalAveragePool(x: string): string {
    return this.append('GlobalAveragePool', `pool_${this.nextId}`, [x], {});
  }

  flatten(x: string): string {
    return this.append('Flatten', `flatten_${this.nextId}`, [x], { axis: 1 });
  }

  /** Fully connected layer; the bias starts at 0 (method, section 1). */
  linear(name: string, x: string, inFeatures: number, outFeatures: number): string {
    const inputs = [
      x,
      this.initializer(`${name}.weight`, [outFeatures, inFeatures], untouched),
      this.constant(`${name}.bias`, [outFeatures], 0),
    ];
    return this.append('Gemm', name, inputs, { alpha: 1, beta: 1, transA: false, transB: true });
  }

  build(name: string, outputs: readonly string[]): Graph {
    const { inputs, nodes, initializers } = this;
    return { name, inputs, nodes, outputs, initializers };
  }

  private constant(name: string, shape: Shape, value: number): string {
    return this.initializer(name, shape, { kind: 'constant', value });
  }

  protected initializer(name: string, shape: Shape, values: InitialValues, shared = false): string {
    if (this.initializers.has(name)) {
      if (!shared) throw new RangeError(`initialiser ${name} exists already`);
      return name;
    }
    this.initializers.set(name, { shape, values });
    return name;
  }

  /** Of a node without a name of its own. */
  protected nextName(kind: OperatorKind): string {
    return `${kind.toLowerCase()}_${this.nextId}`;
  }

  protected append<K extends OperatorKind>(
    kind: K,
    name: string,
    inputs: readonly string[],
    attributes: OperatorAttributes[K],
    outputs = 1,
  ): string {
    const first = `v${this.nextId++}`;
    const names = [first, ...Array.from({ length: outputs - 1 }, (_, i) => `${first}.${i + 1}`)];
    this.nodes.push({ kind, name, inputs, outputs: names, attributes } as unknown as Node);
    return first;
  }
}
