/** Sums of products of numbers, computed by onnxruntime in double precision. Blocks: for children. */
import { Tensor, type InferenceSession } from 'onnxruntime-node';
import { createSession } from '../engine/onnxruntime/session.ts';
import { OnnxBuilder } from '../graph/onnx/builder.ts';

export class Products {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async open(threads: number): Promise<Products> {
    const builder = new OnnxBuilder();
    builder.input('read', ['images', 'blocks', 'numbers', 'places'], 'float32');
    const perBlock = builder.reshape(builder.transpose('read', [1, 2, 0, 3]), [0, 0, -1]);
    const exact = builder.cast(perBlock, 'double');
    builder.op('MatMul', [exact, builder.transpose(exact, [0, 2, 1])], {}, 'products');
    builder.reduce('ReduceSum', exact, [2], false, 'sums');
    builder.output('products', ['blocks', 'numbers', 'numbers'], 'float64');
    builder.output('sums', ['blocks', 'numbers'], 'float64');
    return new Products(await createSession(builder.encode('products', ''), threads));
  }

  /**
   * @param read images, blocks, numbers of a block, places
   * @returns of each block, the sums over all places of its numbers' products with each other, and of its numbers
   */
  async of(read: Float32Array, shape: readonly [number, number, number, number]) {
    const given = await this.#session.run({ read: new Tensor('float32', read, shape) });
    return {
      products: given['products']!.data as Float64Array,
      sums: given['sums']!.data as Float64Array,
    };
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}
