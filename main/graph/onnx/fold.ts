/**
 * Folds shape arithmetic away: exporters compute sizes inside the network (Shape, Gather, Concat, ...),
 * and once the batch size is known these are constants.
 */
import { elements, type Shape } from '../shape.ts';
import { foldable, mostFolded, type Numbers } from './fold-numbers.ts';
import { constantFolds } from './folds.ts';
import type { OnnxNode, OnnxTensor } from './node.ts';

/** Fills of more numbers are no formula any more. */
const mostFilled = 2 ** 22;

/** One number in every place, however many: nothing of it is read from the file. */
function filled(node: OnnxNode): OnnxTensor | null {
  const shape = node.constantTensor(0)?.integers;
  if (!shape || shape.some((size) => size < 0)) return null;
  const fill = node.tensor('value');
  const count = elements(shape);
  if (fill?.type === 'int64') {
    if (!foldable(shape)) return null;
    const integers = new Array<number>(count).fill(fill.integers[0] ?? 0);
    return { shape, type: 'int64', data: new Float32Array(0), integers };
  }
  if (count > mostFilled) return null;
  const data = new Float32Array(count).fill(fill?.data[0] ?? 0);
  return { shape, type: 'float32', data, integers: [] };
}

/** Floats are factors of a resize. A larger constant may be a trained weight and has to keep its name. */
const mostFloats = 8;

/**
 * @returns the constant that a node's first output is, or null where it is no constant.
 * @param shapeOf the shape of a value, where it is known
 * @param isFormula whether a constant is a number of a formula, which nothing trains
 * @param spend is told how many numbers are about to be read, and may throw
 */
export function foldConstant(
  node: OnnxNode,
  shapeOf: (value: string) => Shape | undefined,
  isFormula: (value: string) => boolean = () => false,
  spend: (numbers: number) => void = () => {},
): OnnxTensor | null {
  if (node.opType === 'ConstantOfShape') return filled(node);
  if (node.opType === 'Shape') return shapeConstant(node, shapeOf(node.inputs[0] ?? ''));
  if (node.opType === 'Size') return sizeConstant(shapeOf(node.inputs[0] ?? ''));
  if (!Object.hasOwn(constantFolds, node.opType)) return null;
  const tensors: ({ readonly tensor: OnnxTensor; readonly trained: boolean } | undefined)[] = [];
  for (const [index, name] of node.inputs.entries()) {
    const known = name === '' ? undefined : node.constantTensor(index);
    const tensor = known ?? likeOf(node, index);
    if (name !== '' && !tensor) return null;
    // Nothing trains what is counted from, to and by.
    const counted = node.opType === 'Range';
    const trained = known?.type === 'float32' && !counted && !isFormula(name);
    if (tensor && elements(tensor.shape) > (trained ? mostFloats : mostFolded)) return null;
    tensors.push(tensor && { tensor, trained });
  }
  spend(tensors.reduce((sum, one) => sum + (one ? elements(one.tensor.shape) : 0), 0));
  const inputs = tensors.map((one) => one && { ...numbersOf(one.tensor), trained: one.trained });
  const folded = constantFolds[node.opType]!(node, inputs);
  const trained = inputs.some((input) => input?.trained === true);
  if (!folded || elements(folded.shape) > (trained ? mostFloats : mostFolded)) return null;
  // A division by zero is a fault of the file: the node is kept, and refused by name.
  if (folded.type === 'int64' && !folded.values.every(Number.isSafeInteger)) return null;
  return tensorOf(folded);
}

/**
 * Of CastLike the second input only says which type is meant: what the network computes with are floating-point
 * numbers.
 */
const likeOf = ({ opType }: OnnxNode, index: number): OnnxTensor | undefined =>
  opType === 'CastLike' && index === 1
    ? { shape: [], type: 'float32', data: new Float32Array(0), integers: [] }
    : undefined;

function numbersOf({ shape, type, integers, data }: OnnxTensor): Numbers {
  return { shape, type, values: type === 'int64' ? integers : Array.from(data) };
}

function tensorOf({ shape, type, values }: Numbers): OnnxTensor {
  return type === 'int64'
    ? { shape, type, data: new Float32Array(0), integers: values }
    : { shape, type, data: Float32Array.from(values), integers: [] };
}

function shapeConstant(node: OnnxNode, shape: Shape | undefined): OnnxTensor | null {
  if (!shape) return null;
  const values = shape.slice(node.int('start', 0), node.int('end', shape.length));
  return tensorOf({ shape: [values.length], type: 'int64', values });
}

function sizeConstant(shape: Shape | undefined): OnnxTensor | null {
  return shape ? tensorOf({ shape: [], type: 'int64', values: [elements(shape)] }) : null;
}
