/** What a lowering may ask and write. */
import type { NodeOf, OperatorKind, Shape } from '../../graph/graph.ts';
import type { OnnxBuilder } from '../../graph/onnx/builder.ts';

export interface LoweringContext {
  readonly builder: OnnxBuilder;
  shapeOf(value: string): Shape;
  /** The numbers of an initialiser, or null where a value is computed. */
  constantOf(value: string): Float32Array | null;
}

/** Writes one node as inference operators of ONNX that onnxruntime runs well. */
export type Lowering<K extends OperatorKind> = (node: NodeOf<K>, context: LoweringContext) => void;
