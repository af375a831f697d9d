/** A node of an ONNX file with typed access to its attributes and constant inputs. */
import { WorkbenchError } from '../../errors.ts';

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'other' };

/** A constant tensor; int64 values are exact numbers (the reader refuses larger ones). */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int64';
  readonly data: Float32Array;
  /** Filled for integer tensors, which hold shapes, axes and pads. */
  readonly integers: readonly number[];
}

/** Floating-point types of ONNX: float, float16, double, bfloat16. All are computed in float32. */
export const floatTypes: ReadonlySet<number> = new Set([1, 10, 11, 16]);

/** Tells all numbers apart, 0 and -0 as well. */
export const numberInWords = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`);

export class OnnxNode {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly opset: number;
  private readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  private readonly constants: ReadonlyMap<string, OnnxTensor>;

  constructor(source: {
    name: string;
    opType: string;
    inputs: readonly string[];
    outputs: readonly string[];
    opset: number;
    attributes: ReadonlyMap<string, OnnxAttribute>;
    constants: ReadonlyMap<string, OnnxTensor>;
  }) {
    this.name = source.name;
    this.opType = source.opType;
    this.inputs = source.inputs;
    this.outputs = source.outputs;
    this.opset = source.opset;
    this.attributes = source.attributes;
    this.constants = source.constants;
  }

  /** The same node with other attributes and inputs. */
  changed(to: {
    readonly ints?: Readonly<Record<string, readonly number[]>>;
    readonly strings?: Readonly<Record<string, string>>;
    readonly inputs?: readonly string[];
  }): OnnxNode {
    const { name, opType, outputs, opset, constants } = this;
    const attributes = new Map(this.attributes);
    for (const [key, value] of Object.entries(to.ints ?? {}))
      attributes.set(key, { kind: 'ints', value });
    for (const [key, value] of Object.entries(to.strings ?? {})) {
      attributes.set(key, { kind: 'string', value });
    }
    const inputs = to.inputs ?? this.inputs;
    return new OnnxNode({ name, opType, outputs, opset, constants, inputs, attributes });
  }

  has(name: string): boolean {
    return this.attributes.has(name);
  }

  int(name: string, fallback: number): number {
    return this.typed(name, 'int') ?? fallback;
  }

  float(name: string, fallback: number): number {
    return this.typed(name, 'float') ?? fallback;
  }

  string(name: string, fallback: string): string {
    return this.typed(name, 'string') ?? fallback;
  }

  ints(name: string): readonly number[] | undefined {
    return this.typed(name, 'ints');
  }

  floats(name: string): readonly number[] | undefined {
    return this.typed(name, 'floats');
  }

  tensor(name: string): OnnxTensor | undefined {
    return this.typed(name, 'tensor');
  }

  /** All attributes as text, alike for nodes that have the same. */
  attributesInWords(): string {
    const sorted = [...this.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(sorted, (_key, value: unknown) =>
      typeof value === 'number' ? numberInWords(value) : value,
    );
  }

  /** A constant input of either type, or undefined where the input is absent or computed. */
  constantTensor(index: number): OnnxTensor | undefined {
    return this.constants.get(this.inputs[index] ?? '');
  }

  /** The floats of a constant input, or undefined where the input is absent. */
  constantFloats(index: number): Float32Array | undefined {
    return this.constant(index, 'float32')?.data;
  }

  /** The integers of a constant input (axes, pads, shape), or undefined where the input is absent. */
  constantIntegers(index: number): readonly number[] | undefined {
    return this.constant(index, 'int64')?.integers;
  }

  /** The single float of a constant input, or undefined where the input is absent. */
  constantFloat(index: number): number | undefined {
    return this.constantFloats(index)?.[0];
  }

  private constant(index: number, type: OnnxTensor['type']): OnnxTensor | undefined {
    const name = this.inputs[index];
    if (!name) return undefined;
    const tensor = this.constants.get(name);
    if (!tensor || tensor.type !== type) {
      throw new WorkbenchError(
        'unsupported-operator',
        `${this.opType} node "${this.name}" takes its input ${index} ("${name}") from the network; only constants are supported there.`,
        'Export the model with static shapes (constant folding on).',
      );
    }
    return tensor;
  }

  private typed<K extends OnnxAttribute['kind']>(
    name: string,
    kind: K,
  ): (Extract<OnnxAttribute, { kind: K }> & { value: unknown })['value'] | undefined {
    const attribute = this.attributes.get(name);
    if (!attribute) return undefined;
    if (attribute.kind !== kind) {
      throw new WorkbenchError(
        'onnx-malformed',
        `Attribute ${name} of ${this.opType} node "${this.name}" is of type ${attribute.kind}, not ${kind}.`,
        'The file is damaged or was not written by an ONNX exporter. Export it again.',
      );
    }
    return (attribute as Extract<OnnxAttribute, { kind: K }> & { value: unknown }).value as never;
  }
}
