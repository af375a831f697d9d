/** What a lowering of one operator has to work with. */
import type { Node, NodeOf, OperatorKind, Shape } from '../../../graph/graph.ts';
import type { WorkbenchError } from '../../../errors.ts';
import type { NamedStep } from '../plan.ts';

export interface StepContext {
  shapeOf(value: string): Shape;
  constantOf(value: string): Float32Array | null;
  /** The number that an initialiser holds in every place, without writing them out; null where they may differ. */
  repeatedNumberOf(value: string): number | null;
  /** Gives the shape of a value that the graph does not name. */
  declare(value: string, shape: Shape): void;
  /** Adds numbers that the graph does not hold as a value. */
  addConstant(value: string, shape: Shape, numbers: Float32Array): void;
  refuse(node: Node, why?: string): WorkbenchError;
}

/** @throws WorkbenchError `operator-not-native` */
export type Steps<K extends OperatorKind> = (
  node: NodeOf<K>,
  context: StepContext,
) => readonly NamedStep[];

export type StepTable = { readonly [K in OperatorKind]?: Steps<K> };

/** A step with the node's own name, inputs and outputs. */
export function step(node: Node, op: string, rest: Partial<NamedStep> = {}): readonly [NamedStep] {
  return [{ op, name: node.name, inputs: node.inputs, outputs: node.outputs, ...rest }];
}

/** The same numbers under another shape. */
export const alias = (node: Node): readonly NamedStep[] =>
  step(node, 'alias', { inputs: node.inputs.slice(0, 1), outputs: node.outputs.slice(0, 1) });

/** How far apart the values of a row-major tensor lie along each axis. */
export function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}

/** Numbers that lie behind an axis, counted from either end; and the axis counted from the front. */
export function along(
  shape: Shape,
  written: number,
): { axis: number; size: number; inner: number } {
  const axis = written < 0 ? written + shape.length : written;
  return { axis, size: shape[axis]!, inner: stridesOf(shape)[axis]! };
}
