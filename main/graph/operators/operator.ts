/** What an operator says about itself: one definition per operator, one file per family of operators. */
import { WorkbenchError } from '../../errors.ts';
import type { Node, NodeOf, OperatorAttributes, OperatorKind } from '../graph.ts';
import type { OnnxNode } from '../onnx/node.ts';
import type { OnnxBuilder } from '../onnx/builder.ts';
import { formatShape, type Shape } from '../shape.ts';
import type { Known } from '../../common/known.ts';

/** What a differentiation rule can ask for and do. */
export interface DifferentiationContext {
  shapeOf(value: string): Shape;
  /** Whether a wanted gradient depends on this value; gradients of other values are never computed. */
  needsGradient(value: string): boolean;
  /** Appends a node and returns its first output. */
  emit<K extends OperatorKind>(
    kind: K,
    inputs: readonly string[],
    attributes: OperatorAttributes[K],
  ): string;
  /** A scalar. */
  constant(value: number): string;
}

/**
 * Vector-Jacobian product of one node. Given the gradient of the loss with respect to the node's first output,
 * returns one entry per input: the gradient's value name, or null where none is needed.
 */
export type DifferentiationRule<K extends OperatorKind> = (
  node: NodeOf<K>,
  outputGradient: string,
  context: DifferentiationContext,
) => readonly (string | null)[];

/** An operator as read from ONNX; its output is the first one of the source. */
export interface ReadNode<K extends OperatorKind> {
  readonly inputs: readonly string[];
  readonly attributes: OperatorAttributes[K];
}

/** One of the nodes into which an ONNX operator without a kind of its own is taken apart. */
export type ExpandedNode = {
  readonly [K in OperatorKind]: {
    readonly kind: K;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly attributes: OperatorAttributes[K];
  };
}[OperatorKind];

/** What the code that takes an ONNX operator apart can ask for. */
export interface ExpansionContext {
  shapeOf(value: string): Shape;
  /** As `shapeOf`, and undefined where the size of the input is not known yet. */
  knownShape(value: string): Shape | undefined;
  /** A constant tensor of one number. */
  constant(shape: Shape, value: number): string;
  /** The value as numbers: integers and booleans that the file holds become floats, all else is what it is. */
  asFloats(name: string): string;
  /** Whether the value is true or false in the file; here it is 1 or 0. */
  isTruth(name: string): boolean;
}

/** What matters about an operator to code that treats many alike: counts, exports, drawings, engines. */
export interface OperatorTraits {
  /** Its constants are weights that training changes, even where an exporter wrote them as Constant nodes. */
  readonly trained?: true;
  /**
   * `norm`: its second and third input are scale and shift. `activation`: a nonlinearity without weights that
   * follows a layer. `arithmetic`: of two operands, either of which may be a number.
   */
  readonly family?: 'norm' | 'activation' | 'arithmetic';
  /** Its slope is 0 wherever it has one (a step, a comparison), so that no gradient passes it. */
  readonly flat?: true;
  /** An engine can reuse its input's memory for its output. */
  readonly view?: true;
  /**
   * It decides how data flow, so a drawing gives it a box of its own; others join the box that they read from.
   */
  readonly ownBox?: true;
  /** What people call it; its kind in lower case unless stated. */
  readonly called?: string;
}

export interface OperatorDefinition<K extends OperatorKind> {
  readonly kind: K;
  readonly traits?: OperatorTraits;
  /** How many inputs, from the first on, may not be left out; 1 unless stated. */
  readonly requiredInputs?: number;
  /** Shapes of the outputs, in order. Throws `shape-mismatch` naming the node. */
  infer(node: NodeOf<K>, inputs: Known<Shape>): readonly Shape[];
  /** Without it, differentiation stops with an error that names operator and node. */
  readonly differentiate?: DifferentiationRule<K>;
  /** Multiply-accumulates of the whole batch; absent where by convention none are counted. */
  readonly macs?: (node: NodeOf<K>, inputs: Known<Shape>, outputs: Known<Shape>) => number;
  /** Absent for operators that no ONNX file contains. */
  readonly read?: (source: OnnxNode) => ReadNode<K>;
  /** Writes the node for export. Absent for operators that exist only after differentiation. */
  readonly write?: (
    node: NodeOf<K>,
    builder: OnnxBuilder,
    shapeOf: (value: string) => Shape,
  ) => void;
}

export function shapeMismatch(
  node: Pick<Node, 'kind' | 'name'>,
  shapes: readonly Shape[],
  rule: string,
  hint = 'Check the model and the shape of its inputs.',
): WorkbenchError {
  return new WorkbenchError(
    'shape-mismatch',
    `${node.kind} node "${node.name}" got ${shapes.map(formatShape).join(' and ')}: ${rule}.`,
    hint,
    { node: node.name },
  );
}

export function unsupportedAttribute(source: OnnxNode, what: string): WorkbenchError {
  return new WorkbenchError(
    'unsupported-operator',
    `${source.opType} node "${source.name}" uses ${what}, which is not supported.`,
    'Export the model without it, or score a model that does not need it.',
  );
}
