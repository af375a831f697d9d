/** What a Constant node of a file holds. */
import { WorkbenchError } from '../../errors.ts';
import type { Shape } from '../shape.ts';
import type { OnnxNode, OnnxTensor } from './node.ts';

/** @throws WorkbenchError `unsupported-operator` where it holds no numbers */
export function constantOfNode(source: OnnxNode): OnnxTensor {
  const value = source.tensor('value');
  if (value) return value;
  const one = (data: readonly number[], shape: Shape, type: OnnxTensor['type']): OnnxTensor => ({
    shape,
    type,
    data: type === 'float32' ? Float32Array.from(data) : new Float32Array(0),
    integers: type === 'int64' ? data : [],
  });
  const ints = source.ints('value_ints');
  const floats = source.floats('value_floats');
  if (source.has('value_int')) return one([source.int('value_int', 0)], [], 'int64');
  if (source.has('value_float')) return one([source.float('value_float', 0)], [], 'float32');
  if (ints) return one(ints, [ints.length], 'int64');
  if (floats) return one(floats, [floats.length], 'float32');
  throw new WorkbenchError(
    'unsupported-operator',
    `Constant node "${source.name}" does not hold a tensor of numbers.`,
    'Export the model with PyTorch or a current exporter.',
  );
}
