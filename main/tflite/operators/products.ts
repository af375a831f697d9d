/** Fully connected layers and products of matrices. */
import { permuted } from '../../graph/deployed/constants.ts';
import { elements, type Shape } from '../../graph/shape.ts';
import { plainOrder } from '../emitter.ts';
import { notConvertible } from '../refusals.ts';
import { options } from '../schema.ts';
import { linear } from './convolutions.ts';
import type { Emit } from './emit.ts';
import type { TensorIndex } from '../model.ts';

export const emitGemm: Emit<'Gemm'> = (node, emitter) => {
  const [a, b, c] = node.inputs as [string, string, string | undefined];
  const { alpha, beta, transA, transB } = node.attributes;
  if (!emitter.isConstant(b) || (c && !emitter.isConstant(c))) {
    throw notConvertible(node, 'has weights that the network computes');
  }
  const { shape, data } = emitter.weights(node, b);
  const matrix = transB ? { shape, data } : permuted({ shape, data }, [1, 0]);
  const outputs = matrix.shape[0]!;
  const bias = c ? emitter.weights(node, c) : null;
  if (bias && bias.data.length !== outputs && bias.data.length !== 1) {
    throw notConvertible(node, 'adds a matrix');
  }
  const shifts = bias && spread(bias.data, outputs).map((value) => beta * value);
  const { activation, made } = emitter.fuse(node.outputs[0]!);
  const x = emitter.get(a, transA ? [1, 0] : [0, 1]);
  const weights = {
    outputs,
    data: alpha === 1 ? matrix.data : matrix.data.map((value) => alpha * value),
    name: b,
  };
  const tensor = linear(emitter, x, weights, shifts, made, activation);
  emitter.set(made, tensor, plainOrder(2));
};

const spread = (data: Float32Array, length: number) =>
  data.length === length ? data : new Float32Array(length).fill(data[0]!);

export const emitMatmul: Emit<'MatMul'> = (node, emitter) => {
  const [a, b] = node.inputs as [string, string];
  const rank = emitter.shapeOf(node.outputs[0]!).length;
  const shape = emitter.shapeOf(b);
  if (emitter.isConstant(b) && shape.length === 2) {
    // Whatever the order of the others, the summed axis comes last.
    const own = emitter.shapeOf(a).length;
    const stored = emitter.orderOf(a);
    const order = stored.at(-1) === own - 1 ? stored : plainOrder(own);
    const { data } = permuted(emitter.weights(node, b), [1, 0]);
    const { activation, made } = emitter.fuse(node.outputs[0]!);
    const weights = { outputs: shape[1]!, data, name: b };
    const tensor = linear(emitter, emitter.get(a, order), weights, null, made, activation);
    emitter.set(made, tensor, order);
    return;
  }
  const out = emitter.shapeOf(node.outputs[0]!);
  const how = options.batchMatMul(false, false);
  const product = (first: TensorIndex, second: TensorIndex, sizes: Shape) =>
    emitter.op('BATCH_MATMUL', [first, second], sizes, node.outputs[0], how);
  const done = (tensor: TensorIndex) => emitter.set(node.outputs[0]!, tensor, plainOrder(rank));
  if (rank <= 4) {
    done(product(emitter.plain(a), emitter.plain(b), out));
    return;
  }
  const shapes = [emitter.shapeOf(a), shape];
  if (shapes.some((sizes) => sizes.slice(0, -2).join() !== out.slice(0, -2).join())) {
    throw notConvertible(node, `multiplies tensors of ${rank} axes that are not as many in each`);
  }
  // The matrices of more axes than it knows are one list of as many.
  const [first, second] = [a, b].map((value) => {
    const sizes = emitter.shapeOf(value);
    return emitter.reshaped(emitter.plain(value), inOneList(sizes));
  });
  const listed = product(first!, second!, inOneList(out));
  done(emitter.reshaped(listed, out, node.outputs[0]));
};

const inOneList = (sizes: Shape): Shape => [elements(sizes.slice(0, -2)), ...sizes.slice(-2)];

export const emitLinearAlongAxis: Emit<'LinearAlongAxis'> = (node, emitter) => {
  const x = node.inputs[0]!;
  const { axis, rows, matrix } = node.attributes;
  const rank = emitter.shapeOf(x).length;
  const order = [...plainOrder(rank).filter((place) => place !== axis), axis];
  const weights = { outputs: rows, data: matrix, name: `${node.name} matrix` };
  const tensor = linear(emitter, emitter.get(x, order), weights, null, node.outputs[0]!);
  emitter.set(node.outputs[0]!, tensor, order);
};
