/** Builds networks for tests node by node, with any attributes (GraphBuilder offers the usual ones). */
import type {
  Graph,
  Initializer,
  Node,
  OperatorAttributes,
  OperatorKind,
  Shape,
} from '../../main/graph/graph.ts';
import { inferShapes } from '../../main/graph/infer-shapes.ts';
import type { ConvAttributes } from '../../main/graph/operators/attributes.ts';
import { generatorFor } from '../../main/random.ts';
import { elements } from '../../main/graph/shape.ts';

/** Uniform numbers in [-1, 1), a function of the name. */
export function noise(count: number, ...name: readonly (string | number)[]): Float32Array {
  const random = generatorFor('noise', ...name);
  return Float32Array.from({ length: count }, () => random.next() / 2 ** 31);
}

export const sameConv: ConvAttributes = {
  strides: [1, 1],
  pads: [0, 0, 0, 0],
  dilations: [1, 1],
  group: 1,
};

export class Sketch {
  private readonly inputShape: Shape;
  private readonly nodes: Node[] = [];
  private readonly initializers = new Map<string, Initializer>();
  private readonly batchSize: number;
  private nextId = 0;

  /** @param image channels, height, width of the input, which is called `image` */
  constructor(batchSize: number, image: Shape) {
    this.batchSize = batchSize;
    this.inputShape = image;
  }

  weights(name: string, shape: Shape, data = noise(elements(shape), name)): string {
    this.initializers.set(name, { shape, values: { kind: 'data', data } });
    return name;
  }

  node<K extends OperatorKind>(
    kind: K,
    inputs: readonly string[],
    attributes: OperatorAttributes[K],
    outputs = 1,
  ): string {
    const name = `${kind}${this.nextId++}`;
    const values = Array.from({ length: outputs }, (_, i) => (i === 0 ? name : `${name}.${i}`));
    this.nodes.push({ kind, name, inputs, outputs: values, attributes } as unknown as Node);
    return values[0]!;
  }

  conv(name: string, x: string, shape: Shape, attributes: Partial<ConvAttributes> = {}): string {
    return this.node('Conv', [x, this.weights(name, shape)], { ...sameConv, ...attributes });
  }

  /** A norm in training mode, with scale 1 and shift 0 by default. */
  norm(
    name: string,
    x: string,
    {
      epsilon = 1e-5,
      scale,
      shift,
    }: { epsilon?: number; scale?: Float32Array; shift?: Float32Array } = {},
  ): string {
    const channels = this.shapeOf(x)[1]!;
    const filled = (value: number) => new Float32Array(channels).fill(value);
    const inputs = [
      x,
      this.weights(`${name}.scale`, [channels], scale ?? filled(1)),
      this.weights(`${name}.shift`, [channels], shift ?? filled(0)),
      this.weights(`${name}.mean`, [channels], filled(0)),
      this.weights(`${name}.variance`, [channels], filled(1)),
    ];
    return this.node('BatchNormalization', inputs, { epsilon, training: true }, 3);
  }

  /** Flattens and classifies: every element gets a gradient of its own, and no class is nearly certain. */
  classifier(x: string, classes: number): string {
    const features = elements(this.shapeOf(x).slice(1));
    const flat = this.node('Flatten', [x], { axis: 1 });
    const data = noise(classes * features, 'classifier').map((w) => w / Math.sqrt(features));
    return this.node('Gemm', [flat, this.weights('classifier', [classes, features], data)], {
      alpha: 1,
      beta: 1,
      transA: false,
      transB: true,
    });
  }

  shapeOf(value: string): Shape {
    const shape = inferShapes(this.graph([]), this.batchSize).get(value);
    if (!shape) throw new RangeError(`nothing makes ${value}`);
    return shape;
  }

  graph(outputs: readonly string[]): Graph {
    return {
      name: 'sketch',
      inputs: [{ name: 'image', shape: [null, ...this.inputShape], type: 'float32' }],
      outputs,
      nodes: [...this.nodes],
      initializers: new Map(this.initializers),
    };
  }
}
