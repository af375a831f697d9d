/** Writes a network down node by node; names follow PyTorch modules (`stem.0.weight`). */
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
}

/** Every method appends one node and returns the name of its output. */
export class GraphBuilder {
  private readonly inputs: GraphInput[] = [];
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, Initializer>();
  private nextId = 0;

  /** An image batch, its size open: channels, height, width. */
  image(name: string, [channels, height, width]: readonly [number, number, number]): string {
    this.inputs.push({ name, shape: [null, channels, height, width], type: 'float32' });
    return name;
  }

  conv(name: string, x: string, options: ConvOptions): string {
    const { inChannels, outChannels, kernel } = options;
    const { stride = 1, padding = Math.floor(kernel / 2), group = 1, bias = false } = options;
    const inputs = [
      x,
      this.initializer(
        `${name}.weight`,
        [outChannels, inChannels / group, kernel, kernel],
        untouched,
      ),
    ];
    if (bias) inputs.push(this.constant(`${name}.bias`, [outChannels], 0));
    return this.append('Conv', name, inputs, {
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

  add(a: string, b: string): string {
    return this.append('Add', `add_${this.nextId}`, [a, b], {});
  }

  averagePool(x: string, kernel: Pair, strides: Pair): string {
    const attributes = {
      kernel,
      strides,
      pads: [0, 0, 0, 0],
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

  private initializer(name: string, shape: Shape, values: InitialValues): string {
    if (this.initializers.has(name)) throw new RangeError(`initialiser ${name} exists already`);
    this.initializers.set(name, { shape, values });
    return name;
  }

  private append<K extends OperatorKind>(
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
