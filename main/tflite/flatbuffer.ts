/** A TensorFlow Lite network as the bytes of a .tflite file. Source: schema.fbs, schema version 3. */
import { Builder } from 'flatbuffers';
import type { Operator, Quantisation, Tensor, TfliteModel } from './model.ts';
import { builtin, elementTypes, type Builtin, type Options } from './schema.ts';

const identifier = 'TFL3';
const schemaVersion = 3;
/** Runtimes read weights in place, and their fastest loads need this alignment. */
const dataAlignment = 16;
/** Operators with a larger number store it in a wider field, and this value in the narrow one. */
const widestFormerCode = 127;

/** @param description names the program that wrote the file */
export function encodeTflite(model: TfliteModel, description: string): Uint8Array {
  const bytes = model.tensors.reduce((sum, { data }) => sum + (data?.byteLength ?? 0), 0);
  const builder = new SharingBuilder(bytes + 2 ** 16);
  const kinds = [...new Set(model.operators.map(({ kind }) => kind))];
  // Buffer 0 is empty and stands for computed tensors. Equal constants are written once.
  const places = new Map<Tensor['data'], number>();
  const buffers = [table(builder, 0, () => undefined)];
  for (const { data } of model.tensors) {
    if (!data || places.has(data)) continue;
    places.set(data, buffers.length);
    buffers.push(encodeBuffer(builder, data));
  }
  const ends = new Set([...model.inputs, ...model.outputs]);
  const tensors = model.tensors.map((tensor, i) => {
    // Names can take more room than small weights, so only inputs and outputs, which people address by name, have one.
    const name = ends.has(i) ? tensor.name : '';
    return encodeTensor(builder, { ...tensor, name }, tensor.data ? places.get(tensor.data)! : 0);
  });
  const operators = model.operators.map((operator) =>
    encodeOperator(builder, operator, kinds.indexOf(operator.kind)),
  );
  const graphParts = [
    offsets(builder, tensors),
    int32s(builder, model.inputs),
    int32s(builder, model.outputs),
    offsets(builder, operators),
    builder.createString(model.name),
  ];
  const graph = table(builder, graphParts.length, () =>
    graphParts.forEach((part, slot) => builder.addFieldOffset(slot, part, 0)),
  );
  const codes = offsets(
    builder,
    kinds.map((kind) => encodeOperatorCode(builder, kind)),
  );
  const graphs = offsets(builder, [graph]);
  const words = builder.createString(description);
  const written = offsets(builder, buffers);
  const root = table(builder, 5, () => {
    builder.addFieldInt32(0, schemaVersion, 0);
    builder.addFieldOffset(1, codes, 0);
    builder.addFieldOffset(2, graphs, 0);
    builder.addFieldOffset(3, words, 0);
    builder.addFieldOffset(4, written, 0);
  });
  builder.finish(root, identifier);
  return builder.asUint8Array();
}

/** Writes equal vectors and tables only once: shapes, options, scales. */
class SharingBuilder extends Builder {
  readonly #written = new Map<string, number>();

  once(key: string, write: () => number): number {
    let place = this.#written.get(key);
    if (place === undefined) {
      place = write();
      this.#written.set(key, place);
    }
    return place;
  }
}

function table(builder: Builder, fields: number, fill: () => void): number {
  builder.startObject(fields);
  fill();
  return builder.endObject();
}

function offsets(builder: Builder, values: readonly number[]): number {
  builder.startVector(4, values.length, 4);
  for (const value of values.toReversed()) builder.addOffset(value);
  return builder.endVector();
}

function int32s(builder: SharingBuilder, values: readonly number[]): number {
  return builder.once(`int32s ${values.join()}`, () => {
    builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) builder.addInt32(value);
    return builder.endVector();
  });
}

function encodeBuffer(builder: Builder, data: NonNullable<Tensor['data']>): number {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  builder.prep(dataAlignment, bytes.length);
  const vector = builder.createByteVector(bytes);
  return table(builder, 1, () => builder.addFieldOffset(0, vector, 0));
}

function encodeOperatorCode(builder: Builder, kind: Builtin): number {
  const code = builtin[kind];
  return table(builder, 4, () => {
    builder.addFieldInt8(0, Math.min(code, widestFormerCode), 0);
    builder.addFieldInt32(2, 1, 0);
    builder.addFieldInt32(3, code, 0);
  });
}

function encodeTensor(builder: SharingBuilder, tensor: Tensor, buffer: number): number {
  const shape = int32s(builder, tensor.shape);
  const name = builder.createSharedString(tensor.name);
  const quantisation = tensor.quantisation ? encodeQuantisation(builder, tensor.quantisation) : 0;
  return table(builder, 5, () => {
    builder.addFieldOffset(0, shape, 0);
    builder.addFieldInt8(1, elementTypes[tensor.type].code, 0);
    builder.addFieldInt32(2, buffer, 0);
    builder.addFieldOffset(3, name, 0);
    builder.addFieldOffset(4, quantisation, 0);
  });
}

function encodeQuantisation(
  builder: SharingBuilder,
  { scales, zeroPoint, axis }: Quantisation,
): number {
  return builder.once(`quantisation ${zeroPoint} ${axis} ${scales.join()}`, () => {
    builder.startVector(4, scales.length, 4);
    for (const scale of scales.toReversed()) builder.addFloat32(scale);
    const scaleVector = builder.endVector();
    const zeroVector = builder.once(`zeros ${zeroPoint} ${scales.length}`, () => {
      builder.startVector(8, scales.length, 8);
      for (let i = 0; i < scales.length; i++) builder.addInt64(BigInt(zeroPoint));
      return builder.endVector();
    });
    return table(builder, 7, () => {
      builder.addFieldOffset(2, scaleVector, 0);
      builder.addFieldOffset(3, zeroVector, 0);
      builder.addFieldInt32(6, axis, 0);
    });
  });
}

function encodeOperator(builder: SharingBuilder, operator: Operator, code: number): number {
  const inputs = int32s(builder, operator.inputs);
  const outputs = int32s(builder, operator.outputs);
  const { options } = operator;
  const written = options
    ? builder.once(`options ${JSON.stringify(options)}`, () => encodeOptions(builder, options))
    : 0;
  return table(builder, 5, () => {
    builder.addFieldInt32(0, code, 0);
    builder.addFieldOffset(1, inputs, 0);
    builder.addFieldOffset(2, outputs, 0);
    if (options) {
      builder.addFieldInt8(3, options.table, 0);
      builder.addFieldOffset(4, written, 0);
    }
  });
}

function encodeOptions(builder: SharingBuilder, { fields }: Options): number {
  const vectors = fields.map(([, kind, value]) => (kind === 'int32s' ? int32s(builder, value) : 0));
  const slots = fields.reduce((most, [slot]) => Math.max(most, slot + 1), 0);
  return table(builder, slots, () => {
    fields.forEach((field, i) => {
      const [slot, kind, value] = field;
      // Defaults are written too: what a field's absence means differs between tables.
      if (kind === 'int32s') builder.addFieldOffset(slot, vectors[i]!, 0);
      else if (kind === 'bool') builder.addFieldInt8(slot, Number(value), -1);
      else if (kind === 'int8') builder.addFieldInt8(slot, value, -128);
      else if (kind === 'int32') builder.addFieldInt32(slot, value, -(2 ** 31));
      else builder.addFieldFloat32(slot, value, NaN);
    });
  });
}
