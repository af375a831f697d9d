/**
 * Which values of a file are true or false. They are computed with as 1 and 0, so that nothing but where they come
 * from tells them from numbers, and attention hides places by the ones and adds the others.
 */
import type { OnnxNode } from './node.ts';

const booleanType = 9;

const tellers = new Set([
  ...['Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal'],
  ...['And', 'Or', 'Xor', 'Not', 'IsNaN', 'IsInf'],
]);
/** What they give is of the kind of their first input. */
const passing = new Set([
  ...['Identity', 'Dropout', 'Reshape', 'Flatten', 'Transpose', 'Squeeze', 'Unsqueeze', 'Expand'],
  ...['Tile', 'Concat', 'Split', 'Slice', 'Gather', 'GatherElements', 'GatherND', 'Pad'],
  ...['ScatterND', 'ScatterElements', 'ReduceMax', 'ReduceMin', 'Trilu'],
  ...['DepthToSpace', 'SpaceToDepth'],
]);

export class Truths {
  private readonly computed = new Set<string>();
  private readonly isConstant: (value: string) => boolean;

  /** @param isConstant whether a value is a constant that is true or false */
  constructor(isConstant: (value: string) => boolean) {
    this.isConstant = isConstant;
  }

  has(value: string): boolean {
    return this.computed.has(value) || this.isConstant(value);
  }

  /** Nodes are to be read in the order in which they are computed. */
  read(source: OnnxNode): void {
    if (this.told(source)) for (const output of source.outputs) this.computed.add(output);
  }

  private told(source: OnnxNode): boolean {
    const { opType, inputs } = source;
    const is = (place: number) => this.has(inputs[place] ?? '');
    if (opType === 'Cast') return source.int('to', 1) === booleanType;
    if (opType === 'CastLike') return is(1);
    if (opType === 'Where') return is(1) || is(2);
    return tellers.has(opType) || (passing.has(opType) && is(0));
  }
}
