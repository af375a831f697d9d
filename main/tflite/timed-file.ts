/** The file with which the latency of a network is taken, in the form and precision that a runner wants. */
import type { DeployedPrecision } from '../common/precisions.ts';
import type { Graph } from '../graph/graph.ts';
import { writeDeployableOnnx } from '../graph/onnx/write.ts';
import type { Range } from '../quantise/ranges.ts';
import { withNominalRanges } from '../quantise/nominal.ts';
import { writeInt8Onnx } from '../quantise/onnx-int8.ts';
import { writeInt8Tflite, writeTflite } from './index.ts';

export type ModelFormat = 'onnx' | 'tflite';

/**
 * One image, every size known. The bytes hold neither version nor date. In int8 the ranges are nominal: latencies do
 * not depend on them.
 * @param ranges of values whose numbers are looked at
 * @throws WorkbenchError `not-convertible` where TensorFlow Lite lacks an operator
 */
export function timedFile(
  graph: Graph,
  format: ModelFormat,
  precision: DeployedPrecision,
  ranges?: ReadonlyMap<string, Range>,
): Uint8Array {
  if (format === 'onnx') {
    return precision === 'int8'
      ? writeInt8Onnx(withNominalRanges(graph, ranges), '').bytes
      : writeDeployableOnnx(graph, 1, '', precision);
  }
  return precision === 'int8'
    ? writeInt8Tflite(withNominalRanges(graph, ranges), '').bytes
    : writeTflite(graph, precision, '');
}
