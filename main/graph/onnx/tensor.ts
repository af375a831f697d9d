/** Tensors and attributes of an ONNX file as plain values. */
import onnxProto from 'onnx-proto';
import { WorkbenchError } from '../../errors.ts';
import { fromBfloat16, fromFloat16 } from '../../common/half-precision.ts';
import { elements } from '../shape.ts';
import type { OnnxAttribute, OnnxTensor } from './node.ts';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;

export type IAttributeProto = onnxProto.onnx.IAttributeProto;
export type INodeProto = onnxProto.onnx.INodeProto;
export type IModelProto = onnxProto.onnx.IModelProto;

/**
 * Reads that many bytes of a file next to the model, into memory of their own. The location is as written in
 * the model; the implementation refuses any that leads out of the model's folder.
 */
export type ExternalData = (location: string, offset: number, length: number) => Uint8Array;

/** As ONNX calls it, in small letters: `uint8`. */
export const dataTypeName = (type: number | null | undefined): string =>
  Object.entries(DataType)
    .find(([, value]) => Number(value) === (type ?? 0))?.[0]
    .toLowerCase() ?? String(type);

/** Bytes per value in a file; other types are not read. */
const bytesOf: ReadonlyMap<number, number> = new Map([
  [DataType.FLOAT, 4],
  [DataType.DOUBLE, 8],
  [DataType.INT64, 8],
  [DataType.INT32, 4],
  [DataType.FLOAT16, 2],
  [DataType.BFLOAT16, 2],
  [DataType.BOOL, 1],
]);

/**
 * Reads tensors of floating-point numbers, int32, int64 and bool, raw, typed or in another file. All
 * floating-point numbers become float32.
 * @throws WorkbenchError `onnx-malformed` where values are missing, `unsupported-tensor` otherwise.
 */
export function readTensor(
  tensor: onnxProto.onnx.ITensorProto,
  label: string,
  external?: ExternalData,
): OnnxTensor {
  const name = tensor.name ?? '';
  const shape = (tensor.dims ?? []).map(Number);
  const count = elements(shape);
  if (shape.some((size) => size < 0) || !Number.isSafeInteger(count)) {
    throw malformed(name, label, 'has an impossible shape');
  }
  const size = bytesOf.get(tensor.dataType ?? 0);
  if (size === undefined) throw unsupportedType(tensor, label);
  const isExternal = tensor.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL;
  const values = tensorValues(
    isExternal
      ? { ...tensor, rawData: externalBytes(tensor, count * size, label, external) }
      : tensor,
    count,
  );
  if (values === null) throw unsupportedType(tensor, label);
  if (values.length !== count) {
    throw malformed(name, label, `has ${values.length} values for a shape of ${count}`);
  }
  return values instanceof Float32Array
    ? { shape, type: 'float32', data: values, integers: [] }
    : { shape, type: 'int64', data: new Float32Array(0), integers: values };
}

const otherFloats = [
  [DataType.FLOAT16, 'float16'],
  [DataType.BFLOAT16, 'bfloat16'],
  [DataType.DOUBLE, 'float64'],
] as const;

/** What most of the floating-point numbers of a file are stored as; undefined for float32. */
export function storedFloats(tensors: readonly onnxProto.onnx.ITensorProto[]) {
  const numbersOf = (type: number) =>
    tensors.reduce(
      (sum, { dataType, dims }) =>
        dataType === type ? sum + elements((dims ?? []).map(Number)) : sum,
      0,
    );
  const all = [...otherFloats.map(([type]) => type), DataType.FLOAT].map(numbersOf);
  const most = Math.max(...all);
  return most > 0 ? otherFloats[all.lastIndexOf(most)]?.[1] : undefined;
}

const quantised: ReadonlySet<number> = new Set([DataType.INT8, DataType.UINT8]);

function unsupportedType({ name, dataType }: onnxProto.onnx.ITensorProto, label: string) {
  if (quantised.has(dataType ?? 0)) {
    return new WorkbenchError(
      'unsupported-tensor',
      `${label} is quantised: its tensor "${name ?? ''}" is stored in bytes, and computing with bytes gives no gradients.`,
      'Score the model from before it was quantised. Quantised models can be measured.',
    );
  }
  return new WorkbenchError(
    'unsupported-tensor',
    `The tensor "${name ?? ''}" of ${label} has the type ${dataTypeName(dataType)}; floating-point numbers, int32, int64 and booleans can be read.`,
    'Export the model in float32.',
  );
}

/** @param needed bytes of the tensor's shape: how much is read is known before anything is */
function externalBytes(
  tensor: onnxProto.onnx.ITensorProto,
  needed: number,
  label: string,
  external: ExternalData | undefined,
): Uint8Array {
  const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key, value]));
  const location = entries.get('location');
  if (!external || !location) {
    throw new WorkbenchError(
      'external-data',
      `The tensor "${tensor.name ?? ''}" of ${label} is stored in another file${location ? ` (${location})` : ''}.`,
      'Keep that file next to the model, or save the model as one file.',
    );
  }
  const length = entries.get('length');
  if (length && Number(length) !== needed) {
    throw malformed(
      tensor.name ?? '',
      label,
      `has ${length} bytes in ${location} for a shape of ${needed}`,
    );
  }
  return external(location, Number(entries.get('offset') ?? 0), needed);
}

/** Numbers too large for a double only mean "to the end", so it is enough that they remain large. */
function safeInteger(value: unknown): number {
  const number = Number(value);
  return Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

function tensorValues(
  tensor: onnxProto.onnx.ITensorProto,
  count: number,
): Float32Array | number[] | null {
  const raw = tensor.rawData?.length ? tensor.rawData : null;
  // Raw bytes inside the model's file are not aligned for typed arrays, and would keep the whole file in
  // memory.
  const own =
    raw !== null && raw.length === raw.buffer.byteLength ? raw : new Uint8Array(raw ?? []);
  const bytes = own.buffer;
  const fits = (size: number) => raw !== null && raw.length === count * size;
  switch (tensor.dataType) {
    case DataType.FLOAT:
      if (!raw) return Float32Array.from(tensor.floatData ?? []);
      return fits(4) ? new Float32Array(bytes) : new Float32Array(0);
    case DataType.DOUBLE:
      if (!raw) return Float32Array.from(tensor.doubleData ?? []);
      return fits(8) ? Float32Array.from(new Float64Array(bytes)) : new Float32Array(0);
    case DataType.FLOAT16:
    case DataType.BFLOAT16: {
      // Outside of raw bytes the bits of each number are in an integer.
      if (raw && !fits(2)) return new Float32Array(0);
      const halves = raw ? new Uint16Array(bytes) : Uint16Array.from(tensor.int32Data ?? []);
      const widened = tensor.dataType === DataType.FLOAT16 ? fromFloat16 : fromBfloat16;
      return Float32Array.from(halves, widened);
    }
    case DataType.INT64:
      if (!raw) return (tensor.int64Data ?? []).map(safeInteger);
      return fits(8) ? Array.from(new BigInt64Array(bytes), safeInteger) : [];
    case DataType.INT32:
      if (!raw) return (tensor.int32Data ?? []).map(Number);
      return fits(4) ? Array.from(new Int32Array(bytes)) : [];
    case DataType.BOOL:
      if (!raw) return (tensor.int32Data ?? []).map(Number);
      return raw.length === count ? Array.from(raw) : [];
    default:
      return null;
  }
}

function malformed(name: string, label: string, what: string): WorkbenchError {
  return new WorkbenchError(
    'onnx-malformed',
    `The tensor "${name}" of ${label} ${what}.`,
    'The file is damaged. Export it again.',
  );
}

export function readAttribute(
  attribute: IAttributeProto,
  label: string,
  external?: ExternalData,
): OnnxAttribute {
  const { AttributeType } = onnx.AttributeProto;
  switch (attribute.type) {
    case AttributeType.INT:
      return { kind: 'int', value: Number(attribute.i ?? 0) };
    case AttributeType.FLOAT:
      return { kind: 'float', value: attribute.f ?? 0 };
    case AttributeType.STRING:
      return { kind: 'string', value: new TextDecoder().decode(attribute.s ?? new Uint8Array()) };
    case AttributeType.INTS:
      return { kind: 'ints', value: (attribute.ints ?? []).map(safeInteger) };
    case AttributeType.FLOATS:
      return { kind: 'floats', value: attribute.floats ?? [] };
    case AttributeType.TENSOR:
      return attribute.t
        ? { kind: 'tensor', value: readTensor(named(attribute.t, attribute), label, external) }
        : { kind: 'other' };
    default:
      return { kind: 'other' };
  }
}

/** What nodes hold has mostly no name of its own, by which it could be refused. */
const named = (tensor: onnxProto.onnx.ITensorProto, { name }: IAttributeProto) => ({
  ...tensor,
  name: tensor.name || name,
});

/** Attributes of nodes that are made while a file is read. */
export function integerAttributes(
  values: Readonly<Record<string, number | readonly number[]>>,
): IAttributeProto[] {
  const { INT, INTS } = onnx.AttributeProto.AttributeType;
  return Object.entries(values).map(([name, value]) =>
    typeof value === 'number'
      ? { name, type: INT, i: value }
      : { name, type: INTS, ints: [...value] },
  );
}
