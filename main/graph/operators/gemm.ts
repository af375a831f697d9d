/** General matrix multiplication: alpha A' B' + beta C, the fully connected layer. */
import { broadcast } from '../shape.ts';
import { reducedTo } from './broadcasting.ts';
import { shapeMismatch, type OperatorDefinition } from './operator.ts';
import type { Known } from '../../common/known.ts';

export const gemm: OperatorDefinition<'Gemm'> = {
  kind: 'Gemm',
  traits: { trained: true, ownBox: true, called: 'linear' },
  requiredInputs: 2,
  infer(node, [a, b, c]) {
    if (a.length !== 2 || b.length !== 2)
      throw shapeMismatch(node, [a, b], 'it needs two matrices');
    const [rows, inner] = node.attributes.transA ? [a[1]!, a[0]!] : [a[0]!, a[1]!];
    const [innerB, columns] = node.attributes.transB ? [b[1]!, b[0]!] : [b[0]!, b[1]!];
    if (inner !== innerB) throw shapeMismatch(node, [a, b], `${inner} and ${innerB} do not match`);
    const out = [rows, columns];
    if (c && broadcast(c, out)?.join() !== out.join()) {
      throw shapeMismatch(node, [out, c], 'the bias does not fit');
    }
    return [out];
  },
  macs: (node, [a], [out]) => out[0]! * out[1]! * (node.attributes.transA ? a[0]! : a[1]!),
  /**
   * With A' = op(A): dA' = alpha dY B'^T, dB' = alpha A'^T dY; a transposed operand gets the transposed
   * product, which is the same product with its factors swapped. Source: ONNX Gemm, matrix calculus.
   */
  differentiate(node, dY, context) {
    const [a, b, c] = node.inputs as Known<string>;
    const { alpha, beta, transA, transB } = node.attributes;
    const product = (x: string, y: string, transX: boolean, transY: boolean) =>
      context.emit('Gemm', [x, y], { alpha, beta: 1, transA: transX, transB: transY });
    return [
      !context.needsGradient(a)
        ? null
        : transA
          ? product(b, dY, transB, true)
          : product(dY, b, false, !transB),
      !context.needsGradient(b)
        ? null
        : transB
          ? product(dY, a, true, transA)
          : product(a, dY, !transA, false),
      // A bias is not a weight in the sense of the method, but C may be a value that the network computed.
      c && context.needsGradient(c)
        ? reducedTo(c, context.emit('Mul', [dY, context.constant(beta)], {}), context)
        : null,
    ];
  },
  read: (source) => ({
    inputs: source.inputs,
    attributes: {
      alpha: source.float('alpha', 1),
      beta: source.float('beta', 1),
      transA: source.int('transA', 0) === 1,
      transB: source.int('transB', 0) === 1,
    },
  }),
  write(node, builder) {
    const { alpha, beta, transA, transB } = node.attributes;
    builder.node(
      'Gemm',
      node.inputs,
      node.outputs,
      {
        alpha: { float: alpha },
        beta: { float: beta },
        transA: { int: transA ? 1 : 0 },
        transB: { int: transB ? 1 : 0 },
      },
      node.name,
    );
  },
};
