/**
 * Lists of values, as PyTorch's exporter of today writes `split` and `chunk`: taken apart by SplitToSequence, whose
 * parts SequenceAt picks out. Nothing is left of the list itself.
 */
import { unsupportedAttribute } from '../operators/operator.ts';
import type { Shape } from '../shape.ts';
import type { OnnxNode } from './node.ts';
import { integerAttributes, type INodeProto } from './tensor.ts';

/** Nodes that stand in place of one, and the value that its output is another name of. */
export interface LookedThrough {
  readonly nodes: readonly INodeProto[];
  readonly same: string | null;
}

export class Sequences {
  /** Name of a list -> names of its values. */
  private readonly parts = new Map<string, readonly string[]>();

  /**
   * Null for a node that has nothing to do with lists.
   * @throws WorkbenchError `unsupported-operator` where a list's length or place is not known
   */
  read(source: OnnxNode, shapeOf: (value: string) => Shape | undefined): LookedThrough | null {
    const [first = ''] = source.inputs;
    const output = source.outputs[0]!;
    if (source.opType === 'SequenceConstruct') {
      this.parts.set(output, source.inputs);
      return { nodes: [], same: null };
    }
    if (source.opType === 'SplitToSequence') return this.split(source, shapeOf(first));
    const parts = this.parts.get(first);
    if (!parts) return null;
    if (source.opType === 'ConcatFromSequence' && source.int('new_axis', 0) === 0) {
      const attribute = integerAttributes({ axis: source.int('axis', 0) });
      const joined = { opType: 'Concat', name: source.name, input: [...parts] };
      const whole = `${output}:whole`;
      return { nodes: [{ ...joined, output: [whole], attribute }], same: whole };
    }
    const place = source.opType === 'SequenceAt' ? source.constantIntegers(1)?.[0] : undefined;
    const value = place === undefined ? undefined : parts.at(place);
    if (value === undefined)
      throw unsupportedAttribute(source, 'a place in a list that is not known');
    return { nodes: [], same: value };
  }

  private split(source: OnnxNode, shape: Shape | undefined): LookedThrough {
    const axis = source.int('axis', 0);
    const size = shape?.at(axis);
    const given = source.inputs[1] ? source.constantIntegers(1) : undefined;
    const isList = source.constantTensor(1)?.shape.length === 1;
    if (size === undefined || (source.inputs[1] && !given)) {
      throw unsupportedAttribute(source, 'parts of unknown sizes');
    }
    const each = given?.[0] ?? 1;
    const sizes =
      given && isList
        ? given
        : Array.from({ length: Math.ceil(size / each) }, (_, i) => Math.min(each, size - i * each));
    const output = source.outputs[0]!;
    const names = sizes.map((_, i) => `${output}:${i}`);
    const alone = given === undefined && source.int('keepdims', 1) === 0;
    const kept = alone ? names.map((name) => `${name}:kept`) : names;
    this.parts.set(output, names);
    const split: INodeProto = {
      ...{ opType: 'Split', name: source.name, input: [source.inputs[0]!], output: kept },
      attribute: integerAttributes({ axis, split: sizes }),
    };
    const squeezes = names.map((name, i): INodeProto => {
      const attribute = integerAttributes({ axes: [axis] });
      const what = { opType: 'Squeeze', name: `${source.name}.squeeze${i}` };
      return { ...what, input: [kept[i]!], output: [name], attribute };
    });
    return { nodes: [split, ...(alone ? squeezes : [])], same: null };
  }
}
