/** The builder that code decodes into: everything that descriptions are built with, and any other operator. */
import { GraphBuilder } from '../graph/builder.ts';
import type { OperatorAttributes, OperatorKind } from '../graph/graph.ts';

/**
 * Every method appends to the network and returns the name of a value. A name given first is that of the layer, as
 * PyTorch would name it (`blocks.0.query`), and is given once.
 */
export class NetworkBuilder extends GraphBuilder {
  /**
   * Any operator, by the names and attributes of ONNX.
   * @param inputs names of values; an empty one stands for an optional input that is left out
   */
  operator<K extends OperatorKind>(
    kind: K,
    inputs: readonly string[],
    attributes: OperatorAttributes[K],
  ): string {
    return this.append(kind, this.nextName(kind), inputs, attributes);
  }

  matMul(a: string, b: string): string {
    return this.operator('MatMul', [a, b], {});
  }

  /** @param axis counted from 0 */
  softmax(x: string, axis: number): string {
    return this.operator('Softmax', [x], { axis });
  }

  /** ONNX's shape: 0 keeps a dimension, one -1 is inferred. */
  reshape(x: string, shape: readonly number[]): string {
    return this.operator('Reshape', [x], { shape });
  }

  transpose(x: string, permutation: readonly number[]): string {
    return this.operator('Transpose', [x], { permutation });
  }

  subtract(a: string, b: string): string {
    return this.operator('Sub', [a, b], {});
  }

  /** Every value times the same number. */
  scale(x: string, factor: number): string {
    return this.multiply(x, this.number(`:${this.nextName('Mul')}.factor`, factor));
  }

  /** Over the axes, which are left out of the result. */
  mean(x: string, axes: readonly number[]): string {
    return this.operator('ReduceMean', [x], { axes, keepDims: false });
  }

  /** Feature maps of N x channels x height x width as tokens: N x (height width) x channels. */
  tokens(x: string, channels: number): string {
    return this.transpose(this.reshape(x, [0, channels, -1]), [0, 2, 1]);
  }

  /** A fully connected layer of the last axis of tokens; its bias begins at 0. */
  dense(name: string, x: string, inFeatures: number, outFeatures: number): string {
    const weight = this.initializer(`${name}.weight`, [inFeatures, outFeatures], {
      ...{ kind: 'random', scheme: 'pytorch-default', seed: 0, inputsFirst: true },
    });
    const product = this.append('MatMul', name, [x, weight], {});
    return this.add(product, this.vector(`${name}.bias`, outFeatures, 0));
  }

  /** Over the features of tokens. */
  layerNormalization(name: string, x: string, features: number, epsilon = 1e-5): string {
    const [scale, shift] = [
      this.vector(`${name}.weight`, features, 1),
      this.vector(`${name}.bias`, features, 0),
    ];
    return this.append('LayerNormalization', name, [x, scale, shift], { axis: 2, epsilon });
  }

  /**
   * Self-attention of several heads over tokens (Vaswani et al., arXiv 1706.03762).
   * @param channels a multiple of the heads
   */
  attention(
    name: string,
    x: string,
    { channels, heads }: { readonly channels: number; readonly heads: number },
  ): string {
    const size = channels / heads;
    if (!Number.isInteger(size))
      throw new RangeError(`${channels} channels are no multiple of ${heads} heads`);
    const part = (of: string): string =>
      this.reshape(this.dense(`${name}.${of}`, x, channels, channels), [0, -1, heads, size]);
    const query = this.transpose(part('query'), [0, 2, 1, 3]);
    const key = this.transpose(part('key'), [0, 2, 3, 1]);
    const value = this.transpose(part('value'), [0, 2, 1, 3]);
    const weights = this.softmax(this.scale(this.matMul(query, key), 1 / Math.sqrt(size)), 3);
    const heard = this.transpose(this.matMul(weights, value), [0, 2, 1, 3]);
    return this.dense(`${name}.out`, this.reshape(heard, [0, -1, channels]), channels, channels);
  }
}
