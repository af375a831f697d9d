/** Nodes of an ONNX file one after the other, as nodes of a graph; constants and shapes on the way. */
import { WorkbenchError } from '../../errors.ts';
import type { Node, Shape } from '../graph.ts';
import { inferNode } from '../infer-shapes.ts';
import type { OperatorKind } from '../operators/attributes.ts';
import { definitionOf, operators } from '../operators/index.ts';
import { expandSplit } from '../operators/moving.ts';
import { expandGroupNormalization } from '../operators/normalisation.ts';
import {
  unsupportedAttribute,
  type ExpandedNode,
  type ExpansionContext,
  type OperatorDefinition,
} from '../operators/operator.ts';
import { resize } from '../operators/resize.ts';
import { elements } from '../shape.ts';
import { foldConstant } from './fold.ts';
import { OnnxNode, type OnnxTensor } from './node.ts';
import { readAttribute, readTensor, type IAttributeProto, type INodeProto } from './tensor.ts';

type Expansion = (source: OnnxNode, context: ExpansionContext) => readonly ExpandedNode[];

const passedThrough: Expansion = (source) => [
  {
    kind: 'Identity',
    inputs: source.inputs.slice(0, 1),
    outputs: source.outputs.slice(0, 1),
    attributes: {},
  },
];

/** Operators of ONNX that the product has under another name or in parts. */
const expansions: Readonly<Record<string, Expansion>> = {
  Split: expandSplit,
  GroupNormalization: expandGroupNormalization,
  Dropout: passedThrough,
  Cast(source, context) {
    const toFloat = source.int('to', 1) === 1;
    if (!toFloat) throw unsupportedAttribute(source, `to=${source.int('to', 1)}`);
    return passedThrough(source, context);
  },
  /** Opset 9's name for Resize. */
  Upsample(source) {
    if (!resize.read) return [];
    const { inputs, attributes } = resize.read(source);
    return [{ kind: 'Resize', inputs, outputs: source.outputs, attributes }];
  },
};

export class NodeReader {
  readonly nodes: Node[] = [];
  readonly shapes = new Map<string, Shape>();
  private readonly label: string;
  private readonly opset: number;
  private readonly constants: Map<string, OnnxTensor>;
  /** Another name of a constant -> its own: exporters share weights through Identity. */
  private readonly aliases = new Map<string, string>();

  constructor(source: { label: string; opset: number; constants: Map<string, OnnxTensor> }) {
    this.label = source.label;
    this.opset = source.opset;
    this.constants = source.constants;
    for (const [name, { shape }] of this.constants) this.shapes.set(name, shape);
  }

  /** The name under which a value is known. */
  resolved(name: string): string {
    return this.aliases.get(name) ?? name;
  }

  /** @throws WorkbenchError `unsupported-operator`, `shape-mismatch`, `onnx-malformed`. */
  read(proto: INodeProto, name: string): void {
    const opType = proto.opType ?? '';
    const source = new OnnxNode({
      name,
      opType,
      opset: this.opset,
      inputs: (proto.input ?? []).map((input) => this.resolved(input)),
      outputs: proto.output ?? [],
      attributes: new Map(
        (proto.attribute ?? []).map((attribute: IAttributeProto) => [
          attribute.name ?? '',
          readAttribute(attribute),
        ]),
      ),
      constants: this.constants,
    });
    const foreign = proto.domain != null && proto.domain !== '' && proto.domain !== 'ai.onnx';
    if (foreign) throw unsupported(`${proto.domain}.${opType}`, name);
    if (this.takeConstant(source, proto)) return;
    for (const node of this.translated(source)) {
      this.nodes.push(node);
      // Without the sizes of the input nothing can be inferred, and nothing has to be yet.
      if (node.inputs.every((input) => input === '' || this.shapes.has(input))) {
        inferNode(node, this.shapes);
      }
    }
  }

  /** True where the node is a constant and needs no place in the graph. */
  private takeConstant(source: OnnxNode, proto: INodeProto): boolean {
    const [output] = source.outputs;
    if (source.opType === 'Constant') {
      this.addConstant(output, this.constantValue(source, proto));
      return true;
    }
    const [input] = source.inputs;
    if (
      (source.opType === 'Identity' || source.opType === 'Dropout') &&
      this.constants.has(input)
    ) {
      this.aliases.set(output, input);
      return true;
    }
    const folded = foldConstant(source, (value) => this.shapes.get(value));
    if (!folded) return false;
    this.addConstant(output, folded);
    return true;
  }

  private constantValue(source: OnnxNode, proto: INodeProto): OnnxTensor {
    const value = proto.attribute?.find((attribute) => attribute.name === 'value');
    if (value?.t) return readTensor({ ...value.t, name: source.outputs[0] }, this.label);
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

  private addConstant(name: string, tensor: OnnxTensor): void {
    this.constants.set(name, tensor);
    this.shapes.set(name, tensor.shape);
  }

  private translated(source: OnnxNode): readonly Node[] {
    const { name, opType, outputs } = source;
    if (Object.hasOwn(expansions, opType)) {
      const nodes = expansions[opType](source, this.expansionContext(source));
      const named = (node: ExpandedNode, i: number) =>
        ({ ...node, name: nodes.length === 1 ? name : `${name}.${i}` }) as Node;
      return nodes.map(named);
    }
    const definition = readableOperator(opType);
    if (!definition?.read) throw unsupported(opType, name);
    const { inputs, attributes } = definition.read(source);
    const node = {
      kind: definition.kind,
      name,
      inputs: trimmed(inputs),
      outputs: outputs.slice(0, 1),
      attributes,
    };
    return [node as unknown as Node];
  }

  private expansionContext(source: OnnxNode): ExpansionContext {
    return {
      shapeOf: (value) => {
        const shape = this.shapes.get(value);
        if (shape) return shape;
        throw unsupportedAttribute(source, 'an input of unknown size');
      },
      constant: (shape, value) => {
        const constant = `:constant${shape.join('x')}:${value}`;
        const data = new Float32Array(elements(shape)).fill(value);
        this.addConstant(constant, { shape, type: 'float32', data, integers: [] });
        return constant;
      },
    };
  }
}

/** Optional inputs at the end may be written as empty names. */
function trimmed(inputs: readonly string[]): readonly string[] {
  let length = inputs.length;
  while (length > 0 && inputs[length - 1] === '') length--;
  return inputs.slice(0, length);
}

function readableOperator(opType: string): OperatorDefinition<OperatorKind> | undefined {
  if (!Object.hasOwn(operators, opType)) return undefined;
  return definitionOf(opType as OperatorKind);
}

function unsupported(operator: string, name: string): WorkbenchError {
  const readable = Object.values(operators)
    .filter((definition) => definition.read)
    .map((definition): string => definition.kind);
  const known = [...readable, ...Object.keys(expansions), 'Constant'].sort();
  return new WorkbenchError(
    'unsupported-operator',
    `Operator ${operator} (node "${name}") is not supported.`,
    `Supported operators: ${known.join(', ')}.`,
  );
}
