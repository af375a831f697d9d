/** Networks as TensorFlow Lite runs them on this computer, to be timed. Blocks: for the latency child. */
import type { DeployedPrecision } from '../../common/precisions.ts';
import type { Graph } from '../../graph/graph.ts';
import { elements } from '../../graph/shape.ts';
import { timedFile } from '../../tflite/timed-file.ts';
import { generatorFor } from '../../random.ts';
import { TfliteInterpreter } from './interpreter.ts';

/** @throws WorkbenchError `not-convertible`, `runner-failed`, `runner-not-built` */
export function loadTflite(
  graph: Graph,
  precision: DeployedPrecision,
  threads: number,
): { run(): void; release(): void } {
  const interpreter = new TfliteInterpreter(timedFile(graph, 'tflite', precision), threads);
  const random = generatorFor('latency-input');
  const length = elements(interpreter.inputShape);
  interpreter.setInput(Float32Array.from({ length }, () => random.next() / 0x8000_0000));
  return { run: () => interpreter.invoke(), release: () => interpreter.close() };
}
