/**
 * How operators of ONNX are read: as they are, by another name, put together from others, or taken apart.
 */
import type { OperatorKind } from '../operators/attributes.ts';
import {
  composedInputs,
  composedOperators,
  Composition,
  expandComposed,
} from '../operators/composed.ts';
import { expandAttention } from '../operators/attention.ts';
import { expandCol2Im } from '../operators/col2im.ts';
import { expandEinsum } from '../operators/einsum.ts';
import { definitionOf, operators } from '../operators/index.ts';
import { expandSoftmax } from '../operators/matmul.ts';
import { expandDepthToSpace, expandSpaceToDepth, expandTranspose } from '../operators/moving.ts';
import { expandGroupNormalization } from '../operators/normalisation.ts';
import {
  unsupportedAttribute,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from '../operators/operator.ts';
import { expandCumSum, expandPad, expandTile } from '../operators/padding.ts';
import { expandResize, resize } from '../operators/resize.ts';
import { expandGatherNd, expandScatterNd } from '../operators/scattering.ts';
import { expandSplit } from '../operators/selecting.ts';
import { expandWindowed } from '../operators/windows.ts';
import { floatTypes, type OnnxNode } from './node.ts';

type Expansion = (source: OnnxNode, context: ExpansionContext) => readonly ExpandedNode[];

const passedThrough = (source: OnnxNode): readonly ExpandedNode[] => [
  {
    kind: 'Identity',
    inputs: source.inputs.slice(0, 1),
    outputs: source.outputs.slice(0, 1),
    attributes: {},
  },
];

const windowed: Expansion = (source, context) =>
  expandWindowed(source, context, (node) => readableOperator(node.opType)!.read!(node));

/** A shape that is computed from images. */
const refusedFill: Expansion = (source) => {
  throw unsupportedAttribute(source, 'a shape that is not constant');
};

/** ONNX operators that the product knows by another name, or takes apart. */
const expansions: Readonly<Record<string, Expansion>> = {
  Split: expandSplit,
  ...Object.fromEntries(composedOperators.map((name) => [name, expandComposed])),
  Conv: windowed,
  ConvTranspose: windowed,
  AveragePool: windowed,
  MaxPool: windowed,
  Resize: expandResize,
  ConstantOfShape: refusedFill,
  Einsum: expandEinsum,
  Attention: expandAttention,
  Pad: expandPad,
  Tile: expandTile,
  CumSum: expandCumSum,
  Col2Im: expandCol2Im,
  Softmax: expandSoftmax,
  LogSoftmax: expandSoftmax,
  Transpose: expandTranspose,
  DepthToSpace: expandDepthToSpace,
  SpaceToDepth: expandSpaceToDepth,
  GatherND: expandGatherNd,
  ScatterND: expandScatterNd,
  GroupNormalization: expandGroupNormalization,
  Dropout: passedThrough,
  Cast: expandCast,
  CastLike: passedThrough,
  /** Opset 9's name for Resize. */
  Upsample(source) {
    if (!resize.read) return [];
    const { inputs, attributes } = resize.read(source);
    return [{ kind: 'Resize', inputs, outputs: source.outputs.slice(0, 1), attributes }];
  },
};

const booleanType = 9;

/** Truth is computed with as 1 and 0. */
function expandCast(source: OnnxNode, context: ExpansionContext): readonly ExpandedNode[] {
  const to = source.int('to', 1);
  if (floatTypes.has(to)) return passedThrough(source);
  if (to !== booleanType) throw unsupportedAttribute(source, `to=${to}`);
  const compose = new Composition(source, context);
  const x = context.asFloats(source.inputs[0]!);
  const zero = compose.op('EqualMask', [x, compose.number(0)], {});
  return compose.ending(compose.minus(1, zero));
}

/** How to take an operator apart; undefined where it is read as it is, or not at all. */
export function expansionOf(opType: string): Expansion | undefined {
  return Object.hasOwn(expansions, opType) ? expansions[opType] : undefined;
}

/** How many inputs, from the first on, a file has to give an operator. */
export function requiredInputs(opType: string): number {
  if (opType === 'Constant') return 0;
  if (['GroupNormalization', 'ScatterND', 'Attention', 'Col2Im'].includes(opType)) return 3;
  if (opType === 'GatherND') return 2;
  if (Object.hasOwn(composedInputs, opType)) return composedInputs[opType]!;
  return readableOperator(opType)?.requiredInputs ?? 1;
}

/** The operator of this name in a graph, whether or not files have it. */
export function readableOperator(opType: string): OperatorDefinition<OperatorKind> | undefined {
  if (!Object.hasOwn(operators, opType)) return undefined;
  return definitionOf(opType as OperatorKind);
}

/** Names of the ONNX operators that can be read, in the order of the alphabet. */
export function readableOperators(): readonly string[] {
  const kinds = Object.values(operators)
    .filter((definition) => definition.read)
    .map((definition): string => definition.kind);
  return [
    ...new Set([...kinds, ...Object.keys(expansions), 'Constant', 'If', 'Shape', 'Size']),
  ].sort();
}
